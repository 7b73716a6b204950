import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import {
  FileError,
  ModelError,
  TrainingError,
  type UnetError,
} from "@unet/errors";
import {
  decodeModel,
  type FloatTensor,
  floatValues,
  loadModel,
  type Model,
  parseSafetensors,
  serializeSafetensors,
} from "@unet/model";
import { createRandom } from "@unet/random";
import { adam } from "../optimizers/adam.ts";
import { adamw } from "../optimizers/adamw.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { objectTask, unknownLoss } from "@unet/task";
import {
  contentOf,
  filesIn,
  temporaryFolder,
  tinyModel,
} from "../fixtures/tiny.ts";
import { trained } from "../fixtures/trained.ts";
import type { EpochRow } from "./epoch_row.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { sgd } from "../optimizers/sgd.ts";
import { initialState, type TrainingState } from "./training_state.ts";

await tf.setBackend("cpu");

const names = ["model.safetensors", "optimizer.safetensors", "state.json"];

const row: EpochRow = {
  epoch: 1,
  step: 2,
  loss: 0.1 + 0.2,
  validationLoss: 1 / 3,
  f1: 0.9,
  f1PerImage: 0.8,
  iou: 0.7,
  precision: 0.6,
  recall: 0.5,
  learningRate: 1e-3,
  seconds: 12.5,
};

const middle: TrainingState = {
  epoch: 1,
  batch: 1,
  step: 3,
  lossSum: 0.1 * 3,
  seconds: 1.25,
  best: { epoch: 1, f1: 0.9 },
  rows: [row],
};

/** A checkpoint of three steps of Adam. */
let whole: Record<string, Uint8Array>;
/** Another training's parts, which a checkpoint is loaded into. */
let target: { model: Model; optimizer: Optimizer };
let before: Record<string, string>;

Deno.test.beforeAll(async () => {
  await using folder = await temporaryFolder();
  using source = await trained(adam(), 3);
  await saveCheckpoint(folder.path, source, middle);
  whole = await filesIn(folder.path);
  target = await trained(adam(), 1);
  before = contentOf(target.model, target.optimizer);
});

/** Loads a checkpoint of these files into {@linkcode target}. */
async function load(
  files: Record<string, Uint8Array | string>,
): Promise<TrainingState> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "last");
  await Deno.mkdir(path);
  for (const [name, content] of Object.entries(files)) {
    await (typeof content === "string"
      ? Deno.writeTextFile(join(path, name), content)
      : Deno.writeFile(join(path, name), content));
  }
  try {
    return await loadCheckpoint(path, target.model, target.optimizer);
  } catch (error) {
    // The temporary folder has another name each time.
    if (error instanceof Error) {
      error.message = error.message.replaceAll(path, "last");
    }
    throw error;
  }
}

/** Asserts that files are refused, and that nothing of them was taken. */
async function assertRefused(
  files: Record<string, Uint8Array | string>,
  message: string,
  ErrorClass?: new (message: string) => UnetError,
): Promise<void> {
  const tensors = tf.memory().numTensors;
  const error = await assertRejects(() => load(files), Error);
  assert(
    [FileError, ModelError, TrainingError].some((kind) =>
      error instanceof kind
    ),
    String(error.stack),
  );
  if (ErrorClass) assert(error instanceof ErrorClass, error.name);
  assertStringIncludes(error.message, message);
  assertEquals(contentOf(target.model, target.optimizer), before);
  assertEquals(tf.memory().numTensors, tensors);
}

/** The checkpoint with other tensors or metadata in one of its files. */
async function withTensors(
  name: string,
  change: (tensors: Map<string, FloatTensor>) => void,
  metadata: Record<string, string> = {},
): Promise<Record<string, Uint8Array>> {
  const file = parseSafetensors(whole[name]!, name);
  const tensors = new Map(
    [...file.tensors].map(([name, view]) => [name, {
      shape: view.shape,
      values: floatValues(view),
    }]),
  );
  change(tensors);
  const pieces = serializeSafetensors(tensors, {
    ...file.metadata,
    ...metadata,
  });
  return { ...whole, [name]: await new Blob(pieces).bytes() };
}

