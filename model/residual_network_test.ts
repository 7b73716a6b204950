/**
 * What residual networks ask of a forward pass that others do not: features
 * that two nodes read, convolutions without ReLU and without bias, strides.
 */
import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import { objectTask } from "@unet/task";
import { createModel } from "./create_model.ts";
import { assertNoLeak } from "./fixtures/blocks.ts";
import { int8Limits } from "./graph/int8_limits.ts";
import { type ConvolutionNode, nodesOf } from "./graph/node.ts";
import { measureFeatures } from "./int8.ts";
import type { Model } from "./model.ts";
import { graphOf } from "./networks/graph_of.ts";
import { completePlan } from "./plan.ts";

await tf.setBackend("cpu");

const narrow = { network: "resnet34", width: 0.05 } as const;

function images(): tf.Tensor4D {
  const random = createRandom(99);
  return tf.tensor4d(
    Float32Array.from({ length: 2 * 64 * 32 * 3 }, () => random.next()),
    [2, 64, 32, 3],
  );
}

/** Half the mean of the squared logits, with its gradient by weights. */
function gradientsOf(model: Model, x: tf.Tensor4D) {
  const loss = (logits: tf.Tensor4D): tf.Scalar =>
    tf.customGrad((y, save) => {
      (save as tf.GradSaveFunc)([y as tf.Tensor]);
      return {
        value: tf.mul(tf.mean(tf.square(y as tf.Tensor)), 0.5),
        gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) =>
          tf.mul(tf.div(y!, y!.size), dy),
      };
    })(logits) as tf.Scalar;
  const { value, grads } = tf.variableGrads(
    () => loss(model.forward(x, { training: true })),
    model.trainable.map((name) => model.weights.get(name)!),
  );
  value.dispose();
  return new Map(
    [...model.weights].map(([name, { name: id }]) => [name, grads[id]]),
  );
}

Deno.test("forward() of residual networks keeps height and width, with one output or two", () => {
  for (const network of ["resnet34", "resnet50"] as const) {
    for (const outputs of [1, 2]) {
      const task = objectTask(outputs === 1 ? {} : { borderWeight: 0.1 });
      const model = createModel(
        { ...narrow, network, task },
        createRandom(0),
      );
      const x = images();
      for (const training of [false, true]) {
        const logits = model.forward(x, { training });
        assertEquals(logits.shape, [2, 64, 32, outputs]);
        assert(logits.dataSync().every(Number.isFinite));
        logits.dispose();
      }
      x.dispose();
      model.dispose();
    }
  }
});

Deno.test("forward() of a residual network takes multiples of 32", () => {
  const model = createModel(narrow, createRandom(0));
  const x = tf.zeros<tf.Rank.R4>([1, 48, 64, 3]);
  assertThrows(
    () => model.forward(x, { training: false }),
    RangeError,
    "expected multiples of 32; pad to 64 × 64",
  );
  x.dispose();
  model.dispose();
});

for (const freezeEncoder of [false, true, 2]) {
  Deno.test(`a residual network has gradients that agree with finite differences, frozen: ${freezeEncoder}`, () => {
    const model = createModel(
      { ...narrow, width: 0.1, freezeEncoder },
      createRandom(22),
    );
    const x = images(), gradients = gradientsOf(model, x);
    const loss = (): number => {
      const logits = model.forward(x, { training: true });
      const values = logits.dataSync<"float32">();
      logits.dispose();
      return values.reduce((sum, v) => sum + v * v, 0) / values.length / 2;
    };
    const names = ["encoder.conv1", "encoder.layer1.0.conv2"]
      .concat(["encoder.layer2.0.downsample.0", "encoder.layer3.1.bn1"])
      .concat(["encoder.layer4.2.conv2", "decoder.blocks.0.conv1.0"])
      .concat(["decoder.blocks.4.conv2.1", "segmentation_head.0"])
      .map((layer) => `${layer}.weight`);
    const frozen = freezeEncoder === true ? 5 : freezeEncoder === 2 ? 2 : 0;
    const isFrozen = (name: string): boolean =>
      frozen === 5
        ? name.startsWith("encoder.")
        : frozen === 2 && /^encoder\.(conv1|layer1)/.test(name);
    for (const name of names) {
      assertEquals(gradients.get(name) === undefined, isFrozen(name), name);
      if (isFrozen(name)) continue;
      const variable = model.weights.get(name)!;
      const slope = gradients.get(name)!.dataSync<"float32">();
      const start = variable.dataSync<"float32">().slice();
      const norm = Math.hypot(...slope);
      // Along the gradient itself the loss changes most.
      const at = (length: number): number => {
        const moved = start.map((value, i) =>
          value + length * slope[i]! / norm
        );
        tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
        return loss();
      };
      const step = 5e-5 * Math.hypot(...start) / Math.sqrt(start.length);
      const difference = (at(step) - at(-step)) / (2 * step);
      at(0);
      assertLess(Math.abs(difference / norm - 1), 0.05, name);
    }
    tf.dispose([x, ...[...gradients.values()].filter((one) => one)]);
    model.dispose();
  });
}

