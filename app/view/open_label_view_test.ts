import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "@unet/data";
import { FileError } from "@unet/errors";
import { LabelTiff } from "@unet/infer/outputs";
import { openLabelView } from "./open_label_view.ts";

/** A mask of 700×600 in which each square of 50 pixels is an object. */
const width = 700, height = 600;
const labelOf = (x: number, y: number): number =>
  x < 0 || y < 0 || x >= width || y >= height
    ? 0
    : 70_000 + Math.floor(y / 50) * 14 + Math.floor(x / 50);

async function savedLabels(): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".tif" });
  await using tiff = await LabelTiff.open(path, { width, height });
  await tiff.writeRows(
    Uint32Array.from(
      { length: width * height },
      (_, at) => labelOf(at % width, Math.floor(at / width)),
    ),
  );
  await tiff.finish();
  return path;
}

Deno.test("openLabelView() gives tiles with what lies around them", async () => {
  const path = await savedLabels();
  await using view = await openLabelView(path);
  for (const [x, y] of [[0, 0], [1, 0], [1, 1]] as const) {
    const tile = await view.tile({ level: 0, x, y });
    for (let at = 0; at < tile.data.length; at++) {
      const column = at % tile.width - 1, row = Math.floor(at / tile.width) - 1;
      const expected = labelOf(x * 512 + column, y * 512 + row);
      if (tile.data[at] !== expected) {
        assertEquals([x, y, column, row, tile.data[at]], [
          ...[x, y, column, row, expected],
        ]);
      }
    }
  }
  assertEquals(await view.labelAt(699, 599), labelOf(699, 599));
  await Deno.remove(path);
});

Deno.test("openLabelView() takes the nearest label at lower levels", async () => {
  const path = await savedLabels();
  await using view = await openLabelView(path);
  const tile = await view.tile({ level: 1, x: 0, y: 0 });
  assertEquals([tile.width, tile.height], [352, 302]);
  const at = (x: number, y: number) => tile.data[(y + 1) * 352 + x + 1];
  assertEquals(at(0, 0), labelOf(1, 1));
  assertEquals(at(349, 299), labelOf(699, 599));
  assertEquals([at(-1, 5), at(350, 5), at(5, -1), at(5, 300)], [0, 0, 0, 0]);
  await Deno.remove(path);
});

Deno.test("openLabelView() separates the parts of a mask of black and white", async () => {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  const data = new Uint8Array([255, 0, 255, 255, 0, 0]);
  await Deno.writeFile(
    path,
    await encodePng({ width: 6, height: 1, channels: 1, depth: 8, data }),
  );
  await using view = await openLabelView(path);
  const { data: labels } = await view.tile({ level: 0, x: 0, y: 0 });
  assertEquals([...labels.subarray(8, 16)], [0, 1, 0, 2, 2, 0, 0, 0]);
  await assertRejects(() => view.labelAt(6, 0), RangeError);
  await Deno.remove(path);
});

Deno.test("openLabelView() refuses tiles that are not there, and other files", async () => {
  const path = await savedLabels();
  await using view = await openLabelView(path);
  await assertRejects(() => view.tile({ level: 2, x: 0, y: 0 }), RangeError);
  await assertRejects(() => view.tile({ level: 0, x: 2, y: 0 }), RangeError);
  await Deno.writeTextFile(path, "no mask");
  await assertRejects(() => openLabelView(path), FileError);
  await Deno.remove(path);
});

Deno.test("openLabelView() gives the numbers of a class map, of which no part is an object of its own", async () => {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  const data = new Uint8Array([127, 0, 127, 127, 0, 0]);
  const mask = { width: 6, height: 1, channels: 1, depth: 8, data } as const;
  await Deno.writeFile(path, await encodePng(mask));
  await using view = await openLabelView(path, { isMap: true });
  const { width, data: labels } = await view.tile({ level: 0, x: 0, y: 0 });
  assertEquals([...labels.subarray(width + 1, 2 * width - 1)], [...data]);
  await Deno.remove(path);
});
