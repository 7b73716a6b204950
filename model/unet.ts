import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import type { Random } from "@unet/random";
import {
  type BlockWeights,
  foldBatchNorm,
  type FoldedBlock,
  inferBlock,
  inferBlockInt8,
  trainBlock,
} from "./convolution_block.ts";
import { cropBorder, cropToTwice } from "./crop.ts";
import { dropout } from "./dropout.ts";
import { requireInt8 } from "./int8.ts";
import { int8Limits } from "./int8_limits.ts";
import { foldFrozen } from "./frozen_batch_norm.ts";
import { initialValues } from "./initialize.ts";
import type { Convolution } from "./convolution.ts";
import { type Layers, layersOf } from "./layers.ts";
import { maxPool } from "./max_pool.ts";
import type { ForwardOptions, Model } from "./model.ts";
import { objectLogit } from "./object_logit.ts";
import { completePlan, type ModelPlan, type Outputs } from "./plan.ts";
import { pointwiseConvolution } from "./pointwise_convolution.ts";
import { marginOf, sizeRule } from "./sizes.ts";
import { upConcatenate } from "./up_concatenate.ts";
import {
  isParameter,
  type WeightShape,
  weightShapes,
} from "./weight_shapes.ts";
import { checkInput } from "./_check_input.ts";
import { withoutGradient } from "./_without_gradient.ts";

/**
 * Builds a network with random weights on tfjs' current backend: the report's
 * or, with `unet` for its encoder, the Paper's.
 *
 * @param plan What differs from the report's settings.
 * @param random The source of the weights; the same on every device.
 * @returns The model; the caller disposes it.
 * @throws {RangeError} If a setting is outside its range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const x = tf.zeros<tf.Rank.R4>([1, 32, 64, 3]);
 * const logits = model.forward(x, { training: false });
 * assertEquals(logits.shape, [1, 32, 64, 1]);
 * tf.dispose([x, logits]);
 * model.dispose();
 * ```
 */
export function createModel(plan: Partial<ModelPlan>, random: Random): Model {
  return buildModel(
    completePlan(plan),
    (weight) => initialValues(weight, random),
  );
}

/**
 * Builds a network with given weights on tfjs' current backend.
 *
 * @param plan The plan, complete.
 * @param valuesOf Gives the values of a tensor, in tfjs' order.
 * @returns The model; the caller disposes it.
 */
export function buildModel(
  plan: ModelPlan,
  valuesOf: (weight: WeightShape) => Float32Array,
): Model {
  return new UNet(plan, valuesOf);
}

/** A folded block, and the data that it was folded from. */
interface Fold extends FoldedBlock {
  readonly from: readonly tf.DataId[];
}

class UNet implements Model {
  readonly sizeMultiple: number;
  readonly margin: number;
  readonly outputs: Outputs;
  readonly weights: ReadonlyMap<string, tf.Variable>;
  readonly #layers: Layers;
  readonly #parameters: readonly WeightShape[];
  readonly #folds = new Map<string, Fold>();
  #plan: ModelPlan;
  readonly #mean: tf.Tensor;
  readonly #deviation: tf.Tensor;

  constructor(
    plan: ModelPlan,
    valuesOf: (weight: WeightShape) => Float32Array,
  ) {
    this.#plan = plan;
    this.#layers = layersOf(plan);
    this.sizeMultiple = sizeRule(plan).multiple;
    this.margin = marginOf(plan);
    this.outputs = plan.outputs;
    const shapes = weightShapes(this.#layers);
    this.weights = new Map(shapes.map((weight) => {
      const values = tf.tensor(valuesOf(weight), [...weight.shape]);
      const variable = tf.variable(values, isParameter(weight.role));
      values.dispose();
      return [weight.name, variable];
    }));
    this.#parameters = shapes.filter(({ role }) => isParameter(role));
    this.#mean = tf.keep(tf.tensor1d([...plan.normalization.mean]));
    this.#deviation = tf.keep(tf.tensor1d([...plan.normalization.deviation]));
  }

  get plan(): ModelPlan {
    return this.#plan;
  }

  get trainable(): readonly string[] {
    const frozen = new Set(
      this.#layers.encoder.slice(0, this.#frozenBlocks).flat()
        .flatMap(({ name, batchNorm }) => [name, batchNorm]),
    );
    return this.#parameters.filter(({ name, role }) =>
      !frozen.has(name.slice(0, name.lastIndexOf("."))) &&
      !(this.#plan.freezeBatchNorm && (role === "scale" || role === "offset"))
    ).map(({ name }) => name);
  }

  freezeEncoder(frozen: boolean | number): void {
    this.#plan = completePlan({ ...this.#plan, freezeEncoder: frozen });
  }

  get #frozenBlocks(): number {
    const { freezeEncoder } = this.#plan;
    if (typeof freezeEncoder === "number") return freezeEncoder;
    return freezeEncoder ? this.#layers.encoder.length : 0;
  }

