import { objectTask, type Task, unknownLoss } from "@unet/task";
import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLessOrEqual,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { ModelError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { createRandom } from "@unet/random";
import { assertNoLeak } from "./fixtures/blocks.ts";
import {
  buildSaved,
  decodeModel,
  encodeModel,
  setWeights,
  torchTensors,
} from "./model_file.ts";
import { loadModel, readModel } from "./load_model.ts";
import { completePlan, type ModelPlan } from "./plan.ts";
import { modelMetadata } from "./model_header.ts";
import { quantizeKernels } from "./quantize_kernels.ts";
import {
  type FloatTensor,
  parseSafetensors,
  type SafetensorsView,
  serializeSafetensors,
} from "./files/safetensors.ts";
import { parseWeights } from "./files/weights_file.ts";
import type { Model } from "./model.ts";
import { createModel } from "./create_model.ts";

const narrow: Partial<ModelPlan> = { width: 0.02 };

function joined(pieces: BlobPart[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Blob(pieces).bytes();
}

/** A model with random weights, biases and statistics too. */
function randomModel(plan: Partial<ModelPlan> = narrow): Model {
  const model = createModel(plan, createRandom(1));
  const random = createRandom(2);
  tf.tidy(() => {
    for (const variable of model.weights.values()) {
      const values = Float32Array.from(
        { length: variable.size },
        () => random.uniform(0.1, 0.6),
      );
      variable.assign(tf.tensor(values, variable.shape));
    }
  });
  return model;
}

function logitsOf(model: Model): Float32Array {
  return tf.tidy(() => {
    const random = createRandom(3);
    const x = tf.tensor4d(
      Float32Array.from({ length: 32 * 64 * 3 }, () => random.next()),
      [1, 32, 64, 3],
    );
    return model.forward(x, { training: false }).dataSync<"float32">();
  });
}

async function encoded(plan = narrow): Promise<Uint8Array<ArrayBuffer>> {
  const model = randomModel(plan);
  const bytes = await joined(await encodeModel(model));
  model.dispose();
  return bytes;
}

/** A folder that is removed at the end of its scope. */
async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "unet-model-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** The same weights under another header. */
async function withMetadata(
  change: Record<string, string | undefined>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { metadata } = parseSafetensors(await encoded(), "x");
  const entries = Object.entries({ ...metadata, ...change })
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
  return joined(serializeSafetensors(new Map(), Object.fromEntries(entries)));
}

for (
  const plan of [
    narrow,
    { ...narrow, network: "vgg16", batchNorm: false } as const,
    { ...narrow, decoderChannels: [90, 70, 50, 30, 200], dropout: 0.3 },
  ]
) {
  Deno.test(`loadModel() gives back the very model that encodeModel() wrote: ${JSON.stringify(plan)}`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "a.safetensors");
    const model = randomModel(plan);
    await writeFile(path, await encodeModel(model));
    const loaded = await loadModel(path);
    assertEquals(loaded.plan, model.plan);
    assertEquals(loaded.trainable, model.trainable);
    for (const [name, variable] of model.weights) {
      assertEquals(loaded.weights.get(name)!.dataSync(), variable.dataSync());
    }
    assertEquals(logitsOf(loaded), logitsOf(model));
    model.dispose();
    loaded.dispose();
  });
}

Deno.test("encodeModel() stores kernels in PyTorch's order", async () => {
  const model = randomModel();
  const file = parseSafetensors(await joined(await encodeModel(model)), "x");
  assertEquals([...file.tensors.keys()], [...model.weights.keys()]);
  assertEquals(file.tensors.get("encoder.features.0.weight")!.shape, [
    1,
    3,
    3,
    3,
  ]);
  assertEquals(file.tensors.get("decoder.0.up.weight")!.shape, [10, 10, 2, 2]);
  model.dispose();
});

