import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
} from "@std/assert";
import { learningPlan } from "../fixtures/tiny.ts";
import { type Training, trainOn } from "../fixtures/train_on.ts";

const plain: Training = {
  device: "wasm",
  plan: { ...learningPlan, network: "vgg16", batchNorm: false },
  loss: "bce",
  epochs: 10,
  tiles: 20,
  batchSize: 4,
};

function assertSameLosses(
  found: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  assertEquals(found.length, expected.length);
  const far = expected.map((loss, step) => Math.abs(found[step]! / loss - 1));
  assert(Math.max(...far) <= tolerance, `relative errors ${far.join(" ")}`);
}

for (const [device, loss] of [["wasm", "bce"], ["cpu", "bce+dice"]] as const) {
  Deno.test(`two ranks on ${device} make the 50 steps with ${loss} that one makes, to 1e-5`, async () => {
    const training = { ...plain, device, loss };
    const [alone] = await trainOn(1, training);
    const [first, second] = await trainOn(2, training);
    assertEquals(alone!.losses.length, 50);
    assertSameLosses(first!.losses, alone!.losses, 1e-5);
    assertEquals(second!.losses, first!.losses);
    assertEquals(second!.weights, first!.weights);
    assertEquals(second!.state, first!.state);
    first!.state.rows.forEach((row, i) => {
      const expected = alone!.state.rows[i]!;
      assertAlmostEquals(row.validationLoss, expected.validationLoss, 1e-5);
      assertAlmostEquals(row.f1, expected.f1, 1e-3);
    });
  });
}

/** Batches of 4, 4 and 1: the last one leaves two of three ranks without. */
const uneven: Training = { ...plain, epochs: 2, tiles: 9 };

const normalized: Training = { ...uneven, plan: learningPlan };

Deno.test("ranks without a tile in a small last batch change nothing", async () => {
  const [alone] = await trainOn(1, uneven);
  const [first] = await trainOn(3, uneven);
  assertSameLosses(first!.losses, alone!.losses, 1e-5);
  const [row, expected] = [first, alone].map((each) =>
    each!.state.rows.at(-1)!
  );
  assertAlmostEquals(row!.validationLoss, expected!.validationLoss, 1e-5);
});

Deno.test("with synchronized batch norm two ranks make the steps that one makes, as far as rounding lets it", async () => {
  const training = { ...normalized, tiles: 16, batchSize: 8, epochs: 3 };
  const [alone] = await trainOn(1, training);
  const [first] = await trainOn(2, { ...training, syncBatchNorm: true });
  assertSameLosses(first!.losses, alone!.losses, 1e-5);
});

Deno.test("ranks with their own batch norm keep the same running statistics, averaged", async () => {
  const training = { ...normalized, batchNormBatches: 2 };
  const [alone] = await trainOn(1, training);
  const [first, second] = await trainOn(2, training);
  assertEquals(second!.weights, first!.weights);
  assertEquals(second!.state, first!.state);
  const names = Object.keys(first!.weights).filter((name) =>
    name.endsWith("running_var")
  );
  assert(names.length > 0);
  // Statistics of two tiles are others than those of four.
  assertNotEquals(first!.weights[names[0]!], alone!.weights[names[0]!]);
});

Deno.test("two ranks make the same bits twice, whenever sums begin, and only one of them saves", async () => {
  const training = { ...normalized, optimizer: "adam" } as const;
  const [first, second] = await trainOn(2, training);
  const [again] = await trainOn(2, training);
  assertEquals(again, first);
  const [inTheEnd] = await trainOn(2, { ...training, overlap: false });
  assertEquals(inTheEnd, first);
  assertEquals([first!.saved > 0, second!.saved], [true, 0]);
});

Deno.test("when one rank is asked to end, all end after the same step", async () => {
  const [first, second] = await trainOn(2, plain, {
    own: (rank) => ({ ...(rank === 1 && { endAfter: 7 }) }),
  });
  assertEquals([first!.losses.length, second!.losses.length], [7, 7]);
  assertEquals(first!.state, second!.state);
  assertEquals(first!.saved, 4);
});
