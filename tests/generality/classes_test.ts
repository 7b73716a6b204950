import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { cacheSamples, createLoader, type Sample, unlabeled } from "@unet/data";
import { openDevice } from "@unet/device";
import { planeOf, predictorOf, segmentImage } from "@unet/infer";
import { createModel, decodeModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { classTask } from "@unet/task";
import {
  adam,
  constant,
  type EpochRow,
  lossOfHeads,
  Trainer,
} from "@unet/train";

const classes = ["background", "dark", "bright"];
const size = 64;

/** Squares of two shades; half of the pixels' classes are not given. */
function draw(count: number): Sample[] {
  return Array.from({ length: count }, (_, number) => {
    const random = createRandom(5, number);
    const pixels = new Uint8Array(size * size * 3).fill(20);
    const data = new Uint32Array(size * size);
    for (let square = 0; square < 4; square++) {
      const left = 4 + 32 * (square % 2) + random.integer(0, 8);
      const top = 4 + 32 * Math.floor(square / 2) + random.integer(0, 8);
      const own = 1 + square % 2;
      for (let y = top; y < top + 16; y++) {
        for (let x = left; x < left + 16; x++) {
          const at = y * size + x;
          data[at] = own;
          pixels.fill(own === 1 ? 110 : 230, 3 * at, 3 * at + 3);
        }
      }
    }
    const shape = { width: size, height: size };
    return {
      id: `drawn-${number}`,
      image: { ...shape, channels: 3, depth: 8, data: pixels } as const,
      labels: { ...shape, data },
    };
  });
}

/** The same with half of the pixels, here and there, without a class. */
function sparse({ labels, ...sample }: Sample, number: number): Sample {
  const random = createRandom(6, number);
  const data = labels.data.map((one) => random.next() < 0.5 ? unlabeled : one);
  return { ...sample, labels: { ...labels, data } };
}

Deno.test("a task of classes is learned from half of the pixels, and scored by class", async () => {
  const folder = await Deno.makeTempDir();
  const device = await openDevice("wasm");
  using stack = new DisposableStack();
  const task = classTask({ classes, classWeights: [0.5, 1, 1] });
  const samples = draw(24).map(sparse), [whole] = draw(1);
  const cases = await cacheSamples(samples, { folder });
  const [train, test] = [cases.slice(0, 20), cases.slice(20)].map((some) =>
    createLoader({
      ...{ cases: some, size, batchSize: 4, seed: 0, workers: 0 },
      targets: [{
        ...{ head: "classes", channels: 3, target: "classes" },
        options: { classes: 3 },
      }],
    })
  );
  stack.defer(() => [train!, test!].forEach((loader) => loader.close()));
  const model = createModel({ width: 0.1, task }, createRandom(1));
  const optimizer = adam(), rows: EpochRow[] = [];
  await new Trainer({
    optimizer,
    loss: lossOfHeads(task.heads),
    model,
    trainDataloader: train!,
    testDataloader: test!,
    epochs: 20,
    device,
    scheduler: constant({ learningRate: 0.01 }),
    batchNormBatches: 2,
    onEpoch: ({ row }) => void rows.push(row),
  }).fit();
  const last = rows.at(-1)!;
  assert(last.darkF1! > 0.8 && last.brightF1! > 0.8, JSON.stringify(last));
  assertAlmostEquals(last.f1, (last.darkF1! + last.brightF1!) / 2, 1e-12);
  assert(last.darkIou! <= last.darkF1! && last.darkIou! > 0.6);
  assert(!Object.hasOwn(last, "backgroundF1"));

  const bytes = new Uint8Array(
    await new Blob(await encodeModel(model)).arrayBuffer(),
  );
  assertEquals(decodeModel(bytes, "model").plan.task, task);
  // Also the pixels between, whose classes training never saw.
  const planes = await segmentImage(whole!.image, predictorOf(model));
  const shares = planeOf(planes, "classes");
  const right = whole!.labels.data.filter((own, at) => {
    const pixel = [...shares.subarray(3 * at, 3 * at + 3)];
    return pixel.indexOf(Math.max(...pixel)) === own;
  });
  assert(right.length > 0.9 * size * size, `${right.length} pixels are right`);
  model.dispose();
  optimizer.dispose();
  await device.close();
  await Deno.remove(folder, { recursive: true });
});
