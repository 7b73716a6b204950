/**
 * Trains a network with a head of your own: besides objects it learns their
 * cores, so that touching objects can be counted. The ground truth is a function
 * in core_target.ts.
 *
 *     deno run -P=local examples/custom_head.ts 5
 */
import {
  adam,
  cacheSamples,
  constant,
  createLoader,
  createModel,
  createRandom,
  openDevice,
  synthesize,
  Trainer,
} from "@unet/unet";
import { type Head, objectTask, type Task } from "@unet/task";
import { lossOfHeads } from "@unet/train";

const { input, heads } = objectTask();
const core: Head = {
  ...{ name: "core", channels: 1, target: "core" },
  ...{ activation: "sigmoid", loss: "bce", weight: 0.5 } as const,
};
const task: Task = { input, heads: [...heads, core] };

const folder = await Deno.makeTempDir();
const device = await openDevice("auto");
const cases = await cacheSamples(
  synthesize({ count: 20, width: 64, height: 64, seed: 0 }),
  { folder },
);
const options = {
  ...{ size: 64, batchSize: 4, seed: 0 },
  targets: [{ head: "object", target: "object" }, {
    head: "core",
    target: { module: import.meta.resolve("./core_target.ts") },
  }],
};
await new Trainer({
  model: createModel({ width: 0.1, task }, createRandom(0)),
  loss: lossOfHeads(task.heads),
  optimizer: adam(),
  scheduler: constant({ learningRate: 0.003 }),
  trainDataloader: createLoader({ ...options, cases: cases.slice(4) }),
  testDataloader: createLoader({ ...options, cases: cases.slice(0, 4) }),
  epochs: Number(Deno.args[0] ?? 5),
  device,
  onEpoch: ({ row: { epoch, f1, coreF1 } }) =>
    console.log(`epoch ${epoch}: F1 ${f1}, of cores ${coreF1}`),
}).fit();
await device.close();
await Deno.remove(folder, { recursive: true });