function withState(change: Record<string, unknown>): Record<
  string,
  Uint8Array | string
> {
  const state = JSON.parse(new TextDecoder().decode(whole["state.json"]));
  return { ...whole, "state.json": JSON.stringify({ ...state, ...change }) };
}

for (
  const [name, optimizer] of Object.entries({
    "sgd": sgd(),
    "sgd without momentum": sgd({ momentum: 0 }),
    "adam": adam(),
    "adamw": adamw(),
  })
) {
  Deno.test(`loadCheckpoint() gives back what saveCheckpoint() saved: ${name}`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "deep", "last");
    const tensors = tf.memory().numTensors;
    using source = await trained(optimizer, 2);
    const saved = contentOf(source.model, source.optimizer);
    await saveCheckpoint(path, source, middle);
    assertEquals(Object.keys(await filesIn(path)), names);
    assertEquals(contentOf(source.model, source.optimizer), saved);
    const model = tinyModel({}, 9);
    source.optimizer.dispose();
    const state = await loadCheckpoint(path, model, source.optimizer);
    assertEquals(state, middle);
    assertEquals(contentOf(model, source.optimizer), saved);
    source[Symbol.dispose]();
    model.dispose();
    assertEquals(tf.memory().numTensors, tensors);
  });
}

Deno.test("loadCheckpoint() gives back the row of epoch 0", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "last"), model = tinyModel();
  const start = {
    ...{ ...row, epoch: 0, step: 0, loss: null, learningRate: null },
  };
  const best = { epoch: 0, f1: start.f1 };
  for (
    const state of [
      { ...initialState, best, rows: [start] },
      { ...initialState, epoch: 1, step: 2, best, rows: [start, row] },
    ]
  ) {
    await saveCheckpoint(path, { model, optimizer: sgd() }, state);
    assertEquals(await loadCheckpoint(path, model, sgd()), state);
  }
  model.dispose();
});

Deno.test("loadCheckpoint() replaces a state that was there", async () => {
  await using folder = await temporaryFolder();
  using source = await trained(adam(), 2);
  const { model, optimizer } = source;
  await saveCheckpoint(folder.path, { model, optimizer }, middle);
  const saved = contentOf(model, optimizer);
  using other = await trained(adam(), 1);
  await loadCheckpoint(folder.path, other.model, other.optimizer);
  assertEquals(contentOf(other.model, other.optimizer), saved);
  using fresh = await trained(adam(), 0);
  await saveCheckpoint(folder.path, fresh, initialState);
  assertEquals(
    await loadCheckpoint(folder.path, model, optimizer),
    initialState,
  );
  assertEquals(contentOf(model, optimizer), contentOf(fresh.model));
});

Deno.test("saveCheckpoint() leaves a model that stands alone, with its step and scores", async () => {
  await using folder = await temporaryFolder();
  using source = await trained(sgd(), 1);
  await saveCheckpoint(folder.path, source, middle);
  const model = await loadModel(folder.path);
  assertEquals(model.plan, source.model.plan);
  assertEquals(contentOf(model), contentOf(source.model));
  model.dispose();
  const bytes = (await filesIn(folder.path))["model.safetensors"]!;
  const { seconds: _, ...metrics } = row;
  assertEquals(decodeModel(bytes, "x").card, { epoch: 1, step: 3, metrics });
});

Deno.test("saveCheckpoint() writes the same files of the same training, but for the time it took", async () => {
  await using folder = await temporaryFolder();
  using source = await trained(adam(), 1);
  const saved = [];
  for (const seconds of [1, 2]) {
    const rows = [{ ...row, seconds }];
    await saveCheckpoint(folder.path, source, {
      ...middle,
      rows,
    });
    saved.push(await filesIn(folder.path));
  }
  const [one, two] = saved as [typeof whole, typeof whole];
  for (const name of names.slice(0, 2)) assertEquals(two[name], one[name]);
  assertEquals(
    new TextDecoder().decode(two["state.json"])
      .replace('"seconds": 2', '"seconds": 1'),
    new TextDecoder().decode(one["state.json"]),
  );
});