Deno.test("encodeModel() and decodeModel() carry a card", async () => {
  const model = randomModel();
  const card = { note: "é\n", epochs: 3, list: [1, null], nested: { a: true } };
  const bytes = await joined(await encodeModel(model, card));
  assertEquals(decodeModel(bytes, "x").card, card);
  assertEquals(
    decodeModel(await joined(await encodeModel(model)), "x").card,
    {},
  );
  model.dispose();
});

Deno.test("decodeModel() refuses weights that are no model of this program", async () => {
  const expected =
    'Cannot load model "x": found weights without a plan of the network, expected a model that this program saved';
  const changes = [{ format: "pt" }, { format: undefined }, {
    plan: undefined,
  }];
  for (const change of changes) {
    const bytes = await withMetadata(change);
    const error = assertThrows(() => decodeModel(bytes, "x"), ModelError);
    assertEquals(error.message, expected);
  }
});

Deno.test("decodeModel() refuses another version of the format", async () => {
  for (
    const [formatVersion, found] of [
      ["6", "format version 6"],
      [undefined, "no format version"],
      ["01", "format version 01"],
      ["x".repeat(1e6), `format version ${"x".repeat(80)}…`],
    ] as const
  ) {
    const bytes = await withMetadata({ formatVersion });
    const error = assertThrows(() => decodeModel(bytes, "x"), ModelError);
    assertEquals(
      error.message,
      `Cannot load model "x": found ${found}, expected 1 or 2 or 3 or 4 or 5; use the version of this program that saved it, or a newer one`,
    );
  }
});

const whole = completePlan(narrow);
const headers: [Record<string, string>, string][] = [
  [
    { plan: JSON.stringify({ ...whole, width: -1 }) },
    'Cannot build model with setting "width": found -1, expected a number above 0 and up to 4',
  ],
  [
    { plan: JSON.stringify({ ...whole, depth: 7 }) },
    'Cannot build model with setting "depth": found no such setting, expected network, width, batchNorm, decoderChannels, padding, dropout, freezeEncoder, freezeBatchNorm, task, normalization',
  ],
  [
    { plan: JSON.stringify({ ...whole, dropout: undefined }) },
    "no dropout",
  ],
  [{ plan: "{}" }, "no network"],
  [{ plan: "null" }, "values without names"],
  [{ plan: "[]" }, "values without names"],
  [{ plan: '"vgg16"' }, "values without names"],
  [{ card: "null" }, "values without names"],
  [{ card: "3" }, "values without names"],
];
for (const [change, found] of headers) {
  Deno.test(`decodeModel() refuses a header with ${JSON.stringify(change).slice(0, 60)}`, async () => {
    const bytes = await withMetadata(change);
    const error = assertThrows(() => decodeModel(bytes, "x"), ModelError);
    assertEquals(
      error.message,
      `Cannot load model "x": found an invalid header (${found}), expected a header that this program wrote`,
    );
  });
}

Deno.test("decodeModel() refuses a plan or card that is not JSON", async () => {
  for (const change of [{ plan: "{" }, { card: "}" }, { plan: "" }]) {
    const bytes = await withMetadata(change);
    const error = assertThrows(
      () => decodeModel(bytes, "x"),
      ModelError,
      'Cannot load model "x": found an invalid header (',
    );
    assertInstanceOf(error.cause, SyntaxError);
  }
});

Deno.test("setWeights() names every missing, surplus and misshapen tensor, and changes nothing", async () => {
  const model = randomModel();
  const { tensors } = parseSafetensors(
    await joined(await encodeModel(model)),
    "",
  );
  const changed = new Map(tensors);
  changed.delete("head.bias");
  changed.delete("bottleneck.0.weight");
  changed.set("head.weight", {
    dtype: "F32",
    shape: [1, 2, 1, 1],
    bytes: new Uint8Array(8),
  });
  changed.set("encoder.features.1.weight", {
    dtype: "I64",
    shape: [1],
    bytes: new Uint8Array(8),
  });
  changed.set("encoder.features.1.num_batches_tracked", {
    dtype: "I64",
    shape: [],
    bytes: new Uint8Array(8),
  });
  const before = logitsOf(model);
  const error = assertThrows(
    () => setWeights(model, { tensors: changed, metadata: {} }, "w"),
    ModelError,
  );
  assertEquals(
    error.message,
    'Cannot load weights "w": found 5 tensors that do not fit the model: ' +
      "encoder.features.1.weight is I64 [1], not [1], " +
      "bottleneck.0.weight is missing, " +
      "head.weight is F32 [1,2,1,1], not [1,1,1,1], " +
      "head.bias is missing, " +
      "encoder.features.1.num_batches_tracked is not in the model",
  );
  assertEquals(logitsOf(model), before);
  model.dispose();
});

