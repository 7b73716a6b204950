import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { estimateBatch } from "./progress.ts";

Deno.test("estimateBatch() knows no time left before anything is done, or in the first second", () => {
  assertEquals(
    estimateBatch({ bytesDone: 0, bytes: 9, pixelsDone: 0, seconds: 5 }),
    { share: 0, megapixelsPerSecond: 0 },
  );
  assertEquals(
    estimateBatch({ bytesDone: 3, bytes: 9, pixelsDone: 1e6, seconds: 0.5 }),
    { share: 1 / 3, megapixelsPerSecond: 2 },
  );
});

Deno.test("estimateBatch() has nothing left at the end, and for no files", () => {
  for (const bytes of [0, 7]) {
    assertEquals(
      estimateBatch({ bytesDone: bytes, bytes, pixelsDone: 0, seconds: 0 }),
      { share: 1, megapixelsPerSecond: 0, secondsLeft: 0 },
    );
  }
});

Deno.test("estimateBatch() is right at any moment of an even pace", () => {
  const amount = fc.integer({ min: 1, max: 1e9 });
  fc.assert(fc.property(
    amount,
    fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    fc.integer({ min: 200, max: 1e6 }),
    (bytes, share, whole) => {
      const estimate = estimateBatch({
        bytesDone: bytes * share,
        bytes,
        pixelsDone: 2e6 * whole * share,
        seconds: whole * share,
      });
      const close = (found: number, expected: number): void =>
        assert(Math.abs(found / expected - 1) < 1e-9, `${found}, ${expected}`);
      close(estimate.megapixelsPerSecond, 2);
      close(estimate.secondsLeft!, whole * (1 - share));
    },
  ));
});

Deno.test("estimateBatch() stays in its range when a file grew or shrank", () => {
  const { share, secondsLeft } = estimateBatch({
    ...{ bytesDone: 12, bytes: 9, pixelsDone: 1, seconds: 5 },
  });
  assertEquals([share, secondsLeft], [1, 0]);
});
