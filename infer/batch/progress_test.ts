import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { estimateBatch } from "./progress.ts";

const begun = {
  ...{ pixelsDone: 0, pixelsOpen: 9e6, imagesOpened: 1, imagesLeft: 4 },
  seconds: 5,
};

Deno.test("estimateBatch() knows no time left before the first pixel, or in the first second", () => {
  assertEquals(estimateBatch(begun), { share: 0, megapixelsPerSecond: 0 });
  assertEquals(
    estimateBatch({
      ...begun,
      ...{ pixelsDone: 1e6, pixelsOpen: 1e6, imagesLeft: 0, seconds: 0.5 },
    }),
    { share: 0.5, megapixelsPerSecond: 2 },
  );
});

Deno.test("estimateBatch() has nothing left at the end, and for no files", () => {
  for (const pixelsDone of [0, 7]) {
    assertEquals(
      estimateBatch({
        ...{ pixelsDone, pixelsOpen: 0, imagesOpened: pixelsDone && 1 },
        ...{ imagesLeft: 0, seconds: 0 },
      }),
      { share: 1, megapixelsPerSecond: 0, secondsLeft: 0 },
    );
  }
});

Deno.test("estimateBatch() is right at any moment of an even pace", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 1e5 }),
    fc.integer({ min: 1, max: 1000 }),
    fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    fc.integer({ min: 200, max: 1e6 }),
    (pixels, images, share, whole) => {
      const done = pixels * images * share;
      const imagesOpened = Math.ceil(images * share);
      const estimate = estimateBatch({
        pixelsDone: done,
        pixelsOpen: imagesOpened * pixels - done,
        imagesOpened,
        imagesLeft: images - imagesOpened,
        seconds: whole * share,
      });
      const close = (found: number, expected: number): void =>
        assert(Math.abs(found / expected - 1) < 1e-9, `${found}, ${expected}`);
      close(estimate.share, share);
      close(estimate.secondsLeft!, whole * (1 - share));
      close(
        estimate.megapixelsPerSecond,
        pixels * images / whole / 1e6,
      );
    },
  ));
});

Deno.test("estimateBatch() counts the whole batch, not the image under way alone", () => {
  const { secondsLeft } = estimateBatch({
    ...{ pixelsDone: 1e6, pixelsOpen: 0, imagesOpened: 1, imagesLeft: 149 },
    seconds: 2,
  });
  assertEquals(secondsLeft, 298);
});
