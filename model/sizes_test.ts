import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { completePlan } from "./plan.ts";
import { fitInputSize, fitOutputSize, marginOf, sizeRule } from "./sizes.ts";
import { createModel } from "./create_model.ts";

await tf.setBackend("cpu");

const paper = completePlan({ network: "unet" });

/** What is left of so many pixels in the Paper's Figure 1, or a failure. */
function walk(size: number): number | undefined {
  let now = size;
  for (let level = 0; level < 4; level++) {
    now -= 4;
    if (now <= 0 || now % 2 !== 0) return undefined;
    now /= 2;
  }
  now -= 4;
  for (let level = 0; level < 4; level++) now = 2 * now - 4;
  return now > 0 ? now : undefined;
}

Deno.test("fitInputSize() takes a size if each pooling of the Paper's network finds an even one", () => {
  assertEquals(walk(572), 388);
  for (let size = 1; size < 700; size++) {
    const isFit = fitInputSize(paper, size) === size;
    assertEquals(isFit, walk(size) !== undefined, `${size}`);
    if (isFit) assertEquals(walk(size), size - 2 * marginOf(paper));
  }
});

Deno.test("fitInputSize() gives the next size that fits, and fitOutputSize() too", () => {
  const plans = [
    paper,
    completePlan(),
    completePlan({ network: "unet", padding: "same" }),
  ];
  fc.assert(fc.property(
    fc.constantFrom(...plans),
    fc.integer({ min: 1, max: 5000 }),
    (plan, size) => {
      const fit = fitInputSize(plan, size);
      const { multiple, least } = sizeRule(plan);
      assertEquals(fitInputSize(plan, fit), fit);
      assertEquals(
        fit >= size && (fit < size + multiple || fit === least),
        true,
      );
      assertEquals(
        fitOutputSize(plan, size),
        fitInputSize(plan, size + 2 * marginOf(plan)) - 2 * marginOf(plan),
      );
    },
  ));
});

Deno.test("forward() of the Paper's network gives 92 pixels less on each side", () => {
  const model = createModel({ network: "unet", width: 0.02 }, createRandom(0));
  const x = tf.zeros<tf.Rank.R4>([1, 188, 204, 3]);
  const logits = model.forward(x, { training: false });
  assertEquals(logits.shape, [1, 4, 20, 1]);
  assertEquals(model.margin, 92);
  tf.dispose([x, logits]);
  model.dispose();
});

Deno.test("forward() says which sizes the Paper's network takes", () => {
  const model = createModel({ network: "unet", width: 0.02 }, createRandom(0));
  const x = tf.zeros<tf.Rank.R4>([1, 256, 572, 3]);
  assertThrows(
    () => model.forward(x, { training: false }),
    RangeError,
    "found height 256 and width 572, expected multiples of 16 and 12 more, from 188, of which unpadded convolutions leave 184 fewer; pad to 268 × 572",
  );
  x.dispose();
  model.dispose();
});

Deno.test("forward() leaves no tensor behind but its logits, cropped or not", () => {
  for (const padding of ["same", "valid"] as const) {
    const model = createModel(
      { network: "unet", width: 0.02, padding },
      createRandom(0),
    );
    const side = padding === "same" ? 32 : 188;
    const x = tf.zeros<tf.Rank.R4>([1, side, side, 3]);
    const before = tf.memory().numTensors;
    for (const training of [false, true]) {
      const logits = model.forward(x, { training });
      assertEquals(tf.memory().numTensors, before + 1);
      logits.dispose();
    }
    x.dispose();
    model.dispose();
  }
});