  forward(x: tf.Tensor4D, options: ForwardOptions): tf.Tensor4D {
    checkInput(x, this.#plan);
    if (options.int8) requireInt8();
    const { training } = options;
    const { dropout: rate } = this.#plan;
    const isCropped = this.#plan.padding === "valid";
    const frozen = this.#frozenBlocks, blocks = this.#layers.encoder.length;
    const trains = (block: number): boolean => training && block >= frozen;
    return tf.tidy(() => {
      let features = this.#normalize(x);
      const advance = (layer: (input: tf.Tensor4D) => tf.Tensor4D): void => {
        const input = features;
        features = layer(input);
        input.dispose();
      };
      const convolve = (
        layer: Convolution,
        train: boolean,
        needsInputGradient: boolean,
      ): void =>
        advance((input) =>
          train
            ? this.#trainBlock(input, layer, needsInputGradient, options)
            : this.#inferBlock(input, layer, options)
        );
      // Padded convolutions, then what their zeros reached taken off: the same
      // numbers as without padding, and no device needs another kernel.
      const crop = (margin: number, needsGradient: boolean): void => {
        if (isCropped) {
          advance((input) => cropBorder(input, margin, needsGradient));
        }
      };
      const skips: tf.Tensor4D[] = [];
      this.#layers.encoder.forEach((block, index) => {
        block.forEach((layer, position) => {
          const isFirst = index === frozen && position === 0;
          convolve(layer, trains(index), !isFirst);
        });
        crop(block.length, trains(index));
        skips.push(features);
        features = maxPool(features, trains(index));
      });
      this.#layers.bottleneck.forEach((layer, position) =>
        convolve(layer, training, trains(blocks - 1) || position > 0)
      );
      crop(this.#layers.bottleneck.length, training);
      if (training && rate > 0) {
        const random = givenRandom(options.random);
        advance((input) => dropout(input, rate, random));
      }
      for (const step of this.#layers.decoder) {
        const needsGradient = trains(skips.length - 1);
        const skip = cropToTwice(skips.pop()!, features, needsGradient);
        const [kernel, bias] = this.#kernelAndBias(step.up.name);
        advance((x) => upConcatenate({ x, kernel, bias, skip }, needsGradient));
        skip.dispose();
        if (!training) options.observe?.(step.up.name, features);
        step.convolutions.forEach((layer) => convolve(layer, training, true));
        crop(step.convolutions.length, training);
      }
      advance((input) =>
        pointwiseConvolution(
          input,
          ...this.#kernelAndBias(this.#layers.head.name),
        )
      );
      if (this.#plan.encoder === "unet") advance(objectLogit);
      return features;
    });
  }

  dispose(): void {
    for (const name of [...this.#folds.keys()]) this.#forgetFold(name);
    tf.dispose([...this.weights.values(), this.#mean, this.#deviation]);
  }

  #normalize(x: tf.Tensor4D): tf.Tensor4D {
    return withoutGradient(() =>
      tf.div<tf.Tensor4D>(tf.sub(x, this.#mean), this.#deviation)
    );
  }

  #weight(name: string): tf.Variable {
    return this.weights.get(name)!;
  }

  #kernelAndBias(name: string): [tf.Variable, tf.Variable] {
    return [this.#weight(`${name}.weight`), this.#weight(`${name}.bias`)];
  }

  #trainBlock(
    input: tf.Tensor4D,
    layer: Convolution,
    needsInputGradient: boolean,
    { statisticsMomentum }: ForwardOptions,
  ): tf.Tensor4D {
    this.#forgetFold(layer.name);
    const block = this.#block(layer);
    const isFrozen = this.#plan.freezeBatchNorm;
    return trainBlock(
      input,
      isFrozen ? foldFrozen(block) : block,
      needsInputGradient,
      statisticsMomentum,
    );
  }

  #inferBlock(
    input: tf.Tensor4D,
    layer: Convolution,
    { int8, observe }: ForwardOptions,
  ): tf.Tensor4D {
    const folded = this.#folded(layer);
    const limits = int8 && int8Limits(this.#layers, layer, int8);
    const output = limits
      ? inferBlockInt8(input, folded, limits)
      : inferBlock(input, folded);
    observe?.(layer.name, output);
    return output;
  }

  /** The block with batch norm folded in, once for as long as it stays. */
  #folded(layer: Convolution): FoldedBlock {
    const block = this.#block(layer);
    if (block.batchNorm === undefined) return block;
    const { kernel, bias, batchNorm } = block;
    const from = [kernel, bias, ...Object.values(batchNorm)]
      .map(({ dataId }) => dataId);
    const known = this.#folds.get(layer.name);
    if (known?.from.every((dataId, i) => dataId === from[i])) return known;
    this.#forgetFold(layer.name);
    const fold = { from, ...foldBatchNorm(block) };
    this.#folds.set(layer.name, {
      ...fold,
      kernel: tf.keep(fold.kernel),
      bias: tf.keep(fold.bias),
    });
    return fold;
  }

  #forgetFold(name: string): void {
    const known = this.#folds.get(name);
    if (known) tf.dispose([known.kernel, known.bias]);
    this.#folds.delete(name);
  }

  #block({ name, batchNorm }: Convolution): BlockWeights {
    const [kernel, bias] = this.#kernelAndBias(name);
    if (batchNorm === undefined) return { kernel, bias };
    return {
      kernel,
      bias,
      batchNorm: {
        scale: this.#weight(`${batchNorm}.weight`),
        offset: this.#weight(`${batchNorm}.bias`),
        mean: this.#weight(`${batchNorm}.running_mean`),
        variance: this.#weight(`${batchNorm}.running_var`),
      },
    };
  }
}

function givenRandom(random: Random | undefined): Random {
  if (random !== undefined) return random;
  throw new TypeError(
    cannot("run", "model in", "training", {
      found: "dropout without a source of random numbers",
      expected: "options.random",
    }),
  );
}
