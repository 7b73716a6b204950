import { brief, briefList, briefText, cannot, ModelError } from "@unet/errors";
import { layersOf } from "./layers.ts";
import type { EncoderName, ModelPlan } from "./plan.ts";
import type { SafetensorsView } from "./safetensors.ts";
import { torchShape } from "./torch_layout.ts";
import { type WeightShape, weightShapes } from "./weight_shapes.ts";

/** Which tensors of a file a network takes. */
export interface WeightMapping {
  /** The tensors by the network's names. */
  readonly taken: ReadonlyMap<string, SafetensorsView>;
  /** The network's tensors that the file does not have. */
  readonly left: readonly string[];
  /**
   * The tensors of the head that the file has for the object alone, where the
   * network tells its border too: taken, but for the border's channel.
   */
  readonly grown: readonly string[];
  /** The file's tensors that no encoder has, such as a classifier's. */
  readonly ignored: readonly string[];
}

/** How {@linkcode mapWeights} reads a file. */
export interface MapOptions {
  /**
   * Whether a file may cover some layers only; without it, it must cover the
   * whole network or its whole encoder.
   */
  readonly partial?: boolean;
  /**
   * Whether a network that tells borders takes a head that tells none; false
   * by default.
   */
  readonly growHead?: boolean;
}

/** Counters of batch norm, which no rule here reads. */
const isCounter = (name: string): boolean =>
  name.endsWith(".num_batches_tracked");

/**
 * Beginnings of tensors that belong to other networks around an encoder:
 * torchvision's classifier; decoder and heads of segmentation_models.pytorch.
 */
const strangers = [
  "classifier.",
  "encoder.classifier.",
  "decoder.center.",
  "decoder.blocks.",
  "segmentation_head.",
  "classification_head.",
] as const;

/**
 * Finds a network's tensors in a file: under this project's names; as an
 * encoder alone under torchvision's (`features.0.weight`, or `0.weight` as of
 * `model.features`); or as the encoder in a network of
 * segmentation_models.pytorch. `module.`, which PyTorch's parallel training
 * adds, is taken off.
 *
 * @param plan The network, complete.
 * @param tensors The file's tensors.
 * @param name What to call the file in a message.
 * @param options Whether the file may cover some layers only, or no borders.
 * @returns What is taken, what the file lacks, what is passed over.
 * @throws {ModelError} Listing every missing, surplus and misshapen tensor,
 * with what was expected and what was found.
 *
 * @example
 * ```ts
 * import { completePlan, mapWeights } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const view = (...shape: number[]) => ({
 *   dtype: "F32" as const,
 *   shape,
 *   bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b)),
 * });
 * const { taken } = mapWeights(
 *   completePlan({ encoder: "vgg16" }),
 *   new Map([
 *     ["features.0.weight", view(64, 3, 3, 3)],
 *     ["features.0.bias", view(64)],
 *   ]),
 *   "first.pth",
 *   { partial: true },
 * );
 * assertEquals([...taken.keys()], [
 *   "encoder.features.0.weight",
 *   "encoder.features.0.bias",
 * ]);
 * ```
 */
export function mapWeights(
  plan: ModelPlan,
  tensors: ReadonlyMap<string, SafetensorsView>,
  name: string,
  { partial = false, growHead = false }: MapOptions = {},
): WeightMapping {
  const { named, ignored, encoderAlone } = renameTensors(tensors);
  const shapes = weightShapes(layersOf(plan));
  const taken = new Map<string, SafetensorsView>();
  const left: string[] = [], grown: string[] = [], faults: string[] = [];
  const layers = new Set([...named.keys()].map(layerName));
  for (const weight of shapes) {
    const view = named.get(weight.name);
    const isLeft = partial
      ? !layers.has(layerName(weight.name))
      : encoderAlone && !weight.name.startsWith("encoder.");
    if (view !== undefined) {
      const lacksBorder = growHead && plan.outputs === 2 &&
        isObjectHead(weight, view);
      const fault = lacksBorder ? undefined : faultOf(weight, view);
      if (fault === undefined) taken.set(weight.name, view);
      else faults.push(fault);
      if (lacksBorder) grown.push(weight.name);
    } else if (isLeft) left.push(weight.name);
    else {
      faults.push(
        `${weight.name} is missing, expected [${torchShape(weight.shape)}]`,
      );
    }
  }
  const known = new Set(shapes.map((weight) => weight.name));
  for (const [tensor, { dtype, shape }] of named) {
    if (known.has(tensor)) continue;
    faults.push(
      `${briefText(tensor)} is ${dtype} ${brief(shape)}, expected none`,
    );
  }
  if (faults.length > 0) throw misfit(plan, named, name, faults);
  if (taken.size === 0) {
    throw new ModelError(
      cannot("load", "weights", name, {
        found: "no tensor of the network",
        expected: `names such as ${shapes[0]!.name}`,
      }),
    );
  }
  return { taken, left, grown, ignored };
}

