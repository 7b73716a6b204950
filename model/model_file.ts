/**
 * Models as bytes: weights in PyTorch's names and order, the plan in the header.
 * Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { brief, briefList, briefText, cannot, ModelError } from "@unet/errors";
import { refuseForeign } from "./_refuse_foreign.ts";
import {
  checkEightBits,
  type FormatVersion,
  isKnownVersion,
  knownVersions,
  modelMetadata,
  parsePlan,
  parseRecord,
  UnknownNetworkError,
} from "./model_header.ts";
import {
  checkNetworks,
  type CustomNetworks,
} from "./networks/custom_network.ts";
import { networkNames } from "./networks/networks.ts";
import { completePlan, type ModelPlan } from "./plan.ts";
import {
  type FloatTensor,
  floatValues,
  isFloating,
  parseSafetensors,
  type SafetensorsFile,
  serializeSafetensors,
} from "./files/safetensors.ts";
import { checkScales, checkValues } from "./files/check_values.ts";
import { withoutEightBits } from "./files/eight_bits.ts";
import {
  fromTorchLayout,
  torchShape,
  toTorchLayout,
} from "./files/torch_layout.ts";
import type { Model } from "./model.ts";
import { buildModel } from "./create_model.ts";
import { type WeightShape, weightShapes } from "./graph/weight_shapes.ts";
import { graphOf } from "./networks/graph_of.ts";
import { outputAxes } from "./quantize_kernels.ts";

export { type HeaderOptions, modelMetadata } from "./model_header.ts";

/**
 * Serializes a model: its weights in PyTorch's names and order, its plan in
 * the header, so that the file alone is enough to run it.
 *
 * @param model The model.
 * @param card What else to say about it, as JSON values by name.
 * @returns The file's bytes in pieces, in order.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createModel, decodeModel, encodeModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const pieces = await encodeModel(model);
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * assertEquals(decodeModel(bytes, "example").plan, model.plan);
 * ```
 */
export async function encodeModel(
  model: Model,
  card: Readonly<Record<string, unknown>> = {},
): Promise<Uint8Array<ArrayBuffer>[]> {
  return serializeSafetensors(
    await torchTensors(model),
    modelMetadata(model.plan, card),
  );
}

/**
 * A model's weights in PyTorch's names and order.
 *
 * @param model The model.
 * @returns The tensors by name.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createModel, torchTensors } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 1 / 64 }, createRandom(0));
 * const tensors = await torchTensors(model);
 * assertEquals(tensors.get("encoder.features.0.weight")?.shape, [1, 3, 3, 3]);
 * model.dispose();
 * ```
 */
export async function torchTensors(
  model: Model,
): Promise<Map<string, FloatTensor>> {
  const tensors = new Map<string, FloatTensor>();
  for (const [name, variable] of model.weights) {
    const values = await variable.data() as Float32Array;
    tensors.set(name, toTorchLayout({ shape: variable.shape, values }));
  }
  return tensors;
}

/** A model file's content. */
export interface ModelFile {
  /** Which network it is. */
  readonly plan: ModelPlan;
  /** What else its maker says about it. */
  readonly card: Readonly<Record<string, unknown>>;
  /** The weights and the header. */
  readonly file: SafetensorsFile;
}

/**
 * Reads a model file's bytes.
 *
 * @param bytes The file.
 * @param name What to call it in a message.
 * @param options Networks of your own that it may name.
 * @returns Its plan and its weights, those of 8 bits multiplied by their
 * scales; not yet on any device.
 * @throws {ModelError} If the file is damaged or no model of this program, or
 * if numbers are not finite, variances below 0, or scales not above 0; or if
 * its network is neither the program's nor among those given.
 * @throws {RangeError} If a given network has no name of its own.
 */
export function decodeModel(
  bytes: Uint8Array,
  name: string,
  { networks = [] }: CustomNetworks = {},
): ModelFile {
  checkNetworks(networks);
  refuseForeign(bytes, name);
  const file = parseSafetensors(bytes, name);
  const { format, formatVersion: version, plan, card } = file.metadata;
  if (format !== "unet" || plan === undefined) {
    throw new ModelError(
      cannot("load", "model", name, {
        found: "weights without a plan of the network",
        expected: "a model that this program saved",
      }),
    );
  }
  if (!isKnownVersion(version)) {
    throw new ModelError(
      cannot("load", "model", name, {
        found: version === undefined
          ? "no format version"
          : `format version ${briefText(version)}`,
        expected: knownVersions.join(" or "),
        remedy: "use the version of this program that saved it, or a newer one",
      }),
    );
  }
  checkEightBits(file, { thing: "model", name });
  const header = parseHeader({ plan, card, version, networks }, name);
  checkScales(file.tensors, { thing: "model", name });
  const floats = withoutEightBits(file, name, outputAxes(header.plan));
  checkValues(floats.tensors, { thing: "model", name });
  return { ...header, file: floats };
}

