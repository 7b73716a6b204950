/**
 * Trains the whole network on every device there is, with tfjs' cpu device as
 * the judge: what the kernels do together, and that nothing is left behind.
 */
import { objectTask } from "@unet/task";
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals, assertLess } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type Device, devices, openDevice } from "@unet/device";
import { fusedKernels } from "@unet/device/fused-kernels";
import { hasKernel } from "@unet/device/run-kernel";
import { DeviceError } from "@unet/errors";
import { createModel, measureFeatures, type ModelPlan } from "@unet/model";
import { createRandom } from "@unet/random";
import { adamw, bceWithLogits, sgd } from "@unet/train";
import { batch, count, size, step } from "./training_step.ts";

/** A quarter of the width fills blocks of 16 channels, and some not. */
const plan: Partial<ModelPlan> = { width: 0.25 };

/** Losses of some steps, and the weights after them. */
async function train(
  plan: Partial<ModelPlan>,
  steps: number,
  optimizer = sgd(),
) {
  const model = createModel(plan, createRandom(0));
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push(await step(model, optimizer));
  const x = tf.tensor4d(batch.x, [count, size, size, 3]);
  const logits = model.forward(x, { training: false });
  const weights = new Map<string, Float32Array>();
  for (const [name, variable] of model.weights) {
    weights.set(name, await variable.data<"float32">());
  }
  const prediction = await logits.data<"float32">();
  const slots = new Map<string, Float32Array>();
  for (const [name, slot] of optimizer.state()) {
    slots.set(name, await slot.data<"float32">());
  }
  tf.dispose([x, logits]);
  optimizer.dispose();
  model.dispose();
  return { losses, weights, slots, prediction };
}

