import { objectTask } from "@unet/task";
import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import { assertNoLeak } from "./fixtures/blocks.ts";
import type { ModelPlan } from "./plan.ts";
import type { Model } from "./model.ts";
import { createModel } from "./create_model.ts";

const narrow = { width: 0.03 } as const;

function images(...shape: [number, number, number, number]): tf.Tensor4D {
  const random = createRandom(99);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => random.next()),
    shape,
  );
}

function logitsOf(
  model: Model,
  x: tf.Tensor4D,
  options: Parameters<Model["forward"]>[1] = { training: false },
): Float32Array {
  const logits = model.forward(x, options);
  const values = logits.dataSync<"float32">();
  logits.dispose();
  return values;
}

/** A smooth loss: half the mean of the squares, with its gradient. */
function halfSquare(logits: tf.Tensor4D): tf.Scalar {
  const loss = tf.customGrad((y, save) => {
    const given = y as tf.Tensor;
    (save as tf.GradSaveFunc)([given]);
    return {
      value: tf.mul(tf.mean(tf.square(given)), 0.5),
      gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) =>
        tf.mul(tf.div(y!, y!.size), dy),
    };
  });
  return loss(logits) as tf.Scalar;
}

function gradientsOf(
  model: Model,
  x: tf.Tensor4D,
): { [name: string]: tf.Tensor | undefined } {
  const { value, grads } = tf.variableGrads(
    () => halfSquare(model.forward(x, { training: true })),
    model.trainable.map((name) => model.weights.get(name)!),
  );
  value.dispose();
  return Object.fromEntries(
    [...model.weights].map(([name, { name: id }]) => [name, grads[id]]),
  );
}

function copyWeights(model: Model): Map<string, Float32Array> {
  return new Map(
    [...model.weights].map(([name, variable]) => [
      name,
      variable.dataSync<"float32">().slice(),
    ]),
  );
}

function changedNames(model: Model, before: Map<string, Float32Array>) {
  return [...model.weights]
    .filter(([name, variable]) =>
      `${variable.dataSync()}` !== `${before.get(name)}`
    )
    .map(([name]) => name);
}

Deno.test("forward() gives the same logits in one pass and in several", () => {
  const model = createModel(narrow, createRandom(0));
  const x = images(5, 32, 64, 3);
  const logits = (mostValues?: number): number[] => {
    const y = model.forward(x, {
      training: false,
      ...(mostValues !== undefined && { mostValues }),
    });
    const values = [...y.dataSync()];
    assertEquals(y.shape, [5, 32, 64, 1]);
    y.dispose();
    return values;
  };
  const whole = logits();
  for (const most of [1, 2 * 3 * 32 * 64, 4 * 3 * 32 * 64]) {
    assertEquals(logits(most), whole);
  }
  const count = tf.memory().numTensors;
  logits(1);
  assertEquals(tf.memory().numTensors, count);
  x.dispose();
  model.dispose();
});

Deno.test("forward() keeps height and width, square or not, in inference and training", () => {
  const plans: Partial<ModelPlan>[] = [
    narrow,
    { ...narrow, batchNorm: false },
    { ...narrow, network: "vgg16", batchNorm: false },
    { ...narrow, freezeEncoder: true, decoderChannels: [9, 7, 5, 3, 1] },
  ];
  for (const plan of plans) {
    const model = createModel(plan, createRandom(0));
    for (const [height, width] of [[32, 96], [64, 32]] as const) {
      const x = images(2, height, width, 3);
      for (const training of [false, true]) {
        const logits = model.forward(x, { training });
        assertEquals(logits.shape, [2, height, width, 1]);
        assert(logits.dataSync().every(Number.isFinite));
        logits.dispose();
      }
      x.dispose();
    }
    model.dispose();
  }
});

