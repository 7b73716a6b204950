import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import { objectTask } from "@unet/task";
import { lossByName } from "./loss_by_name.ts";
import { lossOfHeads } from "./loss_of_heads.ts";

await tf.setBackend("cpu");

const { heads } = objectTask({
  instanceHeads: ["directions", "distances"],
});
const [object, directions, distances] = heads;
const random = createRandom(3);

/** Values of six pixels, of which the second and the fifth are no object. */
function drawn(head: "directions" | "distances") {
  const channels = head === "directions" ? 2 : 32, none = [1, 4];
  const [lowest, highest, nothing] = head === "directions"
    ? [-1, 1, -2]
    : [0.4, 3, -1];
  const target = Array.from(
    { length: 6 * channels },
    (_, at) =>
      none.includes(Math.floor(at / channels))
        ? nothing
        : random.uniform(lowest, highest),
  );
  const logits = target.map(() => random.uniform(-2, 4));
  const isObject = (pixel: number): boolean => !none.includes(pixel);
  return { channels, target, logits, isObject };
}

function valueAndGradient(
  head: typeof directions,
  { logits, target, channels }: ReturnType<typeof drawn>,
): { value: number; gradient: number[] } {
  const shape: [number, number, number, number] = [1, 2, 3, channels];
  const loss = lossOfHeads([{ ...head!, weight: 1 }]);
  const result = tf.tidy(() => {
    const y = tf.tensor4d(target, shape);
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) => loss(x, y))(
      tf.tensor4d(logits, shape),
    );
    return {
      value: value.dataSync()[0]!,
      gradient: [...grad.dataSync()],
    };
  });
  return result;
}

Deno.test("the loss of directions is the mean squared error on objects", () => {
  const given = drawn("directions");
  const { logits, target, channels, isObject } = given;
  const errors = logits.flatMap((x, at) =>
    isObject(Math.floor(at / channels)) ? [(x - target[at]!) ** 2] : []
  );
  const mean = errors.reduce((a, b) => a + b) / errors.length;
  assertAlmostEquals(valueAndGradient(directions, given).value, mean, 1e-5);
});

Deno.test("the loss of distances is the mean absolute error on objects, a pixel counting by its shortest ray over the mean of its rays", () => {
  const given = drawn("distances");
  const { logits, target, channels, isObject } = given;
  let sum = 0, shares = 0;
  for (let pixel = 0; pixel < 6; pixel++) {
    if (!isObject(pixel)) continue;
    const places = Array.from(
      { length: channels },
      (_, c) => pixel * channels + c,
    );
    const rays = places.map((at) => target[at]!);
    const mean = rays.reduce((a, b) => a + b) / channels;
    const share = Math.min(...rays) / mean;
    shares += share;
    for (const at of places) {
      sum += share * Math.abs(logits[at]! - target[at]!) / channels;
    }
  }
  const { value } = valueAndGradient(distances, given);
  assertAlmostEquals(value, sum / shares, 1e-5);
});

for (const [name, head] of Object.entries({ directions, distances })) {
  Deno.test(`the loss of ${name} has the slope that finite differences measure, and none where no object is`, () => {
    const given = drawn(name as "directions" | "distances"), step = 2 ** -6;
    const { gradient } = valueAndGradient(head, given);
    given.logits.forEach((x, at) => {
      if (!given.isObject(Math.floor(at / given.channels))) {
        assert(gradient[at] === 0);
        return;
      }
      // A size has no slope at 0.
      if (Math.abs(x - given.target[at]!) < 2 * step) return;
      const [below, above] = [-step, step].map((by) =>
        valueAndGradient(head, {
          ...given,
          logits: given.logits.with(at, x + by),
        }).value
      );
      assertAlmostEquals(gradient[at]!, (above! - below!) / (2 * step), 1e-4);
    });
  });

  Deno.test(`the loss of ${name} is 0 without any object, and leaves no tensor`, () => {
    const given = drawn(name as "directions" | "distances");
    const nothing = given.target.map(() => name === "directions" ? -2 : -1);
    const before = tf.memory().numTensors;
    const { value, gradient } = valueAndGradient(head, {
      ...given,
      target: nothing,
    });
    assertEquals(value, 0);
    assert(gradient.every((slope) => slope === 0));
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("lossOfHeads() adds the losses of objects, directions and distances by their weights", () => {
  const across = drawn("directions"), along = drawn("distances");
  const shape: [number, number, number] = [1, 2, 3];
  const logits = [0.5, -1, 2, 0, 1, -3], truth = [1, 0, 1, 1, 0, 1];
  const join = (own: readonly number[], name: "logits" | "target") =>
    tf.concat([
      tf.tensor4d([...own], [...shape, 1]),
      tf.tensor4d(across[name], [...shape, 2]),
      tf.tensor4d(along[name], [...shape, 32]),
    ], 3) as tf.Tensor4D;
  const value = tf.tidy(() =>
    lossOfHeads(heads)(join(logits, "logits"), join(truth, "target"))
      .dataSync()[0]!
  );
  const own = tf.tidy(() =>
    lossByName(object!.loss)(
      tf.tensor4d(logits, [...shape, 1]),
      tf.tensor4d(truth, [...shape, 1]),
    ).dataSync()[0]!
  );
  assertAlmostEquals(
    value,
    own + directions!.weight * valueAndGradient(directions, across).value +
      distances!.weight * valueAndGradient(distances, along).value,
    1e-5,
  );
});
