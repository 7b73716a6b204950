/**
 * ONNX exports, run by ONNX Runtime, against our own forward pass. `onnx`'
 * checker and numpy judge such files in `check_onnx_exports.py`.
 */
import { channelsOfHeads, classTask, hasBorders, objectTask } from "@unet/task";
import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { type Image, toRgb8 } from "@unet/data";
import {
  createModel,
  type Model,
  type ModelPlan,
  type OnnxOptions,
  serializeOnnx,
  torchTensors,
} from "@unet/model";
import { createRandom } from "@unet/random";
import * as onnx from "onnxruntime-node";
import { predictorOf, segmentImage, toClassMap } from "@unet/infer";
import { fill } from "./_formula.ts";
import { type Output, ownOutput } from "./_own_output.ts";

await tf.setBackend("cpu");

const narrow: Readonly<Record<string, Partial<ModelPlan>>> = {
  "vgg16_bn": { width: 1 / 32 },
  "vgg16": { network: "vgg16", batchNorm: false, width: 1 / 32 },
  "vgg16 with borders": {
    network: "vgg16",
    batchNorm: false,
    width: 1 / 32,
    task: objectTask({ borderWeight: 0.1 }),
  },
  "unet with borders": {
    network: "unet",
    width: 1 / 32,
    task: objectTask({ borderWeight: 0.1 }),
  },
  "resnet34": { network: "resnet34", width: 1 / 16 },
  "resnet50 with borders, without batch norm in the decoder": {
    network: "resnet50",
    batchNorm: false,
    width: 1 / 32,
    task: objectTask({ borderWeight: 0.1 }),
  },
  "unet without padding": { network: "unet", width: 1 / 32 },
  "unet with padding and batch norm": {
    network: "unet",
    padding: "same",
    batchNorm: true,
    width: 1 / 32,
  },
};

/** Networks whose margin makes them see four times the image. */
const slow = ["unet with borders", "unet without padding"];

/** Networks that add blocks up. */
const residual = [
  "resnet34",
  "resnet50 with borders, without batch norm in the decoder",
];

/** Images side by side as ONNX takes them: plane by plane. */
function planesOf(images: readonly Image[]): Float32Array {
  return Float32Array.from(
    images.flatMap(({ data, channels }) =>
      [0, 1, 2].flatMap((channel) =>
        [...data].filter((_, at) => at % channels === channel % channels)
      )
    ),
  );
}

/** An image of any values below a limit. */
function noisy(
  [height, width]: readonly [number, number],
  { seed, below = 256, depth = 8 }: {
    seed: number;
    below?: number;
    depth?: 8 | 16 | 32;
  },
): Image {
  const random = createRandom(seed);
  const data = Float64Array.from(
    { length: height * width * 3 },
    () =>
      depth === 32 ? below * random.next() : Math.floor(below * random.next()),
  );
  const Values = depth === 8
    ? Uint8Array
    : depth === 16
    ? Uint16Array
    : Float32Array;
  return {
    width,
    height,
    channels: 3,
    depth,
    data: new Values(data),
  };
}

function build(plan: Partial<ModelPlan>): Model {
  const model = createModel(plan, createRandom(0));
  fill(model);
  return model;
}

async function sessionOf(
  model: Model,
  options: OnnxOptions,
): Promise<onnx.InferenceSession> {
  const pieces = serializeOnnx(model.plan, await torchTensors(model), options);
  return onnx.InferenceSession.create(
    new Uint8Array(await new Blob(pieces).arrayBuffer()),
  );
}

function run(
  session: onnx.InferenceSession,
  images: readonly Image[],
): Promise<onnx.InferenceSession.ReturnType> {
  const { height, width } = images[0]!;
  const dims = [images.length, 3, height, width];
  return session.run({
    image: new onnx.Tensor("float32", planesOf(images), dims),
  });
}

/** Compares logits and probabilities with ours. */
function assertSame(
  model: Model,
  { logits, ...probabilities }: onnx.InferenceSession.ReturnType,
  ours: Output,
  tolerance: number,
): void {
  const [, channels, rows, columns] = logits!.dims as [
    number,
    number,
    number,
    number,
  ];
  const area = rows * columns, theirs = logits!.data as Float32Array;
  const largest = Math.max(1, ...ours.logits.map(Math.abs));
  const { heads } = model.task, outputs = channelsOfHeads(heads);
  // The Paper's network has a logit of the background before all others.
  const isPair = channels! > outputs;
  assertEquals(theirs.length / channels, ours.logits.length / outputs);
  ours.logits.forEach((value, at) => {
    const output = at % outputs, place = (at - output) / outputs;
    const image = Math.floor(place / area), pixel = place % area;
    const of = (channel: number): number =>
      theirs[(image * channels + channel) * area + pixel]!;
    const found = isPair && output === 0
      ? of(1) - of(0)
      : of(output + channels - outputs);
    assertLess(Math.abs(found - value), tolerance * largest);
    const name = output === 0 ? "probability" : "border_probability";
    assertLess(
      Math.abs(
        (probabilities[name]!.data[place] as number) - ours.probability[at]!,
      ),
      tolerance * largest,
    );
  });
}