Deno.test("setWeights() gives a model another's weights and leaves no tensor behind", async () => {
  const source = randomModel();
  const target = createModel(narrow, createRandom(7));
  const bytes = await joined(await encodeModel(source));
  const { file } = decodeModel(bytes, "x");
  assertNoLeak(() => setWeights(target, file, "x"));
  assertEquals(logitsOf(target), logitsOf(source));
  source.dispose();
  target.dispose();
});

Deno.test("setWeights() refuses the weights of another width", async () => {
  const { file } = decodeModel(await encoded({ width: 0.03 }), "x");
  const model = createModel(narrow, createRandom(7));
  assertThrows(
    () => setWeights(model, file, "x"),
    ModelError,
    "encoder.features.0.weight is F32 [2,3,3,3], not [1,3,3,3], ",
  );
  model.dispose();
});

Deno.test("loadModel() refuses a file cut off anywhere, and one with damaged bytes", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "model.safetensors");
  const bytes = await encoded();
  const random = createRandom(4);
  const before = tf.memory().numTensors;
  const headerEnd = 8 + new DataView(bytes.buffer).getUint32(0, true);
  for (let round = 0; round < 200; round++) {
    const length = round < 10
      ? round
      : random.integer(0, round % 2 ? headerEnd : bytes.length - 1);
    await Deno.writeFile(path, bytes.subarray(0, length));
    await assertRejects(() => loadModel(path), ModelError);
  }
  let loaded = 0;
  for (let round = 0; round < 200; round++) {
    const damaged = bytes.slice();
    damaged[random.integer(0, headerEnd - 1)] = random.integer(0, 255);
    await Deno.writeFile(path, damaged);
    try {
      (await loadModel(path)).dispose();
      loaded++;
    } catch (error) {
      assertInstanceOf(error, ModelError);
    }
  }
  // A changed digit of a plan's mean, say, is no damage to be seen.
  assert(loaded < 40, `${loaded} of 200`);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("loadModel() builds no giant network for a plan that the weights belie", async () => {
  const giant = { width: 4, decoderChannels: Array(5).fill(4096) };
  const { tensors, metadata } = parseSafetensors(await encoded(), "x");
  assert(tensors.size > 0);
  await using folder = await temporaryFolder();
  const path = join(folder.path, "model.safetensors");
  await writeFile(
    path,
    serializeSafetensors(new Map(), {
      ...metadata,
      plan: JSON.stringify({ ...whole, ...giant }),
    }),
  );
  const before = tf.memory().numBytes;
  await assertRejects(
    () => loadModel(path),
    ModelError,
    "encoder.features.0.weight is missing",
  );
  assertEquals(tf.memory().numBytes, before);
});

Deno.test("loadModel() changes settings that leave the weights as they are", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "model.safetensors"), await encoded());
  const model = await loadModel(folder.path, {
    freezeEncoder: true,
    dropout: 0.2,
  });
  assertEquals(model.plan, { ...whole, freezeEncoder: true, dropout: 0.2 });
  assertEquals(model.trainable[0], "bottleneck.0.weight");
  model.dispose();
  await assertRejects(
    () => loadModel(folder.path, { width: 0.1 }),
    ModelError,
    "encoder.features.0.weight is F32 [1,3,3,3], not [6,3,3,3]",
  );
  await assertRejects(
    () => loadModel(folder.path, { dropout: 2 }),
    RangeError,
    'setting "dropout"',
  );
});

