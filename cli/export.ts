import { cannot, FileError, ModelError, UsageError } from "@unet/errors";
import { describeSystemFault, writeFile } from "@unet/files";
import {
  describeSizes,
  type FloatTensor,
  floatValues,
  mapWeights,
  modelMetadata,
  type ModelPlan,
  type OnnxSizes,
  onnxSizes,
  type SavedModel,
  serializeOnnx,
  serializeSafetensors,
  serializeTorch,
  type StoredDtype,
} from "@unet/model";
import { cardSettings } from "./card_settings.ts";
import type { Command } from "./command.ts";
import { readNamedModel } from "./find_model.ts";
import type { Flags } from "./flags.ts";
import { givenModel, modelFlag } from "./model_flag.ts";
import { instanceOptions, instanceSettings } from "./output_flags.ts";
import { shownPath } from "./shown_path.ts";
import { printLine } from "./terminal.ts";

const formats = ["safetensors", "pth", "onnx"] as const;

type Format = typeof formats[number];

/** `unet export`: a trained network for other programs. */
export const exportCommand: Command = {
  name: "export",
  summary: "writes a trained model for other programs",
  usage: "MODEL --format safetensors|pth|onnx [flags]",
  description:
    "Writes the network of a run folder, a model file or a published model " +
    "as one file: " +
    "safetensors and pth for PyTorch, under torchvision's names " +
    "(encoder.features.0.weight …, or features.0.weight … of the encoder " +
    "alone); onnx as one model that needs nothing else: images of any height " +
    "and width go in as [batch, 3, height, width], red, green, blue from 0 to " +
    "255; logits and the probability of an object come out at the same size " +
    "(and border_probability, if the network has a border head). The model " +
    "pads images to multiples of 32 by mirroring, crops its outputs, stretches " +
    "dark and 16-bit images and normalizes; its metadata say so in words.",
  groups: [
    { title: "Model", flags: [modelFlag] },
    {
      title: "Output",
      flags: [
        {
          name: "format",
          kind: "choice",
          choices: formats,
          help: "file format",
        },
        {
          name: "out",
          kind: "text",
          value: "FILE",
          help: "file to write (default model.safetensors, model.pth or " +
            "model.onnx)",
        },
        {
          name: "part",
          kind: "choice",
          choices: ["all", "encoder"],
          default: "all",
          help: "the whole network, or only its encoder under torchvision's " +
            "names",
        },
        {
          name: "dtype",
          kind: "choice",
          choices: ["f32", "f16", "bf16"],
          default: "f32",
          help:
            "data type of the weights; f16 and bf16 halve the file, and an " +
            "onnx file of f16 also computes in it",
        },
        {
          name: "batch-norm",
          kind: "choice",
          choices: ["folded", "kept"],
          default: "folded",
          help: "onnx: whether batch norm is folded into the convolutions",
        },
        {
          name: "sizes",
          kind: "choice",
          choices: onnxSizes,
          default: "any",
          help:
            "onnx: any height and width, padded and cropped in the model; " +
            "or fitting ones alone, multiples of 32 (of 16 for the Paper's " +
            "padded network), for programs that cannot compute shapes, " +
            "such as OpenCV 4",
        },
        {
          name: "stretch",
          kind: "choice",
          choices: ["inside", "outside"],
          default: "inside",
          help: "onnx: whether the model stretches dark and 16-bit images; " +
            "outside for callers that cut tiles, which stretch by the whole " +
            "image's percentiles before (the metadata say how)",
        },
        {
          name: "force",
          kind: "switch",
          help: "overwrites an existing file",
        },
      ],
    },
    {
      title: "Card",
      flags: [
        {
          name: "threshold",
          kind: "number",
          minimum: 0,
          maximum: 1,
          help: "probability above which a pixel is an object, which segment " +
            "and evaluate then use by default",
        },
        ...instanceSettings,
      ],
    },
  ],
  examples: [
    ["runs/first --format onnx", "for ONNX Runtime, also in a browser"],
    [
      "nuclei --format onnx --sizes fitting --stretch outside",
      "for a program that cuts fitting tiles itself",
    ],
    [
      "runs/first --format safetensors --dtype bf16",
      "a model of half the size, for every command that takes one",
    ],
    [
      "runs/first --format pth --part encoder --out vgg.pth",
      "for torchvision's vgg16_bn().load_state_dict(…, strict=False)",
    ],
  ],
  positional: [0, 1],
  async run(flags) {
    const format = flags.required("format") as Format;
    const isEncoder = flags.text("part") === "encoder";
    const dtype = flags.text("dtype")!.toUpperCase() as StoredDtype;
    const fold = flags.text("batch-norm") === "folded";
    if (format === "onnx" && isEncoder) {
      throw contradiction(
        "--part encoder",
        "--format onnx",
        "safetensors, pth",
      );
    }
    if (format === "onnx" && dtype === "BF16") {
      throw contradiction("--dtype bf16", "--format onnx", "f32 or f16");
    }
    const onnxOnly = ["batch-norm", "sizes", "stretch"];
    const misplaced = onnxOnly.find((name) => flags.given(name));
    if (format !== "onnx" && misplaced !== undefined) {
      throw contradiction(`--${misplaced}`, `--format ${format}`, "onnx");
    }
    const settings = ["threshold", ...instanceSettings.map(({ name }) => name)];
    const told = settings.find((name) => flags.given(name));
    if (told !== undefined && (format === "pth" || isEncoder)) {
      throw contradiction(
        `--${told}`,
        isEncoder ? "--part encoder" : "--format pth",
        "safetensors or onnx of the whole network, which have a card",
      );
    }
    const out = flags.text("out") ?? `model.${format}`;
    if (!flags.on("force")) await refuseExisting(out);
    const saved = await readNamedModel(
      givenModel(flags) ?? flags.required("model"),
      printLine,
    );
    const { path, plan, file } = saved, card = cardOf(saved, flags);
    const { taken } = mapWeights(plan, file.tensors, path);
    const tensors = new Map<string, FloatTensor>();
    for (const [name, view] of taken) {
      if (isEncoder && !name.startsWith("encoder.")) continue;
      const values = floatValues(view);
      checkRange(path, name, values, dtype);
      tensors.set(isEncoder ? name.slice("encoder.".length) : name, {
        shape: view.shape,
        values,
      });
    }
    const pieces = format === "onnx"
      ? serializeOnnx(plan, tensors, {
        half: dtype === "F16",
        fold,
        sizes: flags.text("sizes") as OnnxSizes,
        stretch: flags.text("stretch") === "inside",
        metadata: { card: JSON.stringify(card) },
      })
      : format === "pth"
      ? serializeTorch(tensors, { dtype })
      : serializeSafetensors(
        tensors,
        isEncoder ? { format: "pt" } : modelMetadata(plan, card),
        { dtype },
      );
    await writeFile(out, pieces, "export");
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    printLine(
      `${shownPath(out)}: ${tensors.size} tensors of ${shownPath(path)}, ` +
        `${(size / 1e6).toFixed(1)} MB`,
    );
    if (format === "onnx") printLine(onnxAdvice(plan, flags));
    return 0;
  },
};

