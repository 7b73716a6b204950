import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { DeviceError, ModelError } from "@unet/errors";
import { createRandom } from "@unet/random";
import { measureFeatures } from "./int8.ts";
import { int8Limits } from "./graph/int8_limits.ts";
import { type ConvolutionNode, nodesOf } from "./graph/node.ts";
import { graphOf } from "./networks/graph_of.ts";
import { completePlan } from "./plan.ts";
import { createModel } from "./create_model.ts";

Deno.test("measureFeatures() gives the size that one number in ten thousand passes", () => {
  const { observe, limits } = measureFeatures();
  const values = Float32Array.from({ length: 40_000 }, (_, i) => i / 40_000);
  // Four outliers are one in ten thousand, and are cut.
  values.set([50, -50, 50, -50]);
  const features = tf.tensor4d(values, [1, 200, 200, 1]);
  observe("layer", features);
  assertAlmostEquals(limits.get("layer")!, 1, 0.05);
  const larger = tf.mul(features, 3) as tf.Tensor4D;
  observe("layer", larger);
  observe("layer", features);
  assertAlmostEquals(limits.get("layer")!, 3, 0.15);
  const zeros = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
  observe("nothing", zeros);
  assertEquals(limits.get("nothing"), 0);
  tf.dispose([features, larger, zeros]);
});

Deno.test("measureFeatures() cuts off as many numbers as it may, to the end of a bin", () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = createRandom(seed), count = 27_000;
    // From even to most of them small, of both signs.
    const values = Float32Array.from(
      { length: count },
      () => (random.next() - 0.5) * random.next() ** seed,
    );
    const { observe, limits } = measureFeatures();
    const features = tf.tensor4d(values, [1, count / 100, 10, 10]);
    observe("layer", features);
    features.dispose();
    const limit = limits.get("layer")!;
    const sizes = values.map(Math.abs), largest = Math.max(...sizes);
    const above = (size: number) => sizes.filter((one) => one >= size).length;
    const bin = largest / 2048, allowed = count / 10_000;
    const message = `seed ${seed}: ${limit / largest}`;
    assert(above(limit * (1 + 1e-6)) <= allowed, message);
    assert(above((limit - bin) * (1 - 1e-6)) > allowed, message);
    // The limit is where a bin ends.
    assertAlmostEquals(limit / bin, Math.round(limit / bin), 1e-6);
  }
});

Deno.test("forward() shows an observer every layer but the head", () => {
  const plan = completePlan({ width: 0.02 });
  const model = createModel(plan, createRandom(0));
  const { observe, limits } = measureFeatures();
  const x = tf.ones([1, 32, 32, 3]) as tf.Tensor4D;
  tf.dispose(model.forward(x, { training: false, observe }));
  const graph = graphOf(plan), convolutions = nodesOf(graph, "convolution");
  const layers = graph.flatMap((node) =>
    node.op === "convolution" || node.op === "up" ? [node.name] : []
  );
  assertEquals(layers.length, 27 + 5);
  assertEquals([...limits.keys()], layers);
  // What a layer takes in is what the one before it gives.
  const last = convolutions.slice(-2);
  const [first, second] = convolutions as [ConvolutionNode, ConvolutionNode];
  const of = (node: ConvolutionNode) => int8Limits(graph, node, limits);
  assertEquals(of(first), null);
  assertEquals(of(second)!.inputLimit, limits.get(first.name) || 1);
  assertEquals(of(second)!.signed, false);
  assert(of(last[0]!)!.signed);
  assertEquals(of(last[1]!)!.outputLimit, null);
  assertThrows(
    () => int8Limits(graph, second, new Map()),
    ModelError,
    "measure them with unet calibrate",
  );
  model.dispose();
  x.dispose();
});

Deno.test("forward() refuses eight bits on a device that lacks them", () => {
  const model = createModel({ width: 0.02 }, createRandom(0));
  const x = tf.ones([1, 32, 32, 3]) as tf.Tensor4D;
  const error = assertThrows(
    () => model.forward(x, { training: false, int8: new Map() }),
    DeviceError,
  );
  assertEquals(
    error.message,
    'Cannot compute in precision "int8": found device cpu, which lacks it, expected onednn',
  );
  model.dispose();
  x.dispose();
});