Deno.test("readModel() reads all that buildSaved() needs, and loadModel() gives the same", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "model.safetensors");
  const bytes = await encoded();
  await writeFile(path, bytes);
  const loaded = await loadModel(path);
  const saved = await readModel(folder.path);
  await Deno.remove(path);
  assertEquals(saved.path, path);
  assertEquals(saved.bytes, bytes);
  const built = buildSaved(saved);
  assertEquals(built.plan, loaded.plan);
  assertEquals(logitsOf(built), logitsOf(loaded));
  built.dispose();
  loaded.dispose();
});

for (const dtype of ["F16", "BF16"] as const) {
  Deno.test(`loadModel() widens weights that are stored as ${dtype}, and keeps plan and card`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "half.safetensors");
    const model = randomModel();
    const card = { license: "CC0-1.0", threshold: 0.4 };
    const full = await joined(await encodeModel(model, card));
    const { metadata } = parseSafetensors(full, "full");
    const tensors = await torchTensors(model);
    const pieces = serializeSafetensors(tensors, metadata, { dtype });
    await writeFile(path, pieces);
    const saved = await readModel(path);
    assert(saved.bytes.length < 0.6 * full.length);
    assertEquals(saved.card, card);
    const loaded = buildSaved(saved);
    assertEquals(loaded.plan, model.plan);
    const step = dtype === "F16" ? 2 ** -11 : 2 ** -8;
    for (const [name, variable] of model.weights) {
      const stored = loaded.weights.get(name)!.dataSync();
      for (const [at, value] of variable.dataSync().entries()) {
        assert(Math.abs(stored[at]! - value) <= step * value, name);
      }
    }
    model.dispose();
    loaded.dispose();
  });
}

/** A model in 8 bits, with a change to its tensors or its version. */
async function eightBitFile(
  change: (
    tensors: Map<string, FloatTensor | SafetensorsView>,
  ) => void = () => {},
  version = "5",
): Promise<Uint8Array<ArrayBuffer>> {
  const model = randomModel();
  const tensors = quantizeKernels(model.plan, await torchTensors(model));
  change(tensors);
  const metadata = modelMetadata(model.plan, {}, { hasEightBits: true });
  model.dispose();
  return joined(
    serializeSafetensors(tensors, { ...metadata, formatVersion: version }),
  );
}

const kernel = "encoder.features.24.weight", up = "decoder.0.up.weight";

/** The readers of a model's bytes, by what they call it. */
const readers = { model: decodeModel, weights: parseWeights };

for (const [thing, read] of Object.entries(readers)) {
  Deno.test(`${read.name}() refuses numbers that no network computes with`, async () => {
    const faults = [
      ["encoder.features.0.weight_scale", NaN, "finite scales above 0"],
      ["encoder.features.0.weight_scale", 0, "finite scales above 0"],
      ["head.bias", NaN, "finite numbers"],
      ["head.bias", -Infinity, "finite numbers"],
      ["encoder.features.1.running_var", -1, "variances from 0"],
    ] as const;
    read(await eightBitFile(), "m");
    for (const [name, value, expected] of faults) {
      const bytes = await eightBitFile((tensors) => {
        const tensor = tensors.get(name);
        assert(tensor && "values" in tensor, name);
        tensor.values[0] = value;
      });
      assertEquals(
        assertThrows(() => read(bytes, "m"), ModelError).message,
        `Cannot load ${thing} "m": found ${value} in ${name}, ` +
          `expected ${expected}`,
      );
    }
  });

  Deno.test(`${read.name}() refuses scales whose product with whole numbers is infinite`, async () => {
    const bytes = await eightBitFile((tensors) => {
      const scale = tensors.get(`${kernel}_scale`) as FloatTensor;
      scale.values.fill(3e38);
    });
    const { message } = assertThrows(() => read(bytes, "m"), ModelError);
    assert(message.includes(`Infinity in ${kernel}, expected finite numbers`));
  });

  Deno.test(`${read.name}() refuses kernels of 8 bits in a version that has none`, async () => {
    const old = await eightBitFile(undefined, "4");
    const { message } = assertThrows(() => read(old, "m"), ModelError);
    assert(
      message.startsWith(`Cannot load ${thing} "m": found 8-bit `) &&
        message.endsWith("in format version 4, expected format version 5"),
      message,
    );
  });
}