/** What the caller of an ONNX model has to do, in one line. */
function onnxAdvice(plan: ModelPlan, flags: Flags): string {
  const sizes = flags.text("sizes") === "any"
    ? "any height and width"
    : `height and width ${describeSizes(plan)}`;
  const stretch = flags.text("stretch") === "inside"
    ? "dark and 16-bit images are stretched inside; for tiles of a larger " +
      "image, export with --stretch outside"
    : "dark and 16-bit images are not stretched: its metadata say under " +
      "intensities how to";
  return `It takes red, green, blue from 0 to 255, ${sizes}; ${stretch}`;
}

/** The model's card with what the flags say of how it is to be used. */
function cardOf(saved: SavedModel, flags: Flags): Record<string, unknown> {
  const threshold = flags.number("threshold");
  const instances = {
    ...cardSettings(saved).instances,
    ...instanceOptions(flags),
  };
  return {
    ...saved.card,
    ...(threshold !== undefined && { threshold }),
    ...(Object.keys(instances).length > 0 && { instances }),
  };
}

/** From here on, numbers become infinities in half the bytes. */
const beyond = { F16: 65520, BF16: (2 - 2 ** -8) * 2 ** 127 } as const;

function checkRange(
  path: string,
  name: string,
  values: Float32Array,
  dtype: StoredDtype,
): void {
  if (dtype === "F32") return;
  const found = values.find((value) => !(Math.abs(value) < beyond[dtype]));
  if (found === undefined) return;
  throw new ModelError(
    cannot("export", "model", path, {
      found: `${found} in ${name}`,
      expected: `less than ${beyond[dtype]}, to be ${dtype.toLowerCase()}`,
      remedy: "use --dtype f32",
    }),
  );
}

async function refuseExisting(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return;
    if (cause instanceof Deno.errors.NotADirectory) return;
    throw new FileError(
      cannot("write", "export", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  throw new FileError(
    cannot("write", "export", path, {
      found: "a file there already",
      remedy: "choose another --out, or use --force",
    }),
  );
}

function contradiction(
  flag: string,
  found: string,
  expected: string,
): UsageError {
  return new UsageError(cannot("use", "flag", flag, { found, expected }));
}
