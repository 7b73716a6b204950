import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { clipByGlobalNorm } from "./clip_gradients.ts";
import fixture from "../fixtures/clip_gradients.json" with { type: "json" };

await tf.setBackend("cpu");

type Values = Readonly<Record<string, readonly number[]>>;

function gradients(): Map<string, tf.Tensor> {
  const shapes: Values = fixture.shapes;
  return new Map(
    Object.entries<readonly number[]>(fixture.gradients).map(([name, own]) => [
      name,
      tf.tensor([...own], [...shapes[name]!]),
    ]),
  );
}

for (const { maxNorm, norm, clipped } of fixture.cases) {
  Deno.test(`clipByGlobalNorm() to ${maxNorm} equals PyTorch's clip_grad_norm_`, () => {
    const before = tf.memory().numTensors;
    const given = gradients();
    const result = clipByGlobalNorm(given, maxNorm);
    assertAlmostEquals(result.norm.dataSync()[0]!, norm, 1e-6);
    assertEquals([...result.gradients.keys()], [...given.keys()]);
    for (const [name, values] of Object.entries<number[]>(clipped)) {
      const tensor = result.gradients.get(name)!;
      assertEquals(tensor.shape, given.get(name)!.shape);
      tensor.dataSync().forEach((value, i) =>
        assertAlmostEquals(value, values[i]!, 1e-6)
      );
    }
    tf.dispose([...given.values(), ...result.gradients.values(), result.norm]);
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("clipByGlobalNorm() takes scalars and no gradients at all", () => {
  const one = clipByGlobalNorm(new Map([["a", tf.scalar(-2)]]), 1);
  assertAlmostEquals(one.gradients.get("a")!.dataSync()[0]!, -1, 1e-6);
  const none = clipByGlobalNorm(new Map(), 1);
  assertEquals(none.norm.dataSync()[0], 0);
});

Deno.test("clipByGlobalNorm() throws when the bound is not above 0", () => {
  for (const wrong of [0, -1, NaN]) {
    assertThrows(
      () => clipByGlobalNorm(new Map(), wrong),
      RangeError,
      `Cannot use gradient clipping setting "maxNorm": found ${wrong}, expected a number above 0`,
    );
  }
});
