import type { DataLoader } from "@unet/data";
import { cannot } from "@unet/errors";
import { checkSetting } from "../optimizers/check_setting.ts";

/**
 * A loader with a given number of batches, for trainings that are counted in
 * steps: it gives another loader's epoch 0, then its epoch 1, and so on, until
 * there are enough, and in each of its own epochs the same. Runs in a browser.
 *
 * @param loader The other loader; stays open when this one is closed.
 * @param length Batches per epoch, 1 or more.
 * @returns The loader. Its `tiles` are those of the other one's epoch.
 * @throws {RangeError} If `length` is out of range, or, when batches are taken,
 * if the other loader gives none.
 *
 * @example
 * ```ts
 * import { takeBatches } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const loader = {
 *   length: 2,
 *   tiles: 2,
 *   async *batches(epoch: number) {
 *     for (const name of ["first", "second"]) {
 *       yield await Promise.resolve({
 *         shape: [1, 1, 1] as const,
 *         x: new Float32Array(3),
 *         targets: { object: new Float32Array(1) },
 *         ids: [`${name} of ${epoch}`],
 *       });
 *     }
 *   },
 *   close() {},
 * };
 * const batches = await Array.fromAsync(takeBatches(loader, 3).batches(0));
 * assertEquals(batches.map(({ ids }) => ids[0]), [
 *   ...["first of 0", "second of 0"],
 *   "first of 1",
 * ]);
 * ```
 */
export function takeBatches(loader: DataLoader, length: number): DataLoader {
  checkSetting(
    ["loader", "length", length],
    Number.isSafeInteger(length) && length > 0,
    "a whole number from 1",
  );
  return {
    length,
    tiles: loader.tiles,
    async *batches(_, from = 0) {
      let taken = 0;
      for (let epoch = 0; taken < length; epoch++) {
        const before = taken;
        for await (const batch of loader.batches(epoch)) {
          if (taken++ >= from) yield batch;
          if (taken === length) return;
        }
        if (taken === before) throw noBatches(epoch);
      }
    },
    close() {},
  };
}

function noBatches(epoch: number): RangeError {
  return new RangeError(
    cannot("take", "batches of", "loader", {
      found: `none in epoch ${epoch}`,
      expected: "one or more",
    }),
  );
}
