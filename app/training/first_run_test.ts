import { assert, assertEquals, assertLess } from "@std/assert";
import type { EpochRow } from "@unet/train";
import { train } from "./train.ts";

/** The rows of a training on drawn images, with the defaults but for its size. */
async function firstRun(seed: number): Promise<readonly EpochRow[]> {
  const folder = await Deno.makeTempDir({ prefix: "unet-first-" });
  try {
    const { rows } = await train({
      ...{ out: `${folder}/run`, seed, width: 0.125, tile: 64, epochs: 4 },
      ...{ device: "wasm", workers: 0 },
    }, { isOffline: true });
    return rows;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** How far the validation loss ever was above the epoch before. */
function largestRise(rows: readonly EpochRow[]): number {
  return Math.max(
    ...rows.slice(1).map(({ validationLoss }, at) =>
      validationLoss - rows[at]!.validationLoss
    ),
  );
}

for (const seed of [0, 1, 2]) {
  Deno.test(`a first run on drawn images learns calmly (seed ${seed})`, async () => {
    const rows = await firstRun(seed);
    assertEquals(rows.length, 4);
    assert(rows.every(({ validationLoss }) => Number.isFinite(validationLoss)));
    assertLess(largestRise(rows), 0.2);
    assertLess(rows.at(-1)!.validationLoss, rows[0]!.validationLoss);
  });
}
