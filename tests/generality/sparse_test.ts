import { assert } from "@std/assert";
import {
  cacheSamples,
  createLoader,
  type Sample,
  synthesize,
  unlabeled,
} from "@unet/data";
import { openDevice } from "@unet/device";
import { createModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { objectTask } from "@unet/task";
import { adam, constant, evaluate, lossOfHeads, Trainer } from "@unet/train";

const size = 64, task = objectTask({ loss: "bce+dice", borderWeight: 0.1 });

/** The same with a tenth of the pixels labeled, here and there. */
function sparse({ labels, ...sample }: Sample, number: number): Sample {
  const random = createRandom(6, number);
  const data = labels.data.map((own) => random.next() < 0.1 ? own : unlabeled);
  return { ...sample, labels: { ...labels, data } };
}

/** The same with background where nothing is labeled, as a naive reader has it. */
function naive({ labels, ...sample }: Sample): Sample {
  const data = labels.data.map((own) => own === unlabeled ? 0 : own);
  return { ...sample, labels: { ...labels, data } };
}

/** F1 and recall on whole labels after training on some labels. */
async function scoresAfter(
  some: readonly Sample[],
  whole: readonly Sample[],
  isSparse: boolean,
): Promise<{ f1: number; recall: number }> {
  const folder = await Deno.makeTempDir();
  using stack = new DisposableStack();
  const loader = async (samples: readonly Sample[], shuffle: boolean) => {
    const made = createLoader({
      cases: await cacheSamples(samples, { folder }),
      ...{ size, batchSize: 4, seed: 0, workers: 0, shuffle },
      targets: [
        { head: "object", target: "object" },
        { head: "border", target: "border" },
      ],
    });
    stack.defer(() => made.close());
    return made;
  };
  const device = await openDevice("wasm");
  const model = createModel({ width: 0.125, task }, createRandom(1));
  const loss = lossOfHeads(task.heads, { isSparse });
  const optimizer = adam();
  const validation = await loader(whole, false);
  await new Trainer({
    ...{ optimizer, loss, model, device, epochs: 20, batchNormBatches: 2 },
    trainDataloader: await loader(some, true),
    testDataloader: validation,
    scheduler: constant({ learningRate: 0.01 }),
  }).fit();
  const { scores } = await evaluate(model, validation, { loss });
  model.dispose();
  optimizer.dispose();
  await device.close();
  await Deno.remove(folder, { recursive: true });
  return scores;
}

Deno.test("objects are learned from a tenth of the labels, and what is not labeled is no background", async () => {
  const drawn = synthesize({ count: 24, width: size, height: size, seed: 2 });
  const samples = await Array.fromAsync(drawn);
  const train = samples.slice(0, 18).map(sparse), whole = samples.slice(18);
  const right = await scoresAfter(train, whole, true);
  assert(right.f1 > 0.6, JSON.stringify(right));
  const wrong = await scoresAfter(train.map(naive), whole, false);
  assert(wrong.recall < 0.5 * right.recall, JSON.stringify(wrong));
});