for (const value of [NaN, Infinity, -Infinity]) {
  for (const name of ["head.weight", "encoder.features.1.running_var"]) {
    Deno.test(`saveCheckpoint() refuses ${value} in ${name} and keeps the old folder`, async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "last");
      using source = await trained(sgd(), 0);
      const { model, optimizer } = source;
      await saveCheckpoint(path, { model, optimizer }, initialState);
      const old = await filesIn(path);
      const weight = model.weights.get(name)!;
      tf.tidy(() => weight.assign(tf.fill(weight.shape, value)));
      const error = await assertRejects(
        () => saveCheckpoint(path, { model, optimizer }, middle),
        TrainingError,
      );
      assertStringIncludes(
        error.message,
        `found non-finite weights "${name}", `,
      );
      assertEquals(await filesIn(path), old);
      assertEquals([...Deno.readDirSync(folder.path)].length, 1);
    });
  }
}

for (const name of names) {
  Deno.test(`loadCheckpoint() refuses ${name} cut off anywhere, and takes nothing of it`, async () => {
    const file = whole[name]!, random = createRandom(file.length);
    // Without the line feed at its end, a state is whole.
    const end = name === "state.json" ? file.length - 2 : file.length - 1;
    const lengths = [0, 1, 7, 8, 9, end - 1, end];
    while (lengths.length < 30) lengths.push(random.integer(0, end));
    for (const length of lengths) {
      const cut = { ...whole, [name]: file.subarray(0, length) };
      await assertRefused(cut, join("last", name));
    }
  });

  Deno.test(`loadCheckpoint() refuses a checkpoint without ${name}`, async () => {
    const { [name]: _, ...rest } = whole;
    const message = `"${join("last", name)}": found no such file or folder`;
    await assertRefused(rest, message, FileError);
  });

  Deno.test(`loadCheckpoint() refuses flipped bytes in ${name}, or loads what they say, and nothing between`, async () => {
    const file = whole[name]!, random = createRandom(7);
    // A header is where a byte means something.
    const end = Math.min(file.length, 3000);
    let refused = 0;
    for (let attempt = 0; attempt < 40; attempt++) {
      const bytes = file.slice();
      const at = random.integer(0, end - 1);
      bytes[at] = bytes[at]! ^ (1 << random.integer(0, 7));
      const flipped = { ...whole, [name]: bytes };
      try {
        await load(flipped);
        const { model, optimizer } = target;
        target = await trained(adam(), 1);
        model.dispose();
        optimizer.dispose();
      } catch {
        await assertRefused(flipped, "");
        refused++;
      }
    }
    assertLess(20, refused);
  });
}

Deno.test("loadCheckpoint() refuses a place without a checkpoint", async () => {
  await using folder = await temporaryFolder();
  const { model, optimizer } = target;
  const path = join(folder.path, "last");
  const missing = await assertRejects(
    () => loadCheckpoint(path, model, optimizer),
    TrainingError,
  );
  assertEquals(
    missing.message,
    `Cannot resume training "${path}": found no checkpoint, expected a folder with state.json`,
  );
  await Deno.writeTextFile(path, "");
  await assertRejects(
    () => loadCheckpoint(path, model, optimizer),
    TrainingError,
    "found no checkpoint",
  );
  await assertRefused({}, "no such file or folder", FileError);
});

for (
  const [saved, loaded] of [
    [sgd(), adam()],
    [adam(), sgd()],
    [adam(), adamw()],
  ] as const
) {
  Deno.test(`loadCheckpoint() refuses the state of ${saved.name} for ${loaded.name}`, async () => {
    await using folder = await temporaryFolder();
    using source = await trained(saved, 1);
    await saveCheckpoint(
      folder.path,
      { model: source.model, optimizer: saved },
      middle,
    );
    using other = await trained(loaded, 1);
    const content = contentOf(other.model, loaded);
    const error = await assertRejects(
      () => loadCheckpoint(folder.path, other.model, loaded),
      TrainingError,
    );
    assertEquals(
      error.message,
      `Cannot resume training "${join(folder.path, names[1]!)}": found the ` +
        `state of optimizer "${saved.name}", expected that of "${loaded.name}"`,
    );
    assertEquals(contentOf(other.model, loaded), content);
  });
}

