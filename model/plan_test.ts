import { objectTask, type Task } from "@unet/task";
import { assertEquals, assertThrows } from "@std/assert";
import { completePlan, imagenetNormalization, type ModelPlan } from "./plan.ts";
import { networkNames } from "./networks/networks.ts";

Deno.test("completePlan() gives the report's network when nothing is said", () => {
  assertEquals(completePlan(), {
    network: "vgg16_bn",
    width: 1,
    batchNorm: true,
    decoderChannels: [512, 256, 128, 64, 32],
    padding: "same",
    dropout: 0,
    freezeEncoder: false,
    freezeBatchNorm: false,
    task: objectTask(),
    normalization: {
      mean: [0.485, 0.456, 0.406],
      deviation: [0.229, 0.224, 0.225],
    },
  });
  assertEquals(completePlan().normalization, imagenetNormalization);
});

Deno.test("completePlan() keeps what is said, up to the ends of each range", () => {
  const plan: ModelPlan = {
    network: "vgg16",
    width: 4,
    batchNorm: false,
    decoderChannels: [4096, 1, 2, 3, 4],
    dropout: 0.999,
    padding: "same",
    freezeEncoder: true,
    freezeBatchNorm: true,
    task: objectTask({ borderWeight: 0.1 }),
    normalization: { mean: [0, -1, 2], deviation: [1, 1e-9, 255] },
  };
  assertEquals(completePlan(plan), plan);
});

/** Objects in images of so many channels. */
function withChannels(count: number): Task {
  const task = objectTask(), { input } = task;
  return {
    ...task,
    input: { ...input, channels: input.channels.slice(0, count) },
  };
}

/** So many classes under one softmax. */
function withClasses(channels: number): Task {
  const task = objectTask(), [head] = task.heads;
  return { ...task, heads: [{ ...head!, channels, activation: "softmax" }] };
}

const faults: [Record<string, unknown>, string][] = [
  [
    { network: "resnet" as "vgg16" },
    `setting "network": found "resnet", expected ${networkNames.join(", ")}`,
  ],
  [
    { network: null as unknown as "vgg16" },
    `setting "network": found null, expected ${networkNames.join(", ")}`,
  ],
  [
    { width: 0 },
    'setting "width": found 0, expected a number above 0 and up to 4',
  ],
  [
    { width: -1 },
    'setting "width": found -1, expected a number above 0 and up to 4',
  ],
  [
    { width: 4.01 },
    'setting "width": found 4.01, expected a number above 0 and up to 4',
  ],
  [
    { width: NaN },
    'setting "width": found NaN, expected a number above 0 and up to 4',
  ],
  [
    { width: "1" },
    'setting "width": found "1", expected a number above 0 and up to 4',
  ],
  [
    { width: undefined },
    'setting "width": found nothing, expected a number above 0 and up to 4',
  ],
  [
    { batchNorm: 1 },
    'setting "batchNorm": found 1, expected true or false',
  ],
  [
    { decoderChannels: [1, 2, 3, 4] },
    'setting "decoderChannels": found [1,2,3,4], expected five integers from 1 to 4096',
  ],
  [
    { decoderChannels: [1, 2, 3, 4, 0] },
    'setting "decoderChannels": found [1,2,3,4,0], expected five integers from 1 to 4096',
  ],
  [
    { decoderChannels: [1, 2, 3, 4, 4097] },
    'setting "decoderChannels": found [1,2,3,4,4097], expected five integers from 1 to 4096',
  ],
  [
    { decoderChannels: [1, 2, 3, 4, 5.5] },
    'setting "decoderChannels": found [1,2,3,4,5.5], expected five integers from 1 to 4096',
  ],
  [
    { decoderChannels: 512 },
    'setting "decoderChannels": found 512, expected five integers from 1 to 4096',
  ],
  [
    { decoderChannels: new Array(5) },
    'setting "decoderChannels": found [nothing,nothing,nothing,nothing,nothing], expected five integers from 1 to 4096',
  ],
  [
    { dropout: 1 },
    'setting "dropout": found 1, expected a number from 0 to below 1',
  ],
  [
    { dropout: -0.1 },
    'setting "dropout": found -0.1, expected a number from 0 to below 1',
  ],
  [
    { dropout: "0.5" },
    'setting "dropout": found "0.5", expected a number from 0 to below 1',
  ],
  [
    { freezeEncoder: "yes" },
    'setting "freezeEncoder": found "yes", expected true or false, or blocks from 1 to 5',
  ],
  [
    { freezeEncoder: 6 },
    'setting "freezeEncoder": found 6, expected true or false, or blocks from 1 to 5',
  ],
  [
    { network: "unet", freezeEncoder: 5 },
    'setting "freezeEncoder": found 5, expected true or false, or blocks from 1 to 4',
  ],
  [
    { freezeEncoder: 0 },
    'setting "freezeEncoder": found 0, expected true or false, or blocks from 1 to 5',
  ],
  [
    { normalization: null },
    'setting "normalization": found null, expected mean and deviation with a number per input channel, deviations above 0',
  ],
  [
    { normalization: { mean: [0, 0], deviation: [1, 1, 1] } },
    'setting "normalization": found {"mean":[0,0],"deviation":[1,1,1]}, expected mean and deviation with a number per input channel, deviations above 0',
  ],
  [
    { normalization: { mean: [0, 0, 0], deviation: [1, 0, 1] } },
    'setting "normalization": found {"mean":[0,0,0],"deviation":[1,0,1]}, expected mean and deviation with a number per input channel, deviations above 0',
  ],
  [
    { normalization: { mean: [0, 0, Infinity], deviation: [1, 1, 1] } },
    'setting "normalization": found {"mean":[0,0,Infinity],"deviation":[1,1,1]}, expected mean and deviation with a number per input channel, deviations above 0',
  ],
  [
    { widht: 0.5 },
    'setting "widht": found no such setting, expected network, width, batchNorm, decoderChannels, padding, dropout, freezeEncoder, freezeBatchNorm, task, normalization',
  ],
];

