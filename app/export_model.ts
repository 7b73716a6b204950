import { cannot, FileError, ModelError, UsageError } from "@unet/errors";
import { pathInfo, writeFile } from "@unet/files";
import {
  type FloatTensor,
  floatValues,
  keepHeads,
  mapWeights,
  modelMetadata,
  type ModelPlan,
  type OnnxSizes,
  quantizeKernels,
  type SavedModel,
  serializeOnnx,
  serializeSafetensors,
  serializeTorch,
  type StoredDtype,
} from "@unet/model";
import { classHeadOf, findingOf } from "@unet/infer";
import { cardSettings } from "./models/card_settings.ts";
import { readNamedModel } from "./models/find_model.ts";
import { instancesOf } from "./models/reading_of.ts";
import { exportPackage } from "./packages/export_package.ts";
import {
  packageChoiceNames,
  type PackageChoices,
} from "./packages/package_choices.ts";
import { refuseOfObjects } from "./models/refuse_of_objects.ts";
import type { InstanceChoices } from "./segment.ts";
import type { ExportFormat } from "./settings/export_formats.ts";
import { instanceSettingNames } from "./settings/instance_limits.ts";

/** How an export stores weights: I8 is kernels of 8 bits, the rest float32. */
export type ExportDtype = StoredDtype | "I8";

/** Settings of an export. */
export interface ExportChoices
  extends InstanceChoices, Partial<PackageChoices> {
  /** A run folder (its best model), a model file, or a published model. */
  readonly model: string;
  /** The format. */
  readonly format: ExportFormat;
  /**
   * The file to write; `model.` and the format by default, `package.zip` of
   * bioimage.io.
   */
  readonly out?: string;
  /** The whole network, by default, or its encoder alone. */
  readonly part?: "all" | "encoder";
  /** The heads that are kept, by name; all by default. */
  readonly heads?: readonly string[];
  /** How weights are stored; F32 by default. I8 is safetensors' alone. */
  readonly dtype?: ExportDtype;
  /** ONNX: whether batch norm is folded into convolutions, as by default. */
  readonly foldBatchNorm?: boolean;
  /** ONNX: which images it takes; any by default. */
  readonly sizes?: OnnxSizes;
  /**
   * ONNX: whether it stretches dark and 16-bit images; by default, unless its
   * normalization is `color-percentiles`, which only the caller can apply.
   */
  readonly stretch?: boolean;
  /** The probability above which a pixel is object, for the card. */
  readonly threshold?: number | null;
  /** The license that the card names; the model's own by default. */
  readonly license?: string;
  /** Whether a file that is there already is overwritten. */
  readonly force?: boolean;
}

/** The written file. */
export interface ExportReport {
  /** The file. */
  readonly file: string;
  /** Its size in bytes. */
  readonly bytes: number;
  /** Tensors in it. */
  readonly tensors: number;
  /** Where the model is. */
  readonly model: string;
  /** The network. */
  readonly plan: ModelPlan;
}

/**
 * Writes a trained model for other programs, as `unet export` does.
 *
 * @param choices The model, the format, and what else is decided.
 * @param onNote Given a line, such as which model is read.
 * @throws {UsageError} If choices contradict one another.
 * @throws {FileError} If the file is there already, or cannot be written.
 * @throws {ModelError} If the model is damaged or lacks a head, or its weights
 * exceed the type.
 */
export async function exportModel(
  choices: ExportChoices,
  onNote: (line: string) => void = () => {},
): Promise<ExportReport> {
  refuseContradictions(choices);
  const { format, dtype = "F32", part = "all", force = false } = choices;
  const isEncoder = part === "encoder";
  const file = choices.out ?? exportFile(format);
  if (!force) await refuseExisting(file);
  const read = await readNamedModel(choices.model, onNote);
  const saved = choices.heads ? keepHeads(read, choices.heads) : read;
  const { path, plan } = saved;
  if (hasNoObjects(plan)) refuseOfObjects(choices);
  refuseStretch(choices, plan);
  const card = cardOf(saved, choices);
  const tensors = tensorsOf(saved, { dtype, isEncoder });
  const written = { file, tensors: tensors.size, model: path, plan };
  if (format === "bioimageio") {
    const bytes = await exportPackage(file, { ...saved, card }, {
      ...{ choices, tensors, onNote },
    });
    return { ...written, bytes };
  }
  const pieces = piecesOf(choices, { plan, card, tensors });
  await writeFile(file, pieces, "export");
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { ...written, bytes };
}

/** The file that a format is written to where nobody names one. */
export function exportFile(format: ExportFormat): string {
  return format === "bioimageio" ? "package.zip" : `model.${format}`;
}

/** The file's bytes, in order. */
function piecesOf(
  { format, dtype = "F32", part, foldBatchNorm, sizes, stretch }: ExportChoices,
  { plan, card, tensors }: {
    readonly plan: ModelPlan;
    readonly card: Readonly<Record<string, unknown>>;
    readonly tensors: ReadonlyMap<string, FloatTensor>;
  },
): Uint8Array<ArrayBuffer>[] {
  if (dtype === "I8") {
    return serializeSafetensors(
      quantizeKernels(plan, tensors),
      modelMetadata(plan, card, { hasEightBits: true }),
    );
  }
  if (format === "onnx") {
    return serializeOnnx(plan, tensors, {
      half: dtype === "F16",
      fold: foldBatchNorm ?? true,
      sizes: sizes ?? "any",
      ...(stretch !== undefined && { stretch }),
      metadata: { card: JSON.stringify(card) },
    });
  }
  if (format === "pth") return serializeTorch(tensors, { dtype });
  const metadata = part === "encoder"
    ? { format: "pt" }
    : modelMetadata(plan, card);
  return serializeSafetensors(tensors, metadata, { dtype });
}

