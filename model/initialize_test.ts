import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
} from "@std/assert";
import { createRandom } from "@unet/random";
import { initialValues } from "./initialize.ts";
import { graphOf } from "./networks/graph_of.ts";
import { completePlan } from "./plan.ts";
import { createModel } from "./create_model.ts";
import { type WeightShape, weightShapes } from "./graph/weight_shapes.ts";

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(square / values.length) };
}

Deno.test("initialValues() draws kernels from a normal distribution of their deviation", () => {
  const deviation = 0.3;
  const values = initialValues(
    { name: "x.weight", role: "kernel", shape: [3, 3, 40, 60], deviation },
    createRandom(5),
  );
  assertEquals(values.length, 3 * 3 * 40 * 60);
  const found = moments(values);
  // Four standard errors of mean and deviation.
  const error = 4 * deviation / Math.sqrt(values.length);
  assertAlmostEquals(found.mean, 0, error);
  assertAlmostEquals(found.deviation, deviation, error);
  // A normal distribution has 4.55 % beyond two deviations.
  const beyond = values.filter((value) => Math.abs(value) > 2 * deviation);
  assertAlmostEquals(beyond.length / values.length, 0.0455, 0.01);
});

Deno.test("initialValues() keeps an up-convolution's outputs at its inputs' size", () => {
  // Every output of a 2×2 up-convolution is a sum over the inputs at one place.
  const shape = [2, 2, 50, 100];
  const kernel = initialValues(
    { name: "up.weight", role: "kernel", shape, deviation: Math.sqrt(1 / 100) },
    createRandom(1),
  );
  const random = createRandom(2);
  const input = Float32Array.from({ length: 100 }, () => random.normal());
  const output = Float32Array.from(
    { length: 200 },
    (_, row) =>
      input.reduce(
        (sum, value, i) => sum + value * kernel[row * 100 + i]!,
        0,
      ),
  );
  assertAlmostEquals(
    moments(output).deviation / moments(input).deviation,
    1,
    0.25,
  );
});

Deno.test("initialValues() starts scales and variances at 1, all others at 0", () => {
  const roles: [WeightShape["role"], number][] = [
    ["bias", 0],
    ["scale", 1],
    ["offset", 0],
    ["mean", 0],
    ["variance", 1],
  ];
  for (const [role, value] of roles) {
    const random = createRandom(0);
    assertEquals(
      initialValues({ name: "x", role, shape: [3], deviation: 0 }, random),
      new Float32Array(3).fill(value),
    );
    assertEquals(random.state(), createRandom(0).state());
  }
});

Deno.test("createModel() draws its weights from the seed, layer by layer", () => {
  const plan = completePlan({ width: 0.03 });
  const [model, other] = [3, 4].map((seed) =>
    createModel(plan, createRandom(seed))
  ) as [ReturnType<typeof createModel>, ReturnType<typeof createModel>];
  const random = createRandom(3);
  for (const weight of weightShapes(graphOf(plan))) {
    const values = model.weights.get(weight.name)!.dataSync();
    assertEquals(values, initialValues(weight, random));
    if (weight.role === "kernel") {
      assertNotEquals(values, other.weights.get(weight.name)!.dataSync());
    }
  }
  assert(model.weights.size === other.weights.size);
  model.dispose();
  other.dispose();
});

Deno.test("initialValues() is pinned, so that a seed means the same network for good", () => {
  const weight: WeightShape = {
    name: "head.weight",
    role: "kernel",
    shape: [1, 1, 4, 1],
    deviation: Math.sqrt(1 / 4),
  };
  assertEquals(
    Array.from(initialValues(weight, createRandom(2018)), (v) => v.toFixed(6)),
    ["-0.299813", "0.368780", "-0.599286", "-0.095543"],
  );
});