Deno.test("a frozen residual encoder keeps statistics, weights and no features", () => {
  const held = (freezeEncoder: boolean): number => {
    const model = createModel({ ...narrow, freezeEncoder }, createRandom(0));
    const x = images();
    const before = tf.memory().numDataBuffers;
    let count = 0;
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.forward(x, { training: true });
      count = tf.memory().numDataBuffers - before;
      return tf.tidy(() =>
        tf.customGrad((y) => ({
          value: tf.sum(y as tf.Tensor),
          gradFunc: () => tf.ones([2, 64, 32, 1]),
        }))(logits) as tf.Scalar
      );
    }, model.trainable.map((name) => model.weights.get(name)!));
    tf.dispose([value, grads, x]);
    const isChanged = [...model.weights].some(([name, tensor]) =>
      name === "encoder.bn1.running_mean" && tensor.dataSync().some((v) => v)
    );
    assertEquals(isChanged, !freezeEncoder);
    model.dispose();
    return count;
  };
  // Ten blocks keep convolution, output, mean and variance, five of them their
  // concatenation or repeated pixels besides.
  const decoder = 10 * 4 + 5, logits = 1;
  const folded = 36 * 2;
  assertEquals(held(true), folded + decoder + logits);
  assert(held(false) > held(true));
});

Deno.test("a residual network leaves nothing behind, in inference and training, frozen or not", () => {
  const x = images();
  for (const freezeEncoder of [false, true, 3]) {
    for (const freezeBatchNorm of [false, true]) {
      assertNoLeak(() => {
        const model = createModel(
          { ...narrow, freezeEncoder, freezeBatchNorm, dropout: 0.5 },
          createRandom(0),
        );
        model.forward(x, { training: false }).dispose();
        assertNoLeak(() => {
          const random = createRandom(0);
          const { value, grads } = tf.variableGrads(
            () =>
              tf.customGrad((y) => ({
                value: tf.sum(y as tf.Tensor),
                gradFunc: () => tf.ones([2, 64, 32, 1]),
              }))(model.forward(x, { training: true, random })) as tf.Scalar,
            model.trainable.map((name) => model.weights.get(name)!),
          );
          tf.dispose([value, grads]);
          model.forward(x, { training: false }).dispose();
        });
        model.dispose();
      });
    }
  }
  x.dispose();
});

Deno.test("int8Limits() of a residual network keeps floats where sums and heads read", () => {
  const plan = completePlan(narrow), graph = graphOf(plan);
  const model = createModel(plan, createRandom(0));
  const { observe, limits } = measureFeatures();
  const x = images();
  tf.dispose(model.forward(x, { training: false, observe }));
  const named = graph.flatMap((node) =>
    node.op === "convolution" || node.op === "up" || node.op === "add"
      ? [node.name]
      : []
  );
  assertEquals([...limits.keys()], named);
  const of = (name: string) =>
    int8Limits(
      graph,
      nodesOf(graph, "convolution").find((node) =>
        node.name === name
      ) as ConvolutionNode,
      limits,
    );
  assertEquals(of("encoder.conv1"), null);
  const limit = (name: string): number => limits.get(name)! || 1;
  assertEquals(of("encoder.layer1.0.conv1"), {
    inputLimit: limit("encoder.conv1"),
    signed: false,
    outputLimit: limit("encoder.layer1.0.conv1"),
    stride: 1,
    relu: true,
  });
  assertEquals(of("encoder.layer2.0.conv1")!.stride, 2);
  assertEquals(
    of("encoder.layer2.0.conv1")!.inputLimit,
    limit("encoder.layer1.2"),
  );
  assertEquals(of("encoder.layer1.0.conv2")!.outputLimit, null);
  assertEquals(of("encoder.layer1.0.conv2")!.relu, false);
  // Repeated pixels after ReLU, and a skip connection after ReLU.
  assertEquals(of("decoder.blocks.1.conv1.0")!.signed, false);
  assertEquals(of("decoder.blocks.4.conv2.0")!.outputLimit, null);
  x.dispose();
  model.dispose();
});
