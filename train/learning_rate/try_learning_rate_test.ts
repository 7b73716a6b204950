import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { DataLoader } from "@unet/data";
import { createRandom } from "@unet/random";
import {
  contentOf,
  learningPlan,
  tinyLoader,
  tinyModel,
} from "../fixtures/tiny.ts";
import { bceDiceLoss } from "../losses/bce_dice_loss.ts";
import { evaluate } from "../metrics/evaluate.ts";
import { adam } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import { trainStep } from "../train_step.ts";
import {
  hasLearned,
  type LearningRateTrial,
  tryLearningRate,
  type TryLearningRateOptions,
} from "./try_learning_rate.ts";

await tf.setBackend("cpu");

const loss = bceDiceLoss();

function tryOut(
  options: Partial<TryLearningRateOptions>,
): Promise<LearningRateTrial> {
  const model = options.model ?? tinyModel(learningPlan);
  return tryLearningRate({
    ...{ model, optimizer: adam(), loss, device: { name: "cpu" } },
    trainDataloader: tinyLoader(),
    testDataloader: tinyLoader(),
    ...{ learningRate: 0.03, steps: 16 },
    ...options,
  });
}

Deno.test("tryLearningRate() steps down a cosine from the rate, then validates", async () => {
  const [byHand, tried] = [tinyModel(), tinyModel()];
  const optimizer = sgd();
  let step = 0;
  for (const epoch of [0, 1]) {
    for await (const batch of tinyLoader().batches(epoch)) {
      if (step === 3) break;
      const learningRate = 0.1 * (1 + Math.cos(Math.PI * step / 3)) / 2;
      await trainStep(batch, {
        ...{ model: byHand, optimizer, loss, rate: { learningRate } },
        random: createRandom(0),
      });
      step++;
    }
  }
  const { learningRate, evaluation } = await tryOut({
    ...{ model: tried, optimizer: sgd(), learningRate: 0.1, steps: 3 },
  });
  assertEquals(learningRate, 0.1);
  assertEquals(contentOf(tried), contentOf(byHand));
  assertEquals(evaluation, await evaluate(byHand, tinyLoader(), { loss }));
});

Deno.test("tryLearningRate() shows that a network learns at a rate that suits it", async () => {
  const model = tinyModel(learningPlan);
  const before = await evaluate(model, tinyLoader(), { loss });
  const trial = await tryOut({ model });
  assert(hasLearned(trial));
  assert(trial.evaluation!.loss < before.loss);
});

Deno.test("tryLearningRate() ends where a loss is not finite", async () => {
  const steps: number[] = [];
  const { evaluation } = await tryOut({
    model: tinyModel({ network: "vgg16", batchNorm: false }),
    ...{ optimizer: sgd(), learningRate: 1e20 },
    onStep: ({ batch }) => steps.push(batch),
  });
  assertEquals(evaluation, null);
  assert(steps.length < 16, `${steps.length}`);
});

Deno.test("tryLearningRate() gives the same for the same seed, another for another", async () => {
  const run = async (seed: number) => {
    const model = tinyModel({ dropout: 0.5 });
    await tryOut({ model, seed, steps: 3, batchNormBatches: 2 });
    return contentOf(model);
  };
  const one = await run(1);
  assertEquals(await run(1), one);
  assert(JSON.stringify(await run(2)) !== JSON.stringify(one));
});

Deno.test("tryLearningRate() leaves no tensor", async () => {
  const model = tinyModel(), before = tf.memory().numTensors;
  const run = async (): Promise<number> => {
    const optimizer = adam();
    await tryOut({ model, optimizer, batchNormBatches: 1, steps: 5 });
    optimizer.dispose();
    return tf.memory().numTensors - before;
  };
  // The kernels that the validation folded are the model's.
  assertEquals(await run(), await run());
});

Deno.test("tryLearningRate() passes on what the loader throws, and a defect", async () => {
  const reason = new Error("no such file");
  const broken: DataLoader = {
    ...tinyLoader(),
    async *batches() {
      yield await Promise.reject(reason);
    },
  };
  const error = await assertRejects(() => tryOut({ trainDataloader: broken }));
  assertEquals(error, reason);
  await assertRejects(() => tryOut({ steps: 0 }), RangeError);
});

Deno.test("tryLearningRate() throws the signal's reason", async () => {
  const controller = new AbortController(), reason = new Error("enough");
  const steps: number[] = [];
  const error = await assertRejects(() =>
    tryOut({
      signal: controller.signal,
      onStep: ({ batch }) => {
        steps.push(batch);
        if (batch === 2) controller.abort(reason);
      },
    })
  );
  assertEquals(error, reason);
  assertEquals(steps, [1, 2]);
});
