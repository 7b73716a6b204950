import { assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { memorySource } from "../images/byte_source.ts";
import { checkCzi } from "./check_czi.ts";

const whole = await Deno.readFile(
  new URL("fixtures/zeiss.czi", import.meta.url),
);

/** Where the directory's entry of the first piece has its axis X. */
const axis = (() => {
  const view = new DataView(whole.buffer);
  const directory = Number(view.getBigInt64(84, true));
  return directory + 160 + 32;
})();

function check(change: (view: DataView) => void): void {
  const bytes = whole.slice();
  change(new DataView(bytes.buffer));
  checkCzi("a.czi", memorySource(bytes));
}

Deno.test("checkCzi() passes a whole file", () => check(() => {}));

Deno.test("checkCzi() refuses a piece that is said to be stored larger than it is", () => {
  // OpenSlide 4.0.1 would take all memory for it.
  const error = assertThrows(
    () => check((view) => view.setInt32(axis + 16, 65535, true)),
    FileError,
    'Cannot read image "a.czi": found a damaged CZI (piece 0 at 0 of 48 pixels, stored as 65535), expected a complete file; get the file again',
  );
  if (!(error instanceof FileError)) throw error;
});

Deno.test("checkCzi() refuses sizes and places that no slide has", () => {
  for (
    const change of [
      (view: DataView) => view.setInt32(axis + 8, 0, true),
      (view: DataView) => view.setInt32(axis + 8, -48, true),
      (view: DataView) => view.setInt32(axis + 16, 0, true),
      (view: DataView) => view.setInt32(axis + 4, 2 ** 31 - 1, true),
      (view: DataView) => view.setInt32(axis + 4, -(2 ** 31), true),
    ]
  ) {
    assertThrows(() => check(change), FileError, "a damaged CZI (piece 0");
  }
});

Deno.test("checkCzi() refuses a piece that the file does not back", () => {
  assertThrows(
    () =>
      check((view) => {
        for (const at of [axis, axis + 20]) {
          view.setInt32(at + 8, 40000, true);
          view.setInt32(at + 16, 40000, true);
        }
      }),
    FileError,
    "of pixels in",
  );
});

Deno.test("checkCzi() leaves a file that ends early to OpenSlide", () => {
  for (let length = 0; length < whole.length; length += 997) {
    checkCzi("a.czi", memorySource(whole.subarray(0, length)));
  }
});
