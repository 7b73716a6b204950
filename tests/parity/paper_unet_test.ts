/**
 * The Paper's network against PyTorch: forward, weighted softmax cross entropy
 * and every gradient, on outputs that `make_paper_fixtures.py` stored; without
 * padding, with padding and batch norm, and with batch norm frozen.
 */
import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  createModel,
  type ModelPlan,
  parseSafetensors,
  summarize,
} from "@unet/model";
import { createRandom } from "@unet/random";
import { weightedCrossEntropy } from "@unet/train";
import { fill, noise, relativeError, stored, values } from "./_formula.ts";

/** Batch norm over single channels cancels digits, in PyTorch as here. */
const toleranceOf = (plan: Partial<ModelPlan>): number =>
  plan.batchNorm ? 5e-4 : 1e-4;

const cases: Readonly<
  Record<string, { plan: Partial<ModelPlan>; size: [number, number] }>
> = {
  paper_valid: { plan: {}, size: [204, 188] },
  paper_same: { plan: { padding: "same", batchNorm: true }, size: [48, 64] },
  paper_frozen: {
    plan: { padding: "same", batchNorm: true, freezeBatchNorm: true },
    size: [48, 64],
  },
};

for (const [name, { plan, size: [height, width] }] of Object.entries(cases)) {
  Deno.test(`createModel() with unet trains as in PyTorch: ${name}`, async () => {
    await tf.setBackend("cpu");
    const tolerance = toleranceOf(plan);
    const url = new URL(`fixtures/${name}.safetensors`, import.meta.url);
    const file = parseSafetensors(await Deno.readFile(url), name);
    const model = createModel(
      { network: "unet", width: 1 / 64, ...plan },
      createRandom(0),
    );
    fill(model);
    const x = tf.tidy(() =>
      tf.transpose(
        tf.tensor4d(
          Float32Array.from(
            noise(2 * 3 * height * width, 1001),
            (v) => v * 0.5 + 0.5,
          ),
          [2, 3, height, width],
        ),
        [0, 2, 3, 1],
      )
    );
    const shape: [number, number, number, number] = [
      2,
      height - 2 * model.margin,
      width - 2 * model.margin,
      1,
    ];
    const pixels = shape[0] * shape[1] * shape[2];
    const y = tf.tensor4d(
      Float32Array.from(noise(pixels, 1002), (v) => v > 0.3 ? 1 : 0),
      shape,
    );
    const weights = tf.tensor4d(
      Float32Array.from(noise(pixels, 1003), (v) => v + 2),
      shape,
    );
    const statistics = [...model.weights].filter(([name]) =>
      /running/.test(name)
    ).map(([, tensor]) => tensor.dataSync().slice());
    let logits: tf.Tensor4D | undefined;
    const { value, grads } = tf.variableGrads(
      () => {
        logits = tf.keep(model.forward(x, { training: true }));
        return weightedCrossEntropy(logits, y, weights);
      },
      model.trainable.map((name) => model.weights.get(name)!),
    );
    assertEquals(logits!.shape, shape);
    assertLess(
      relativeError(
        await logits!.data() as Float32Array,
        stored(file, "logits"),
      ),
      tolerance,
    );
    assertLess(
      relativeError(await values(value), stored(file, "loss")),
      1e-5,
    );
    const names = [...file.tensors.keys()]
      .filter((name) => name.startsWith("gradient/"))
      .map((name) => name.slice("gradient/".length));
    assertEquals(names.toSorted(), [...model.trainable].sort());
    for (const name of names) {
      const error = relativeError(
        await values(grads[model.weights.get(name)!.name]!),
        stored(file, `gradient/${name}`),
        // A bias before batch norm has a gradient of zero, but for rounding.
        plan.batchNorm && name.endsWith(".bias") ? 1e-2 : 1e-4,
      );
      assertLess(error, tolerance, `${name}: relative error ${error}`);
    }
    if (plan.freezeBatchNorm) {
      assertEquals(
        [...model.weights].filter(([name]) => /running/.test(name)).map((
          [, tensor],
        ) => tensor.dataSync()),
        statistics,
      );
    }
    assertEquals(
      summarize({ network: "unet" }, { height: 572, width: 572 }).parameters,
      Number(
        file.tensors.get("parameters")!.bytes.slice().reduceRight(
          (sum, byte) => sum * 256 + byte,
          0,
        ),
      ),
    );
    model.dispose();
  });
}