/** The distance, relative to the length of what is expected. */
function distance(actual: Float32Array, expected: Float32Array): number {
  let difference = 0, length = 0;
  expected.forEach((value, i) => {
    difference += (value - actual[i]!) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(difference / Math.max(length, 1e-20));
}

/** Why a device does not open here, or null. */
async function whyNot(
  ...[name, options]: Parameters<typeof openDevice>
): Promise<string | null> {
  try {
    await (await openDevice(name, options)).close();
    return null;
  } catch (cause) {
    if (cause instanceof DeviceError) return cause.message;
    throw cause;
  }
}

/** A test on an open device; skipped, with the reason, where it is absent. */
async function testOn(
  [name, options]: Parameters<typeof openDevice>,
  criterion: string,
  run: (device: Device) => Promise<void>,
): Promise<void> {
  const absent = await whyNot(name, options);
  const title = `${name} ${criterion}`;
  Deno.test({
    name: absent ? `${title} (skipped: ${absent})` : title,
    ignore: absent !== null,
    async fn() {
      const device = await openDevice(name, options);
      try {
        await run(device);
      } finally {
        await device.close();
      }
    },
  });
}

/** What is trained on every device, and on cpu to judge by. */
const judged: Readonly<Record<string, Partial<ModelPlan>>> = {
  "the network": plan,
  "a network of two outputs": {
    width: 0.13,
    task: objectTask({ borderWeight: 0.1 }),
  },
  "a residual network": { network: "resnet34", width: 0.25 },
  "the Paper's network with borders": {
    network: "unet",
    padding: "same",
    batchNorm: true,
    width: 0.07,
    task: objectTask({ borderWeight: 0.1 }),
  },
};

const others = devices.filter((name) => name !== "cpu");
for (const [what, plan] of Object.entries(judged)) {
  for (const name of others) {
    await testOn([name], `trains ${what} as cpu does`, async (device) => {
      const actual = await train(plan, 1);
      await device.close();
      const judge = await openDevice("cpu");
      const expected = await train(plan, 1);
      await judge.close();
      expected.losses.forEach((loss, i) =>
        assertLess(Math.abs(loss / actual.losses[i]! - 1), 1e-4)
      );
      assertLess(distance(actual.prediction, expected.prediction), 5e-3);
      for (const [weight, values] of expected.weights) {
        // Biases start at 0: after a step they are nothing but gradients.
        if (/running_mean|bias/.test(weight)) continue;
        const far = distance(actual.weights.get(weight)!, values);
        assertLess(far, 2e-3, `${weight} is off by ${far}`);
      }
      // After one step the velocity is the gradient.
      for (const [slot, values] of expected.slots) {
        if (Math.hypot(...values.slice(0, 9)) < 1e-6) continue;
        const far = distance(actual.slots.get(slot)!, values);
        assertLess(far, 0.1, `${slot} is off by ${far}`);
      }
    });
  }
}

for (const name of others) {
  await testOn([name], "gives the same bits again", async () => {
    assertEquals(await train(plan, 2), await train(plan, 2));
  });

  await testOn(
    [name],
    "has gradients of the network that agree with finite differences",
    async () => {
      const model = createModel(
        { ...plan, batchNorm: false, network: "vgg16" },
        createRandom(1),
      );
      const { x, y } = {
        x: tf.tensor4d(batch.x, [count, size, size, 3]),
        y: tf.tensor4d(batch.targets.object, [count, size, size, 1]),
      };
      const loss = () =>
        tf.tidy(() => bceWithLogits(model.forward(x, { training: true }), y));
      const names = ["head.weight", "decoder.0.up.weight"]
        .map((part) =>
          model.trainable.find((name) => name.endsWith(part)) ??
            model.trainable.at(-2)!
        );
      names.push(model.trainable[0]!, model.trainable[20]!);
      const variables = names.map((name) => model.weights.get(name)!);
      const { value, grads } = tf.variableGrads(
        () => loss() as tf.Scalar,
        variables,
      );
      for (const variable of variables) {
        const slope = await grads[variable.name]!.data<"float32">();
        const start = await variable.data<"float32">();
        const norm = Math.sqrt(slope.reduce((sum, v) => sum + v * v, 0));
        // Along the gradient itself the loss changes most.
        const direction = slope.map((value) => value / norm);
        const length = 2e-3;
        const at = async (sign: number): Promise<number> => {
          const moved = start.map((value, i) =>
            value + sign * length * direction[i]!
          );
          const tensor = tf.tensor(moved, variable.shape);
          variable.assign(tensor);
          const result = loss();
          const [number] = await result.data();
          tf.dispose([tensor, result]);
          return number!;
        };
        const difference = (await at(1) - await at(-1)) / (2 * length);
        const expected = slope.reduce(
          (sum, value, i) => sum + value * direction[i]!,
          0,
        );
        assertLess(
          Math.abs(difference / expected - 1),
          0.05,
          `${variable.name} ${variable.shape}: ${difference} against ${expected}`,
        );
        await at(0);
      }
      tf.dispose([value, grads, x, y]);
      model.dispose();
    },
  );
}

await testOn(
  ["onednn"],
  "gives the same bits again by the standard recipe",
  async () => {
    const recipe = {
      width: 0.25,
      task: objectTask({ loss: "bce+dice", borderWeight: 0.1 }),
    };
    assertEquals(
      await train(recipe, 2, adamw()),
      await train(recipe, 2, adamw()),
    );
  },
);

await testOn(
  ["onednn", { precision: "mixed" }],
  "in mixed precision trains the network nearly as float32 does",
  async (device) => {
    const mixed = await train(plan, 3);
    await device.close();
    const exact = await openDevice("onednn");
    const expected = await train(plan, 3);
    await exact.close();
    expected.losses.forEach((loss, i) =>
      assertLess(Math.abs(loss / mixed.losses[i]! - 1), 2e-2)
    );
    assert(distance(mixed.prediction, expected.prediction) > 0, "not mixed");
    assertLess(distance(mixed.prediction, expected.prediction), 0.2);
  },
);

await testOn(
  ["onednn"],
  "computes every kernel of training and segmentation itself, by no reference implementation",
  async (device) => {
    const plans: Partial<ModelPlan>[] = [
      ...[0.125, 0.25, 0.5].map((width) => ({ width })),
      { width: 0.125, task: objectTask({ borderWeight: 0.1 }) },
      { network: "resnet34", width: 0.25 },
      { network: "resnet50", width: 0.25 },
    ];
    for (const plan of plans) {
      device.trace!.begin();
      await train(plan, 1);
      const { kernels, primitives } = device.trace!.end();
      const detours = kernels.filter(({ by }) => by === "tfjs cpu")
        .map(({ name }) => name);
      // Of a handful of numbers.
      const small = ["ZerosLike", "Rsqrt", "Fill"];
      assertEquals(detours.filter((name) => !small.includes(name)), []);
      const slow = primitives.filter(({ by }) => by.startsWith("ref"));
      assertEquals(slow, [], JSON.stringify(plan));
    }
  },
);

await testOn(
  ["onednn"],
  "computes both outputs on eight bits nearly as in floats",
  async (device) => {
    // In planes, and by the library: a decoder of 4 channels fills no planes.
    for (const width of [0.25, 0.125]) await compareEightBits(width, device);
  },
);

/** One network in eight bits and in floats, and what computes the former. */
async function compareEightBits(width: number, device: Device): Promise<void> {
  const model = createModel({
    width,
    task: objectTask({ borderWeight: 0.1 }),
  }, createRandom(0));
  const optimizer = sgd();
  for (let i = 0; i < 5; i++) await step(model, optimizer);
  const x = tf.tensor4d(batch.x, [count, size, size, 3]);
  const { observe, limits } = measureFeatures();
  const floats = model.forward(x, { training: false, observe });
  device.trace!.begin();
  const eights = model.forward(x, { training: false, int8: limits });
  const { kernels } = device.trace!.end();
  const inPlanes = fusedKernels.planesConvolution;
  assertEquals(
    kernels.some(({ name }) => name === inPlanes),
    hasKernel(inPlanes) && width === 0.25,
  );
  assertEquals(eights.shape, [count, size, size, 2]);
  const [expected, actual] = [
    await floats.data<"float32">(),
    await eights.data<"float32">(),
  ];
  for (const output of [0, 1]) {
    const own = (values: Float32Array) =>
      values.filter((_, i) => i % 2 === output);
    const far = distance(own(actual), own(expected));
    assertLess(far, 0.2, `output ${output} is off by ${far}`);
  }
  assert(distance(actual, expected) > 0, "not eight bits");
  tf.dispose([x, floats, eights]);
  optimizer.dispose();
  model.dispose();
}

await testOn(
  ["onednn"],
  "keeps its memory flat over many steps",
  async () => {
    // In a process of its own, whose memory is all there is to measure.
    const program = new URL("./fixtures/many_steps.ts", import.meta.url);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "-P=unet", fromFileUrl(program)],
      env: { OMP_NUM_THREADS: "1" },
      stderr: "inherit",
    }).output();
    const [before, after] = JSON.parse(new TextDecoder().decode(stdout));
    const { memory: first, ...counted } = before;
    const { memory: last, ...left } = after;
    assertEquals(left, counted);
    // One step's features, kept by each of the 400, would be gigabytes.
    assertLess(last - first, 150e6);
  },
);
