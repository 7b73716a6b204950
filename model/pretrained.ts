import type { Random } from "@unet/random";
import { graphOf } from "./networks/graph_of.ts";
import { initialValues } from "./initialize.ts";
import { fitKernel, fitNormalization } from "./fit_channels.ts";
import {
  firstKernelOf,
  type MapOptions,
  mapWeights,
  type WeightMapping,
} from "./map_weights.ts";
import {
  completePlan,
  imagenetNormalization,
  type InputConvention,
  type ModelPlan,
  type Normalization,
} from "./plan.ts";
import { floatValues } from "./files/safetensors.ts";
import { fromTorchLayout } from "./files/torch_layout.ts";
import type { Model } from "./model.ts";
import { buildModel } from "./create_model.ts";
import type { WeightsFile } from "./files/weights_file.ts";

/** The original VGG's means, which it subtracts from red, green, blue. */
const caffeMeans = [123.68, 116.779, 103.939] as const;

const conventions: Readonly<Record<InputConvention, Normalization>> = {
  torchvision: imagenetNormalization,
  caffe: {
    mean: [caffeMeans[0] / 255, caffeMeans[1] / 255, caffeMeans[2] / 255],
    deviation: [1 / 255, 1 / 255, 1 / 255],
  },
};

/** How {@linkcode createPretrained} reads the file. */
export interface PretrainedOptions
  extends Pick<MapOptions, "partial" | "freshHead"> {
  /**
   * The input that the weights expect, `torchvision`'s by default; or how a
   * model that was saved normalizes red, green, blue.
   */
  readonly input?: InputConvention | Normalization;
  /** What to call the file in a message; "weights" by default. */
  readonly name?: string;
}

/** A network that starts from a file's weights. */
export interface Pretrained {
  /** The network; the caller disposes it. */
  readonly model: Model;
  /** What of the file it took, and what starts at random. */
  readonly mapping: WeightMapping;
}

/**
 * Builds a network that starts from a file's weights, on tfjs' current
 * backend; what the file lacks starts at random.
 *
 * The input that the weights expect becomes part of the model: its
 * normalization is recorded in the plan, exactly, so that zeros at the border
 * mean what they meant in training; the order of blue, green, red is folded
 * into the first convolution. The model takes red, green, blue in 0…1 in
 * either case.
 *
 * Where the network takes another number of channels than three, a first
 * convolution of three channels is adapted as timm and
 * segmentation_models.pytorch do: one channel takes the sum over red, green and
 * blue; N take the three in turn, scaled by 3/N. So is the normalization: the
 * mean of the three for one channel, the three in turn for several.
 *
 * Where the network predicts borders and the file's does not, the head's first
 * channels are the file's, and the border's is random.
 *
 * @param plan What differs from the report's network; the normalization is the
 * convention's.
 * @param file The weights.
 * @param random The source of the weights that the file lacks.
 * @param options Whether the file may cover some layers only, its input, and
 * what to call it in a message.
 * @returns The model, and which of its weights come from where.
 * @throws {ModelError} Listing every tensor that does not fit.
 * @throws {RangeError} If a setting is outside its range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createPretrained, parseWeights, serializeTorch } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const pieces = serializeTorch(new Map([
 *   ["head.weight", { shape: [1, 1, 1, 1], values: new Float32Array([2]) }],
 *   ["head.bias", { shape: [1], values: new Float32Array([-1]) }],
 * ]));
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * const { model, mapping } = createPretrained(
 *   { width: 0.01, batchNorm: false, network: "vgg16" },
 *   parseWeights(bytes, "head.pth"),
 *   createRandom(0),
 *   { partial: true },
 * );
 * assertEquals([...mapping.taken.keys()], ["head.weight", "head.bias"]);
 * model.dispose();
 * ```
 */
export function createPretrained(
  plan: Partial<ModelPlan>,
  file: WeightsFile,
  random: Random,
  options: PretrainedOptions = {},
): Pretrained {
  const { partial = false, input = "torchvision", name = "weights" } = options;
  const { freshHead = false } = options;
  const normalization = typeof input === "string" ? conventions[input] : input;
  const channels = plan.task?.input.channels.length ?? 3;
  const whole = completePlan({
    ...plan,
    normalization: fitNormalization(normalization, channels),
  });
  const mapping = mapWeights(whole, file.tensors, name, {
    partial,
    ...{ growHead: true, fitChannels: true, freshHead },
  });
  const first = firstKernelOf(graphOf(whole));
  const model = buildModel(whole, (weight) => {
    const view = mapping.taken.get(weight.name);
    if (view === undefined) return initialValues(weight, random);
    const { values: stored } = fromTorchLayout({
      shape: view.shape,
      values: floatValues(view),
    });
    const outputs = weight.shape.at(-1)!;
    if (weight.name === first && input === "caffe") {
      reverseInputs(stored, outputs);
    }
    const values = mapping.fitted.includes(weight.name)
      ? fitKernel(stored, { channels, outputs })
      : stored;
    if (!mapping.grown.includes(weight.name)) return values;
    return growHead(
      values,
      initialValues(weight, random),
      outputs,
    );
  });
  return { model, mapping };
}

/** Values `[…, outputs]` with all outputs but the last from a file. */
function growHead(
  known: Float32Array,
  random: Float32Array,
  outputs: number,
): Float32Array {
  return random.map((value, at) => {
    const output = at % outputs, row = (at - output) / outputs;
    return output === outputs - 1
      ? value
      : known[row * (outputs - 1) + output]!;
  });
}

/** Turns kernels `[k, k, 3, out]` for blue, green, red to red, green, blue. */
function reverseInputs(values: Float32Array, outputs: number): void {
  for (let first = 0; first < values.length; first += 3 * outputs) {
    const third = first + 2 * outputs;
    for (let output = 0; output < outputs; output++) {
      const kept = values[first + output]!;
      values[first + output] = values[third + output]!;
      values[third + output] = kept;
    }
  }
}