for (
  const [plan, found] of [
    [{ width: 0.03 }, "width 0.02, expected 0.03"],
    [{ network: "vgg16" }, 'network "vgg16_bn", expected "vgg16"'],
    [{ batchNorm: false }, "batchNorm true, expected false"],
    [
      { decoderChannels: [100, 100, 100, 100, 200] },
      "decoderChannels [100,100,100,100,100], expected [100,100,100,100,200]",
    ],
    [
      { normalization: { mean: [0, 0, 0], deviation: [1, 1, 1] } },
      "mean [0.485,0.456,0.406], expected [0,0,0]",
    ],
  ] as const
) {
  Deno.test(`loadCheckpoint() refuses a model of another ${Object.keys(plan)}`, async () => {
    await using folder = await temporaryFolder();
    using source = await trained(sgd(), 0);
    await saveCheckpoint(
      folder.path,
      { model: source.model, optimizer: sgd() },
      initialState,
    );
    const model = tinyModel(plan);
    const content = contentOf(model);
    const error = await assertRejects(
      () => loadCheckpoint(folder.path, model, sgd()),
      TrainingError,
    );
    assertEquals(
      error.message,
      `Cannot resume training "${join(folder.path, names[0]!)}": found a ` +
        `model with ${found}`,
    );
    assertEquals(contentOf(model), content);
    model.dispose();
  });
}

Deno.test("loadCheckpoint() takes a model of other dropout, with the encoder frozen, in any order of its plan", async () => {
  await using folder = await temporaryFolder();
  using source = await trained(sgd(), 1);
  await saveCheckpoint(folder.path, source, middle);
  const { mean, deviation } = source.model.plan.normalization;
  const model = tinyModel({
    normalization: { deviation, mean },
    freezeEncoder: true,
    dropout: 0.5,
  }, 9);
  const optimizer = sgd();
  await loadCheckpoint(folder.path, model, optimizer);
  assertEquals(
    contentOf(model, optimizer),
    contentOf(source.model, source.optimizer),
  );
  model.dispose();
  optimizer.dispose();
});

Deno.test("loadCheckpoint() takes a model whose file does not store its loss, and refuses one of another", async () => {
  await using folder = await temporaryFolder();
  const load = async (stored: string): Promise<void> => {
    const saved = tinyModel({ task: objectTask({ loss: stored }) });
    await saveCheckpoint(
      folder.path,
      { model: saved, optimizer: sgd() },
      initialState,
    );
    const model = tinyModel({ task: objectTask({ loss: "dice" }) }, 9);
    await loadCheckpoint(folder.path, model, sgd());
    assertEquals(contentOf(model), contentOf(saved));
    assertEquals(model.plan.task.heads[0]!.loss, "dice");
  };
  await load(unknownLoss);
  await load("dice");
  await assertRejects(() => load("bce"), TrainingError, '"loss":"bce"');
});

const [head, slots] = ["head.bias", ["mean", "square", "steps"]];

Deno.test("loadCheckpoint() refuses weights that belie their plan, and puts the optimizer back", async () => {
  const lacking = await withTensors(names[0]!, (all) => all.delete(head));
  await assertRefused(lacking, `${head} is missing`, ModelError);
  const misshapen = await withTensors(
    names[0]!,
    (all) => all.set(head, { shape: [2], values: new Float32Array(2) }),
  );
  await assertRefused(misshapen, `${head} is F32 [2], not [1]`, ModelError);
});