Deno.test("forward() refuses sizes that are no multiple of 32, and says what to pad to", () => {
  const model = createModel(narrow, createRandom(0));
  assertEquals(model.sizeMultiple, 32);
  const cases: [number, number, string][] = [
    [33, 32, "64 × 32"],
    [32, 100, "32 × 128"],
    [1, 1, "32 × 32"],
    [31, 65, "32 × 96"],
  ];
  for (const [height, width, padded] of cases) {
    const x = tf.zeros<tf.Rank.R4>([1, height, width, 3]);
    const error = assertThrows(
      () => model.forward(x, { training: false }),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot run model on input "[1,${height},${width},3]": found height ${height} and width ${width}, expected multiples of 32; pad to ${padded}`,
    );
    x.dispose();
  }
  model.dispose();
});

Deno.test("forward() refuses another rank, another number of channels, and no image", () => {
  const model = createModel(narrow, createRandom(0));
  const refused = (shape: number[]) =>
    assertThrows(
      () =>
        model.forward(tf.zeros<tf.Rank>(shape as [number]) as tf.Tensor4D, {
          training: false,
        }),
      Error,
    );
  for (const shape of [[1, 32, 32, 1], [1, 32, 32, 4], [32, 32, 3], [3]]) {
    const error = refused(shape);
    assert(error instanceof TypeError);
    assertEquals(
      error.message,
      `Cannot run model on input "[${shape}]": found shape [${shape}], expected [N, H, W, 3]`,
    );
  }
  const error = refused([0, 32, 32, 3]);
  assert(error instanceof RangeError);
  assertEquals(
    error.message,
    'Cannot run model on input "[0,32,32,3]": found no image, expected at least one',
  );
  model.dispose();
});

Deno.test("forward() normalizes its input by the plan's mean and deviation", () => {
  const mean = [0.2, 0.5, 0.6] as const, deviation = [0.5, 0.25, 2] as const;
  const model = createModel(
    { ...narrow, normalization: { mean, deviation } },
    createRandom(0),
  );
  const plain = createModel(
    {
      ...narrow,
      normalization: { mean: [0, 0, 0], deviation: [1, 1, 1] },
    },
    createRandom(0),
  );
  tf.tidy(() => {
    const x = images(1, 32, 32, 3);
    const normalized = tf.div<tf.Tensor4D>(
      tf.sub(x, tf.tensor1d([...mean])),
      tf.tensor1d([...deviation]),
    );
    assertEquals(logitsOf(model, x), logitsOf(plain, normalized));
    assertNotEquals(logitsOf(model, x), logitsOf(plain, x));
  });
  model.dispose();
  plain.dispose();
});

Deno.test("createModel() gives the same logits for the same seed, others for another", () => {
  const x = images(1, 32, 32, 3);
  const [first, again, other] = [5, 5, 6].map((seed) => {
    const model = createModel(narrow, createRandom(seed));
    const logits = logitsOf(model, x);
    model.dispose();
    return logits;
  });
  assertEquals(first, again);
  assertNotEquals(first, other);
  x.dispose();
});

Deno.test("forward() treats images of a batch apart in inference", () => {
  const model = createModel(narrow, createRandom(0));
  tf.tidy(() => {
    const x = images(3, 32, 32, 3);
    const together = logitsOf(model, x);
    const alone = tf.split(x, 3).flatMap((one) => [
      ...logitsOf(model, one as tf.Tensor4D),
    ]);
    assertEquals([...together], alone);
  });
  model.dispose();
});

Deno.test("forward() moves all running statistics in training, and nothing in inference", () => {
  const model = createModel(narrow, createRandom(0));
  const x = images(2, 64, 32, 3);
  const before = copyWeights(model);
  logitsOf(model, x);
  assertEquals(changedNames(model, before), []);
  logitsOf(model, x, { training: true });
  assertEquals(
    changedNames(model, before),
    [...model.weights.keys()].filter((name) =>
      /\.running_(mean|var)$/.test(name)
    ),
  );
  x.dispose();
  model.dispose();
});

Deno.test("forward() with freezeEncoder leaves the encoder's statistics, and has no gradient for it", () => {
  const model = createModel(
    { ...narrow, freezeEncoder: true },
    createRandom(0),
  );
  assertEquals(
    model.trainable.filter((name) => name.startsWith("encoder.")),
    [],
  );
  assertEquals(
    [...model.trainable],
    [...model.weights.keys()].filter((name) =>
      !/\.running_(mean|var)$/.test(name) && !name.startsWith("encoder.")
    ),
  );
  const before = copyWeights(model);
  const x = images(2, 64, 32, 3);
  const { value, grads } = tf.variableGrads(
    () => halfSquare(model.forward(x, { training: true })),
    // All variables are asked for; the encoder's get none.
    [...model.weights.values()],
  );
  for (const [name, variable] of model.weights) {
    const gradient = grads[variable.name];
    assertEquals(Boolean(gradient), model.trainable.includes(name), name);
    if (!gradient) continue;
    tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradient, 0.1))));
  }
  const changed = changedNames(model, before);
  assert(changed.includes("bottleneck.0.weight"));
  assert(changed.includes("bottleneck.1.running_mean"));
  assertEquals(changed.filter((name) => name.startsWith("encoder.")), []);
  tf.dispose([value, grads, x]);
  model.dispose();
});

Deno.test("forward() with freezeEncoder has the gradients of a network whose encoder is in evaluation", () => {
  // Without batch norm, frozen or not is the same forward pass.
  const plan = { ...narrow, network: "vgg16", batchNorm: false } as const;
  const x = images(2, 32, 64, 3);
  const cases = [false, true, 1, 3, 5];
  const [free, ...others] = cases.map((freezeEncoder) => {
    const model = createModel({ ...plan, freezeEncoder }, createRandom(0));
    const gradients = gradientsOf(model, x);
    model.dispose();
    return gradients;
  });
  // Convolutions of the first blocks: 2, 2, 3, 3, 3.
  const kept = [13, 2, 7, 13];
  for (const [index, gradients] of others.entries()) {
    const frozen = [
      ...new Set(
        Object.keys(free!)
          .filter((name) => name.startsWith("encoder."))
          .map((name) => name.slice(0, name.lastIndexOf("."))),
      ),
    ]
      .slice(0, kept[index]);
    for (const [name, gradient] of Object.entries(free!)) {
      const isFrozen = frozen.includes(name.slice(0, name.lastIndexOf(".")));
      assertEquals(
        gradients[name]?.dataSync(),
        isFrozen ? undefined : gradient?.dataSync(),
        `${name}, ${cases[index + 1]}`,
      );
    }
  }
  tf.dispose([x, free!, ...others]);
});

Deno.test("forward() with freezeEncoder keeps no features of the encoder for gradients", () => {
  const held = (freezeEncoder: boolean): number => {
    const model = createModel({ ...narrow, freezeEncoder }, createRandom(0));
    const x = images(1, 32, 32, 3);
    let count = 0;
    const before = tf.memory().numDataBuffers;
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.forward(x, { training: true });
      count = tf.memory().numDataBuffers - before;
      return halfSquare(logits);
    }, model.trainable.map((name) => model.weights.get(name)!));
    tf.dispose([value, grads, x]);
    model.dispose();
    return count;
  };
  // A trained block keeps its convolution, its output, mean and variance; a
  // decoder step keeps its concatenation besides.
  const bottleneckAndDecoder = 4 * 4 + 5 * (1 + 2 * 4);
  const pooled = 1, logits = 1, folded = 13 * 2;
  assertEquals(held(true), folded + pooled + bottleneckAndDecoder + logits);
  const encoder = 1 + 13 * 4 + 5;
  assertEquals(held(false), encoder + bottleneckAndDecoder + logits);
});

Deno.test("forward() holds nothing but skips and current features in inference", async () => {
  const model = createModel(narrow, createRandom(0));
  const x = images(1, 128, 128, 3);
  // The first time folds batch norm into the kernels, which stay.
  logitsOf(model, x);
  const before = tf.memory().numBytes;
  const profile = await tf.profile(() => model.forward(x, { training: false }));
  // The largest moment is the last concatenation, with what it joins and what
  // the up-convolution grew from, of a quarter of the pixels.
  const up = 1, skip = 2, below = 1 / 4;
  const expected = 4 * 128 * 128 * 2 * (up + skip + below);
  assertLess((profile.peakBytes - before) / expected, 1.01);
  tf.dispose([x, profile.result as tf.Tensor]);
  model.dispose();
});

Deno.test("forward() drops features in training alone, by the given random source", () => {
  const model = createModel({ ...narrow, dropout: 0.5 }, createRandom(0));
  const x = images(1, 64, 64, 3);
  const train = (seed: number) =>
    logitsOf(model, x, { training: true, random: createRandom(seed) });
  assertEquals(train(1), train(1));
  assertNotEquals(train(1), train(2));
  const inferred = logitsOf(model, x, {
    training: false,
    random: createRandom(1),
  });
  assertEquals(logitsOf(model, x), inferred);
  const error = assertThrows(
    () => model.forward(x, { training: true }),
    TypeError,
  );
  assertEquals(
    error.message,
    'Cannot run model in "training": found dropout without a source of random numbers, expected options.random',
  );
  x.dispose();
  model.dispose();
});

Deno.test("createModel() and forward() leave nothing behind", () => {
  const x = images(2, 32, 32, 3);
  for (const freezeEncoder of [false, true]) {
    for (const dropout of [0, 0.5]) {
      assertNoLeak(() => {
        const model = createModel(
          { ...narrow, freezeEncoder, dropout },
          createRandom(0),
        );
        const random = createRandom(0);
        // Kernels with batch norm folded in stay until a training step.
        logitsOf(model, x);
        assertNoLeak(() => {
          logitsOf(model, x, { training: true, random });
          const { value, grads } = tf.variableGrads(
            () => halfSquare(model.forward(x, { training: true, random })),
            model.trainable.map((name) => model.weights.get(name)!),
          );
          tf.dispose([value, grads]);
          logitsOf(model, x);
        });
        model.dispose();
      });
    }
  }
  x.dispose();
});

Deno.test("forward() leaves its input and, when it fails, nothing else", () => {
  const model = createModel({ ...narrow, dropout: 0.5 }, createRandom(0));
  const x = images(1, 32, 32, 3);
  assertNoLeak(() =>
    assertThrows(() => model.forward(x, { training: true }), TypeError)
  );
  assertEquals(x.isDisposed, false);
  x.dispose();
  model.dispose();
});

for (const freezeEncoder of [false, true]) {
  Deno.test(`forward() has gradients that agree with finite differences${freezeEncoder ? ", encoder frozen" : ""}`, () => {
    const model = createModel(
      { width: 0.06, freezeEncoder },
      createRandom(21),
    );
    const x = images(2, 64, 64, 3);
    const gradients = gradientsOf(model, x);
    const loss = (): number => {
      const logits = logitsOf(model, x, { training: true });
      return logits.reduce((sum, v) => sum + v * v, 0) / logits.length / 2;
    };
    const prefixes = ["bottleneck.0", "bottleneck.10", "decoder.0.up"]
      .concat(["decoder.2.convolutions.3", "decoder.4.convolutions.1", "head"])
      .concat(
        freezeEncoder ? [] : ["encoder.features.0", "encoder.features.34"],
      );
    for (const prefix of prefixes) {
      const variable = model.weights.get(`${prefix}.weight`)!;
      const gradient = gradients[`${prefix}.weight`]!.dataSync<"float32">();
      // The steepest weight stands out most from rounding.
      const index = gradient.reduce(
        (best, value, i) =>
          Math.abs(value) > Math.abs(gradient[best]!) ? i : best,
        0,
      );
      const values = variable.dataSync<"float32">().slice();
      const move = (step: number): void => {
        const moved = values.slice();
        moved[index]! += step;
        tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
      };
      const step = 1e-3;
      move(step);
      const above = loss();
      move(-step);
      const slope = (above - loss()) / (2 * step);
      move(0);
      const expected = gradient[index]!;
      assertGreater(Math.abs(expected), 1e-4);
      assertLess(
        Math.abs(slope - expected) / Math.abs(expected),
        // Within the step some of ReLU's kinks are crossed.
        0.08,
        `${prefix}: slope ${slope}, gradient ${expected}`,
      );
    }
    tf.dispose([x, gradients as tf.NamedTensorMap]);
    model.dispose();
  });
}

for (const network of ["vgg16", "unet"] as const) {
  Deno.test(`forward() of ${network} with two outputs has each head's gradient`, () => {
    const model = createModel(
      {
        network,
        batchNorm: false,
        width: 0.03,
        task: objectTask({ borderWeight: 0.1 }),
      },
      createRandom(21),
    );
    const side = network === "unet" ? 188 : 32;
    const x = images(1, side, side, 3);
    const logits = model.forward(x, { training: false });
    const rest = side - 2 * model.margin;
    assertEquals(logits.shape, [1, rest, rest, 2]);
    logits.dispose();
    const gradients = gradientsOf(model, x);
    const bias = model.weights.get("head.bias")!;
    const gradient = gradients["head.bias"]!.dataSync();
    assertEquals(gradient.length, network === "unet" ? 3 : 2);
    const loss = (): number => {
      const logits = logitsOf(model, x, { training: true });
      return logits.reduce((sum, v) => sum + v * v, 0) / logits.length / 2;
    };
    gradient.forEach((expected, output) => {
      const [below, above] = [-0.25, 0.25].map((step) => {
        const moved = gradient.map((_, at) => at === output ? step : 0);
        tf.tidy(() => bias.assign(tf.tensor1d(moved)));
        return loss();
      });
      // A parabola: the difference is exact but for rounding.
      assertLess(Math.abs((above! - below!) / 0.5 - expected), 1e-4);
    });
    tf.dispose([x, gradients as tf.NamedTensorMap]);
    model.dispose();
  });
}