/** Exports a network and compares it on images of several sizes. */
async function compare(
  plan: Partial<ModelPlan>,
  options: OnnxOptions,
  { sizes, tolerance }: {
    sizes: readonly (readonly [number, number])[];
    tolerance: number;
  },
): Promise<void> {
  const model = build(plan), session = await sessionOf(model, options);
  assertEquals([...session.inputNames], ["image"]);
  assertEquals([...session.outputNames], [
    ...["logits", "probability"],
    ...(hasBorders(model.task) ? ["border_probability"] : []),
  ]);
  for (const [index, [height, width]] of sizes.entries()) {
    const images = Array.from(
      { length: 1 + index % 3 },
      (_, seed) => noisy([height, width], { seed: 5 + seed }),
    );
    const found = await run(session, images);
    assertEquals(found["probability"]!.dims, [images.length, 1, height, width]);
    assertSame(model, found, ownOutput(model, images), tolerance);
  }
  await session.release();
  model.dispose();
}

const oddSizes = [
  ...[[32, 64], [1, 1], [1, 50], [2, 3], [5, 33], [17, 16], [31, 32]],
  ...[[64, 33], [100, 75], [75, 100], [97, 63]],
] as [number, number][];
const fewSizes = [[32, 64], [1, 2], [7, 33], [100, 75]] as [number, number][];

for (const [name, plan] of Object.entries(narrow)) {
  const sizes = slow.includes(name) ? fewSizes : oddSizes;
  for (const fold of [true, false]) {
    Deno.test(`serializeOnnx() of ${name}${fold ? ", folded" : ""}, gives ONNX Runtime our logits at any size`, () =>
      compare(plan, { fold }, { sizes, tolerance: 1e-4 }));
  }
  // Sixteen sums, each rounded, add to what the layers between them lose.
  const tolerance = residual.includes(name) ? 2e-2 : 1e-2;
  Deno.test(`serializeOnnx() of ${name} as float16 gives our logits to ${tolerance}`, () =>
    compare(plan, { half: true }, { sizes: fewSizes, tolerance }));
}

Deno.test("serializeOnnx() leaves padding to the caller on demand", async () => {
  for (const [name, plan] of Object.entries(narrow)) {
    const model = build(plan);
    const session = await sessionOf(model, { sizes: "fitting" });
    const [height, width] = model.margin > 0 ? [188, 204] : [32, 64];
    const images = [noisy([height!, width!], { seed: 1 })];
    const found = await run(session, images);
    const { margin } = model;
    const smaller = [height! - 2 * margin, width! - 2 * margin] as const;
    assertEquals(found["probability"]!.dims, [1, 1, ...smaller], name);
    // The middle of the image, without anything mirrored.
    const whole = tf.tidy(() => {
      const x = tf.tensor4d(
        Float32Array.from(images[0]!.data, (value) => value / 255),
        [1, height!, width!, 3],
      );
      const logits = model.forward(x, { training: false });
      return {
        logits: logits.dataSync() as Float32Array,
        probability: tf.sigmoid(logits).dataSync() as Float32Array,
      };
    });
    assertSame(model, found, whole, 1e-4);
    await session.release();
    model.dispose();
  }
});

/** Images whose stretch differs, of one size. */
const intensities: Readonly<Record<string, (seed: number) => Image>> = {
  "bright": (seed) => noisy([32, 33], { seed }),
  "just bright": (seed) => noisy([32, 33], { seed, below: 129 }),
  "dark": (seed) => noisy([32, 33], { seed, below: 128 }),
  // 25 of 50 becomes 127.5, which float64's 255 / 50 makes a little less.
  "rounded differently by float32": (seed) =>
    noisy([32, 33], { seed, below: 51 }),
  "very dark": (seed) => noisy([32, 33], { seed, below: 6 }),
  "dark but for a few pixels": (seed) => {
    const image = noisy([32, 33], { seed, below: 40 });
    image.data.set([255, 200, 190], 99);
    return image;
  },
  "black": () => noisy([32, 33], { seed: 0, below: 1 }),
  "of one dark value": () => {
    const image = noisy([32, 33], { seed: 0 });
    image.data.fill(17);
    return image;
  },
  "of one bright value": () => {
    const image = noisy([32, 33], { seed: 0 });
    image.data.fill(217);
    return image;
  },
  "of 12 bits": (seed) => noisy([32, 33], { seed, below: 4096, depth: 16 }),
  "of floats below 1": (seed) => noisy([32, 33], { seed, below: 1, depth: 32 }),
  "of 16 bits": (seed) => noisy([32, 33], { seed, below: 65536, depth: 16 }),
};

