import { assertEquals, assertThrows } from "@std/assert";
import { decodeImage, type Image, synthesize, toRgb8 } from "@unet/data";
import { jupyterDisplay, showImage, type Shown } from "./show_image.ts";

async function pictureOf(shown: Shown): Promise<Image> {
  const { "image/png": png = "", ...others } = await shown[jupyterDisplay]();
  assertEquals(others, {});
  return await decodeImage(Uint8Array.fromBase64(png), "shown.png");
}

const [{ image, labels } = { image: undefined, labels: undefined }] =
  synthesize({ count: 1, width: 90, height: 60, seed: 2 });

Deno.test("showImage() gives the image as a network sees it, as PNG", async () => {
  const picture = await pictureOf(showImage(image!));
  assertEquals(picture, toRgb8(image!));
});

Deno.test("showImage() draws each object in a color, inside and on its outline alone", async () => {
  const plain = await pictureOf(showImage(image!));
  const drawn = await pictureOf(showImage(image!, { labels: labels! }));
  const isChanged = (at: number): boolean =>
    [0, 1, 2].some((part) =>
      plain.data[3 * at + part] !== drawn.data[3 * at + part]
    );
  const inside = [...labels!.data.keys()].filter((at) => labels!.data[at]! > 0);
  assertEquals(inside.filter((at) => !isChanged(at)).length, 0);
  const isFar = (at: number): boolean =>
    [-91, -90, -89, -1, 0, 1, 89, 90, 91].every((step) =>
      (labels!.data[at + step] ?? 0) === 0
    );
  const far = [...labels!.data.keys()].filter(isFar);
  assertEquals(far.filter(isChanged).length, 0);
});

Deno.test("showImage() shrinks what is longer than the side", async () => {
  const { width, height } = await pictureOf(
    showImage(image!, { labels: labels!, side: 45 }),
  );
  assertEquals([width, height], [45, 30]);
});

Deno.test("showImage() refuses labels of another size, and no side", () => {
  const other = { width: 2, height: 1, data: new Uint32Array(2) };
  assertThrows(
    () => showImage(image!, { labels: other }),
    RangeError,
    "Cannot show image: found labels of 2×1, expected 90×60 as their image",
  );
  assertThrows(
    () => showImage(image!, { side: 0 }),
    RangeError,
    "Cannot show image: found side 0, expected a whole number from 1",
  );
});