for (
  const [name, axis, turn] of [
    [kernel, 0, (size: number) => [1, size, 1, 1]],
    [kernel, 0, () => [1, 1, 1, 1]],
    [kernel, 0, () => [1, 1, 3, 1]],
    [up, 1, (size: number) => [size, 1, 1, 1]],
  ] as const
) {
  Deno.test(`decodeModel() refuses scales ${turn(2)} of ${name}`, async () => {
    const bytes = await eightBitFile((tensors) => {
      const { shape } = tensors.get(name)!;
      const scales = turn(shape[1 - axis]!);
      const count = scales.reduce((product, size) => product * size, 1);
      const values = new Float32Array(count).fill(0.01);
      tensors.set(`${name}_scale`, { shape: scales, values });
    });
    assertThrows(
      () => decodeModel(bytes, "m"),
      ModelError,
      `floating point, a scale per output, on axis ${axis}`,
    );
  });
}

Deno.test("loadModel() refuses a file that is no safetensors file", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "model.safetensors");
  await writeFile(path, "a text file, surely not a model");
  await assertRejects(
    () => loadModel(path),
    ModelError,
    `Cannot load model "${path}": found a text file, expected a model`,
  );
  await writeFile(path, "");
  await assertRejects(() => loadModel(path), ModelError, "found an empty file");
  await writeFile(path, new Uint8Array(100).fill(200));
  await assertRejects(
    () => loadModel(path),
    ModelError,
    `Cannot read safetensors file "${path}": found bytes of an unknown format`,
  );
});

/** Versions 1 to 3 do not store how a network was trained. */
function ofUnknownLoss(task: Task): Task {
  const heads = task.heads.map((head) => ({ ...head, loss: unknownLoss }));
  return { ...task, heads };
}

const storedPlans: Readonly<Record<number, Partial<ModelPlan>>> = {
  1: { width: 0.01, dropout: 0.25, task: ofUnknownLoss(objectTask()) },
  2: { width: 0.01, dropout: 0.25, task: ofUnknownLoss(objectTask()) },
  3: {
    width: 0.01,
    dropout: 0.25,
    task: ofUnknownLoss(objectTask({ borderWeight: 1 })),
  },
  4: { width: 0.01, dropout: 0.25, task: objectTask({ borderWeight: 0.1 }) },
  5: { width: 0.01, dropout: 0.25, task: objectTask({ borderWeight: 0.1 }) },
};

for (const [version, plan] of Object.entries(storedPlans)) {
  Deno.test(`loadModel() reads a file of format version ${version}`, async () => {
    const path = fromFileUrl(
      new URL(`fixtures/version_${version}.safetensors`, import.meta.url),
    );
    const { metadata } = parseSafetensors(await Deno.readFile(path), path);
    assertEquals(metadata.formatVersion, version);
    const model = await loadModel(path);
    assertEquals(model.plan, completePlan(plan));
    const fresh = createModel(model.plan, createRandom(7));
    for (const [name, tensor] of fresh.weights) {
      const own = tensor.dataSync();
      const isRounded = version === "5" && tensor.rank === 4;
      const largest = Math.max(...own.map(Math.abs));
      // Kernels of 8 bits are half a step off at most.
      const tolerance = isRounded ? largest / 127 / 2 * 1.0001 : 0;
      for (const [at, value] of model.weights.get(name)!.dataSync().entries()) {
        assertLessOrEqual(Math.abs(value - own[at]!), tolerance, name);
      }
    }
    model.dispose();
    fresh.dispose();
  });
}