Deno.test("loadCheckpoint() refuses optimizer states of another model or rule", async () => {
  const one = { shape: [], values: new Float32Array([1]) };
  const cases: [(all: Map<string, FloatTensor>) => void, string][] = [
    [
      (all) => all.set("mean/other", one),
      'tensor "mean/other", F32 [], expected those of the model\'s weights',
    ],
    [(all) => all.set(head, one), "restore optimizer"],
    [(all) => all.set(`momentum/${head}`, one), "slots mean, square, steps"],
    [
      (all) =>
        all.set(`mean/${head}`, { shape: [2], values: new Float32Array(2) }),
      `tensor "mean/${head}", F32 [2], expected F32 [1]`,
    ],
    [
      (all) =>
        all.set(`steps/${head}`, { ...one, values: new Float32Array(1) }),
      `steps/${head} of 0, expected a whole number from 1`,
    ],
    ...slots.map((slot): typeof cases[number] => [
      (all) => all.delete(`${slot}/${head}`),
      `no ${slot}/${head}`,
    ]),
  ];
  for (const [change, message] of cases) {
    await assertRefused(
      await withTensors(names[1]!, change),
      message,
      TrainingError,
    );
  }
});

Deno.test("loadCheckpoint() refuses optimizer states of other numbers than float32", async () => {
  const file = whole[names[1]!]!;
  for (const [dtype, length] of [["F16", 2], ["I64", 8]] as const) {
    const header = JSON.stringify({
      __metadata__: parseSafetensors(file, "x").metadata,
      [`mean/${head}`]: { dtype, shape: [1], data_offsets: [0, length] },
    });
    const bytes = new Uint8Array(8 + header.length + length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    await assertRefused(
      { ...whole, [names[1]!]: bytes },
      `tensor "mean/${head}", ${dtype} [1], expected F32 [1]`,
      TrainingError,
    );
  }
});

Deno.test("loadCheckpoint() refuses files of different checkpoints", async () => {
  await using folder = await temporaryFolder();
  using source = await trained(adam(), 1);
  await saveCheckpoint(folder.path, source, {
    ...initialState,
    batch: 1,
    step: 1,
  });
  const earlier = await filesIn(folder.path);
  for (const name of names.slice(0, 2)) {
    await assertRefused(
      { ...whole, [name]: earlier[name]! },
      `"${join("last", name)}": found step 1, expected 3, as state.json`,
      TrainingError,
    );
  }
  await assertRefused(
    { ...whole, "state.json": earlier["state.json"]! },
    "found step 3, expected 1, as state.json",
    TrainingError,
  );
});

const { f1: _, ...incomplete } = row;
for (
  const change of [
    { formatVersion: 2 },
    { epoch: "1" },
    { epoch: -1 },
    { epoch: 1.5 },
    { batch: [1] },
    { step: 2 ** 53 },
    { lossSum: null },
    { seconds: {} },
    { best: undefined },
    { best: 1 },
    { best: { epoch: 1 } },
    { best: { epoch: "1", f1: 0.9 } },
    { rows: null },
    { rows: [null] },
    { rows: [incomplete] },
    { rows: [{ ...row, f1: "0.9" }] },
    { rows: [] },
    { rows: [row, row] },
    { rows: [{ ...row, epoch: 2 }] },
    { rows: [{ ...row, loss: null }] },
    { rows: [{ ...row, epoch: 0, loss: null, learningRate: null }] },
    { rows: [{ ...row, epoch: 0 }, row] },
  ]
) {
  Deno.test(`loadCheckpoint() refuses a state with ${Deno.inspect(change, { breakLength: Infinity }).slice(0, 60)}`, async () => {
    await assertRefused(
      withState(change),
      `Cannot resume training "${join("last", "state.json")}": found a state ` +
        "with other fields, expected format version 1",
      TrainingError,
    );
  });
}

for (const text of ["", "{", "null", "[]", "3", '"{}"', "\ufeff{}"]) {
  Deno.test(`loadCheckpoint() refuses a state.json that holds ${JSON.stringify(text)}`, async () => {
    const files = { ...whole, "state.json": text };
    await assertRefused(files, join("last", "state.json"), TrainingError);
  });
}

Deno.test("loadCheckpoint() refuses a state.json that is no text", async () => {
  await assertRefused(
    { ...whole, "state.json": new Uint8Array([0x7b, 0xff, 0x7d]) },
    "found bytes that are not text",
    FileError,
  );
});