function parseHeader(
  { plan, card = "{}", version, networks }: Required<CustomNetworks> & {
    readonly plan: string;
    readonly card: string | undefined;
    readonly version: FormatVersion;
  },
  name: string,
): Pick<ModelFile, "plan" | "card"> {
  try {
    return {
      plan: parsePlan(plan, version, networks),
      card: parseRecord(card),
    };
  } catch (cause) {
    if (cause instanceof UnknownNetworkError) {
      const given = networks.map((network) => network.name);
      throw new ModelError(
        cannot("load", "model", name, {
          found: `${cause.message}, which this program does not have`,
          expected: [...networkNames, ...given].join(", "),
          remedy: "give the network itself: loadModel(path, {}, { networks })",
        }),
        { cause },
      );
    }
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(
      cannot("load", "model", name, {
        found: `an invalid header (${found})`,
        expected: "a header that this program wrote",
      }),
      { cause },
    );
  }
}

/**
 * Gives a model the weights of a file.
 *
 * @param model The model, changed in place; untouched if the file does not fit.
 * @param file The file, with PyTorch's names and order.
 * @param name What to call the file in a message.
 * @throws {ModelError} Naming missing, surplus and misshapen tensors, up to
 * twenty of them.
 */
export function setWeights(
  model: Model,
  file: SafetensorsFile,
  name: string,
): void {
  const shapes = weightShapes(graphOf(model.plan));
  checkFit(shapes, file, name);
  for (const weight of shapes) {
    tf.tidy(() =>
      model.weights.get(weight.name)!.assign(
        tf.tensor(valuesOf(weight, file), [...weight.shape]),
      )
    );
  }
}

function checkFit(
  weights: readonly WeightShape[],
  file: SafetensorsFile,
  name: string,
): void {
  const faults: string[] = [];
  for (const weight of weights) {
    const view = file.tensors.get(weight.name);
    const expected = torchShape(weight.shape);
    if (view === undefined) {
      faults.push(`${weight.name} is missing`);
    } else if (`${view.shape}` !== `${expected}` || !isFloating(view)) {
      faults.push(
        `${weight.name} is ${view.dtype} ${brief(view.shape)}, ` +
          `not [${expected}]`,
      );
    }
  }
  const known = new Set(weights.map((weight) => weight.name));
  for (const tensor of file.tensors.keys()) {
    if (!known.has(tensor)) {
      faults.push(`${briefText(tensor)} is not in the model`);
    }
  }
  if (faults.length === 0) return;
  const count = faults.length === 1
    ? "1 tensor that does"
    : `${faults.length} tensors that do`;
  throw new ModelError(
    cannot("load", "weights", name, {
      found: `${count} not fit the model: ${briefList(faults, { most: 20 })}`,
    }),
  );
}

/** The values of a tensor that {@linkcode checkFit} passed, in tfjs' order. */
function valuesOf({ name }: WeightShape, file: SafetensorsFile): Float32Array {
  const view = file.tensors.get(name)!;
  return fromTorchLayout({ shape: view.shape, values: floatValues(view) })
    .values;
}

/**
 * Builds a model that was read on tfjs' current backend.
 *
 * @param saved What `readModel()` read, or {@linkcode decodeModel} with a name
 * to call it in a message as its path.
 * @param overrides Settings of the plan to change, such as `freezeEncoder`.
 * @returns The model; the caller disposes it.
 * @throws {ModelError} If the file does not fit its plan.
 * @throws {RangeError} If an override is outside its range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { buildSaved, createModel, encodeModel, readModel } from "@unet/model";
 * import { writeFile } from "@unet/files";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const folder = await Deno.makeTempDir(), card = { license: "CC0-1.0" };
 * const pieces = await encodeModel(model, card);
 * await writeFile(`${folder}/model.safetensors`, pieces);
 * const saved = await readModel(folder);
 * assertEquals(saved.card, card);
 * const built = buildSaved(saved);
 * assertEquals(built.plan, model.plan);
 * model.dispose();
 * built.dispose();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function buildSaved(
  { path, plan, file }: Pick<ModelFile, "plan" | "file"> & {
    readonly path: string;
  },
  overrides: Partial<ModelPlan> = {},
): Model {
  const changed = completePlan({ ...plan, ...overrides });
  // Before any memory is taken: a damaged plan may ask for a giant network.
  checkFit(weightShapes(graphOf(changed)), file, path);
  return buildModel(changed, (weight) => valuesOf(weight, file));
}
