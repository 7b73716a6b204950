import { assertEquals } from "@std/assert";
import masks from "../fixtures/masks.json" with { type: "json" };
import { paletteOfGif } from "./index_gif.ts";

const { file, palette } = masks.find(({ name }) => name === "GIF")!;
const gif = Uint8Array.fromBase64(file);
const headerBytes = 13, descriptorBytes = 10;
const tableBytes = 3 * palette!.length;
const header = gif.subarray(0, headerBytes);
const table = gif.subarray(headerBytes, headerBytes + tableBytes);
const frame = gif.subarray(headerBytes + tableBytes);

function joined(...parts: Iterable<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("paletteOfGif() gives the file's colors, or those of the first frame if it has its own", () => {
  assertEquals(paletteOfGif(gif), palette);
  const local = frame.slice(0, descriptorBytes);
  local[9] = header[10]!;
  const rest = frame.subarray(descriptorBytes);
  const plain = header.slice();
  plain[10] = 0;
  assertEquals(paletteOfGif(joined(plain, local, table, rest)), palette);
  const others = table.map((channel) => 255 - channel);
  const control = [0x21, 0xf9, 4, 1, 0, 0, 2, 0];
  assertEquals(
    paletteOfGif(joined(header, others, control, local, table, rest)),
    palette,
  );
});

Deno.test("paletteOfGif() gives no more colors than the bytes have", () => {
  for (let length = 0; length <= gif.length; length++) {
    const colors = paletteOfGif(gif.subarray(0, length));
    const whole = Math.floor(Math.max(0, length - headerBytes) / 3);
    assertEquals(colors, palette!.slice(0, whole), `${length} bytes`);
  }
});