/**
 * Tells which encoder a file holds, by the batch norm in it.
 *
 * @param tensors The file's tensors.
 * @returns `vgg16_bn` or `vgg16`; undefined if no convolution of VGG is in it.
 *
 * @example
 * ```ts
 * import { encoderOf } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array(4);
 * const view = { dtype: "F32", shape: [1], bytes } as const;
 * const file = new Map([["features.1.running_mean", view]]);
 * assertEquals(encoderOf(file), "vgg16_bn");
 * ```
 */
export function encoderOf(
  tensors: ReadonlyMap<string, SafetensorsView>,
): Exclude<EncoderName, "unet"> | undefined {
  const names = [...renameTensors(tensors).named.keys()].filter((name) =>
    name.startsWith("encoder.features.")
  );
  if (names.length === 0) return undefined;
  return names.some((name) => name.endsWith(".running_mean"))
    ? "vgg16_bn"
    : "vgg16";
}

function renameTensors(tensors: ReadonlyMap<string, SafetensorsView>): {
  named: Map<string, SafetensorsView>;
  ignored: string[];
  encoderAlone: boolean;
} {
  const names = [...tensors.keys()];
  const isWrapped = names.every((name) => name.startsWith("module."));
  const named = new Map<string, SafetensorsView>(), ignored: string[] = [];
  let encoderAlone = false;
  for (const [original, view] of tensors) {
    const name = isWrapped ? original.slice("module.".length) : original;
    if (isCounter(name)) continue;
    if (strangers.some((start) => name.startsWith(start))) {
      ignored.push(original);
      encoderAlone = true;
      continue;
    }
    const prefix = /^\d+\./.test(name)
      ? "encoder.features."
      : name.startsWith("features.")
      ? "encoder."
      : "";
    if (prefix !== "") encoderAlone = true;
    named.set(prefix + name, view);
  }
  return { named, ignored, encoderAlone };
}

/** `encoder.features.0` of `encoder.features.0.weight`. */
function layerName(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

/** Whether a tensor is the head's, but for its last output. */
function isObjectHead(
  { name, shape }: WeightShape,
  view: SafetensorsView,
): boolean {
  const [outputs, ...rest] = torchShape(shape);
  return layerName(name) === "head" && view.dtype !== "I64" &&
    `${view.shape}` === `${[outputs! - 1, ...rest]}`;
}

function faultOf(
  { name, shape }: WeightShape,
  view: SafetensorsView,
): string | undefined {
  const expected = torchShape(shape);
  if (`${view.shape}` === `${expected}` && view.dtype !== "I64") {
    return undefined;
  }
  return `${name} is ${view.dtype} ${
    brief(view.shape)
  }, expected [${expected}]`;
}

function misfit(
  plan: ModelPlan,
  named: ReadonlyMap<string, SafetensorsView>,
  name: string,
  faults: readonly string[],
): ModelError {
  const found =
    [...named.keys()].some((tensor) =>
        tensor.startsWith("encoder.") && tensor.endsWith(".running_mean")
      )
      ? "vgg16_bn"
      : "vgg16";
  const remedy = plan.encoder !== found && plan.encoder.startsWith("vgg")
    ? `the file looks like ${found}, the network is ${plan.encoder}`
    : undefined;
  const count = faults.length === 1
    ? "1 tensor that does"
    : `${faults.length} tensors that do`;
  return new ModelError(
    cannot("load", "weights", name, {
      found: `${count} not fit the network: ${
        briefList(faults, { most: 20, between: "; " })
      }`,
      ...(remedy === undefined ? {} : { remedy }),
    }),
  );
}