for (const half of [false, true]) {
  Deno.test(`serializeOnnx() stretches each image of a batch as toRgb8() does${half ? ", as float16" : ""}`, async () => {
    const model = build({
      width: 1 / 32,
      task: objectTask({ borderWeight: 0.1 }),
    });
    const session = await sessionOf(model, { half });
    const makers = Object.values(intensities);
    const tolerance = half ? 1e-2 : 1e-4;
    for (let seed = 0; seed < 4; seed++) {
      const images = makers.map((make) => make(seed));
      const seen = images.map((image) => toRgb8(image));
      const found = await run(session, images);
      assertSame(model, found, ownOutput(model, seen), tolerance);
    }
    await session.release();
    model.dispose();
  });
}

Deno.test("serializeOnnx() leaves the stretch to the caller on demand", async () => {
  const model = build({ width: 1 / 32 });
  const session = await sessionOf(model, { stretch: false });
  const images = [noisy([32, 33], { seed: 1, below: 40 })];
  const found = await run(session, images);
  assertSame(model, found, ownOutput(model, images), 1e-4);
  await session.release();
  model.dispose();
});

Deno.test("serializeOnnx() writes half the bytes as float16", async () => {
  const model = createModel({ width: 1 / 8 }, createRandom(0));
  const tensors = await torchTensors(model);
  const size = (options: OnnxOptions): number =>
    new Blob(serializeOnnx(model.plan, tensors, options)).size;
  assert(size({ half: true }) < 0.51 * size({}));
  assert(size({ fold: true }) < size({ fold: false }));
  model.dispose();
});

Deno.test("serializeOnnx() gives the class map that segmentImage() and toClassMap() give, and names its classes", async () => {
  const classes = ["background", "axon", "myelin sheath", "größer"];
  for (const network of ["vgg16_bn", "resnet34"] as const) {
    const task = classTask({ classes });
    const model = build({ network, width: 1 / 16, task });
    for (const half of [false, true]) {
      const session = await sessionOf(model, { half });
      assertEquals([...session.outputNames], [
        ...["logits", "probability", "class_map"],
      ]);
      for (const [height, width] of [[32, 64], [45, 33]] as const) {
        const image = noisy([height, width], { seed: 7 });
        const { logits, probability, class_map } = await run(session, [image]);
        // As of the logits, which a probability follows.
        const largest = Math.max(
          1,
          ...[...logits!.data as Float32Array].map(Math.abs),
        );
        const tolerance = (half ? 2e-2 : 1e-4) * largest;
        assertEquals(probability!.dims, [1, 4, height, width]);
        assertEquals(class_map!.dims, [1, 1, height, width]);
        assertEquals(class_map!.type, "uint8");
        const planes = await segmentImage(image, predictorOf(model), {
          ...{ tile: 256, margin: 0, multiple: 32 },
        });
        const ours = toClassMap(planes).data, area = height * width;
        const shares = planes.planes.classes!;
        let differs = 0;
        ours.forEach((number, at) => {
          const share = (number: number) => shares[4 * at + number]!;
          for (let number = 0; number < 4; number++) {
            const theirs = probability!.data[number * area + at] as number;
            assertLess(Math.abs(theirs - share(number)), tolerance);
          }
          const theirs = class_map!.data[at] as number;
          if (theirs === number) return;
          // Only where two classes are as probable but for rounding.
          assertLess(share(number) - share(theirs), 2 * tolerance);
          differs++;
        });
        assertLess(differs, half ? 0.1 * area : 0.01 * area);
        assert(new Set(ours).size > 1);
      }
      await session.release();
    }
    model.dispose();
  }
});

Deno.test("serializeOnnx() names classes in metadata and descriptions", async () => {
  const classes = ["background", "axon", "größer"];
  const model = build({ width: 1 / 32, task: classTask({ classes }) });
  const pieces = serializeOnnx(model.plan, await torchTensors(model));
  const text = await new Blob(pieces).text();
  assert(text.includes(JSON.stringify(classes)));
  assert(text.includes("number of the most probable class: 0 background, 1"));
  model.dispose();
});