for (const [plan, message] of faults) {
  Deno.test(`completePlan() refuses ${Deno.inspect(plan)}`, () => {
    const error = assertThrows(
      () => completePlan(plan as Partial<ModelPlan>),
      RangeError,
    );
    assertEquals(error.message, `Cannot build model with ${message}`);
  });
}

Deno.test("completePlan() refuses tasks that are damaged, or that the network cannot learn", () => {
  const refused: [Record<string, unknown>, string][] = [
    [{ task: 5 }, 'Cannot use task with "task": found 5, expected an object'],
    [
      { task: { ...objectTask(), heads: [] } },
      'Cannot use task with "heads": found [], expected a list',
    ],
    [{ task: withChannels(1) }, "expected three input channels"],
    [
      { network: "unet", task: withClasses(2) },
      "expected three input channels, or normalization percentiles, and a first head of one channel with a sigmoid",
    ],
  ];
  for (const [plan, message] of refused) {
    assertThrows(
      () => completePlan(plan as Partial<ModelPlan>),
      RangeError,
      message,
    );
  }
  assertEquals(completePlan({ task: withClasses(3) }).task, withClasses(3));
});

Deno.test("completePlan() gives the Paper's network by the name unet", () => {
  const { batchNorm, decoderChannels, padding } = completePlan({
    network: "unet",
  });
  assertEquals([batchNorm, padding], [false, "valid"]);
  assertEquals(decoderChannels, [512, 256, 128, 64]);
  const padded = completePlan({
    network: "unet",
    padding: "same",
    batchNorm: true,
  });
  assertEquals([padded.batchNorm, padded.padding], [true, "same"]);
});

Deno.test("completePlan() refuses to do without padding where it cannot", () => {
  for (
    const plan of [{ padding: "valid" }, {
      network: "unet",
      batchNorm: true,
    }] as const
  ) {
    assertThrows(
      () => completePlan(plan),
      RangeError,
      'setting "padding": found "valid", expected same, or valid with unet and without batch norm',
    );
  }
});