/** Refuses a stretch that a graph cannot hold. */
function refuseStretch(
  { format, stretch }: ExportChoices,
  { task: { input } }: ModelPlan,
): void {
  if (format !== "onnx" || !stretch) return;
  if (input.normalization !== "color-percentiles") return;
  throw new UsageError(
    cannot("use", "setting", "stretch", {
      found: "inside, for a model of normalization color-percentiles",
      expected: "outside: its metadata say under intensities how to",
    }),
  );
}

/** Whether a network gives classes and finds no objects. */
function hasNoObjects({ task: { heads } }: ModelPlan): boolean {
  return classHeadOf(heads) !== undefined && findingOf(heads) === "classes";
}

/** The tensors to write, checked against what their type can hold. */
function tensorsOf(
  { path, plan, file }: SavedModel,
  { dtype, isEncoder }: {
    readonly dtype: ExportDtype;
    readonly isEncoder: boolean;
  },
): Map<string, FloatTensor> {
  const { taken } = mapWeights(plan, file.tensors, path);
  const tensors = new Map<string, FloatTensor>();
  for (const [name, view] of taken) {
    if (isEncoder && !name.startsWith("encoder.")) continue;
    const values = floatValues(view);
    checkRange(values, { path, name, dtype });
    tensors.set(isEncoder ? name.slice("encoder.".length) : name, {
      shape: view.shape,
      values,
    });
  }
  return tensors;
}

function refuseContradictions(choices: ExportChoices): void {
  const { format, dtype, part } = choices, isEncoder = part === "encoder";
  const isPackage = format === "bioimageio";
  if ((format === "onnx" || isPackage) && isEncoder) {
    throw contradiction("part encoder", `format ${format}`, "safetensors, pth");
  }
  if (isPackage && dtype !== undefined && dtype !== "F32") {
    throw contradiction(
      `dtype ${dtype.toLowerCase()}`,
      "format bioimageio",
      "f32",
    );
  }
  const ofPackage = packageChoiceNames.find((name) =>
    choices[name] !== undefined
  );
  if (!isPackage && ofPackage !== undefined) {
    throw contradiction(ofPackage, `format ${format}`, "bioimageio");
  }
  if (dtype === "I8" && (format !== "safetensors" || isEncoder)) {
    throw contradiction(
      "dtype int8",
      isEncoder ? "part encoder" : `format ${format}`,
      format === "onnx"
        ? "f32 or f16"
        : isEncoder
        ? "f32, f16 or bf16: this program alone multiplies kernels by " +
          "their scales"
        : "f32, f16 or bf16",
    );
  }
  if (format === "onnx" && dtype === "BF16") {
    throw contradiction("dtype bf16", "format onnx", "f32 or f16");
  }
  const onnxOnly = ["foldBatchNorm", "sizes", "stretch"] as const;
  const misplaced = onnxOnly.find((name) => choices[name] !== undefined);
  if (format !== "onnx" && misplaced !== undefined) {
    throw contradiction(misplaced, `format ${format}`, "onnx");
  }
  const onCard = ["threshold", "license", ...instanceSettingNames] as const;
  const given = onCard.find((name) => (choices[name] ?? null) !== null);
  if (given !== undefined && (format === "pth" || isEncoder)) {
    throw contradiction(
      given,
      isEncoder ? "part encoder" : "format pth",
      "safetensors or onnx of the whole network, which have a card",
    );
  }
}

/** The model's card with what choices say of how it is to be used. */
function cardOf(
  saved: SavedModel,
  choices: ExportChoices,
): Record<string, unknown> {
  const { threshold, license } = choices;
  const instances = instancesOf(choices, cardSettings(saved));
  return {
    ...saved.card,
    ...((threshold ?? null) !== null && { threshold }),
    ...(license !== undefined && { license }),
    ...(Object.keys(instances).length > 0 && { instances }),
  };
}

/**
 * From here on, numbers become infinities in fewer bytes; of 8 bits, where 127
 * times a scale may.
 */
const beyond = {
  F16: 65520,
  BF16: (2 - 2 ** -8) * 2 ** 127,
  I8: 2 ** 127,
} as const;

function checkRange(
  values: Float32Array,
  { path, name, dtype }: {
    readonly path: string;
    readonly name: string;
    readonly dtype: ExportDtype;
  },
): void {
  if (dtype === "F32") return;
  const found = values.find((value) => !(Math.abs(value) < beyond[dtype]));
  if (found === undefined) return;
  throw new ModelError(
    cannot("export", "model", path, {
      found: `${found} in ${name}`,
      expected: `less than ${beyond[dtype]}, to be ` +
        (dtype === "I8" ? "int8" : dtype.toLowerCase()),
      remedy: "use `dtype f32`",
    }),
  );
}

async function refuseExisting(path: string): Promise<void> {
  const info = await pathInfo(path, "write", "export", { ofLink: true });
  if (info === null) return;
  throw new FileError(
    cannot("write", "export", path, {
      found: "an existing file",
      remedy: "choose another `out`, or use `force`",
    }),
  );
}

function contradiction(
  setting: string,
  found: string,
  expected: string,
): UsageError {
  return new UsageError(
    cannot("use", "setting", setting, { found: `\`${found}\``, expected }),
  );
}
