import type { ExportDtype, ExportFormat } from "@unet/app";
import {
  exportFormats,
  instanceSettings,
  readSettings,
} from "@unet/app/settings";
import { shownPath } from "@unet/app/shown-path";
import { describeSizes, type ModelPlan } from "@unet/model/networks";
import { type OnnxSizes, onnxSizes } from "@unet/model/onnx-options";
import { hasChosenChannels } from "@unet/task";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import type { Flags } from "./flags.ts";
import { givenModel, modelFlag } from "./model_flag.ts";
import { givenPackage, packageFlags } from "./package_flags.ts";
import { instanceSettingFlags } from "./setting_flags.ts";
import { printLine } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** What the values of --dtype stand for. */
const dtypes = {
  f32: "F32",
  f16: "F16",
  bf16: "BF16",
  int8: "I8",
} as const satisfies Readonly<Record<string, ExportDtype>>;

/** `unet export`: a trained network for other programs. */
export const exportCommand: Command = {
  name: "export",
  summary: commandSummaries.export,
  usage: "MODEL --format FORMAT [flags]",
  description:
    "Writes the network of a run folder, a model file or a published model " +
    "as one file: " +
    "safetensors and pth for PyTorch, under torchvision's names " +
    "(encoder.features.0.weight …, or features.0.weight … of the encoder " +
    "alone); onnx as one complete model. Its input is [batch, 3, height, " +
    "width] of any size: red, green, blue from 0 to 255, or the model's " +
    "own channels. Its outputs have the same size: logits and the " +
    "probability of an object (and border_probability with a border head), " +
    "or for classes the probability of each and class_map, the number of " +
    "the most probable. The model pads images to multiples of 32 by " +
    "mirroring, crops its outputs, stretches dark and 16-bit images and " +
    "normalizes; its metadata describe this. bioimageio as a bioimage.io " +
    "package for Fiji, QuPath, ilastik and others: a zip of the network " +
    "as ONNX, its description, a test image and documentation.",
  groups: [
    { title: "Model", flags: [modelFlag] },
    {
      title: "Output",
      flags: [
        {
          name: "format",
          kind: "choice",
          choices: exportFormats,
          help: "file format",
        },
        {
          name: "out",
          kind: "text",
          value: "FILE",
          help: "file to write (default model.safetensors, model.pth, " +
            "model.onnx or package.zip)",
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
          name: "heads",
          kind: "text",
          value: "NAME,…",
          help: "keeps only these heads, such as object,border of a model " +
            "trained with --instance-heads (default all)",
        },
        {
          name: "dtype",
          kind: "choice",
          choices: Object.keys(dtypes),
          default: "f32",
          help:
            "data type of the weights; f16 and bf16 halve the file, and an " +
            "onnx file of f16 also computes in it; int8, only for " +
            "safetensors, makes it a quarter: 8-bit kernels with a scale " +
            "per output channel, computed in float32",
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
            "or only fitting ones, multiples of 32 (of 16 for the Paper's " +
            "padded network), for programs that cannot compute shapes, " +
            "such as OpenCV 4",
        },
        {
          name: "stretch",
          kind: "choice",
          choices: ["inside", "outside"],
          default: "inside",
          help: "onnx: whether the model stretches dark and 16-bit images; " +
            "outside if the caller cuts tiles and stretches by the " +
            "percentiles of the whole image first, as described in the " +
            "metadata (always, with --normalization percentiles)",
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
        {
          name: "license",
          kind: "text",
          value: "TEXT",
          help: "license of the model (default the one that train " +
            "--license gave it)",
        },
        ...instanceSettingFlags,
      ],
    },
    packageFlags,
  ],
  examples: [
    ["runs/first --format onnx", "for ONNX Runtime, also in a browser"],
    [
      "nuclei --format onnx --sizes fitting --stretch outside",
      "for a program that cuts tiles of valid sizes",
    ],
    [
      "runs/first --format safetensors --dtype bf16",
      "a model of half the size, for every command that takes one",
    ],
    [
      "runs/first --format safetensors --dtype int8",
      "a quarter of the size, for a web page",
    ],
    [
      "nuclei --format bioimageio --test-image a.png",
      "a package for bioimage.io, which --authors and --cite complete",
    ],
    [
      "runs/first --format pth --part encoder --out vgg.pth",
      "for torchvision's vgg16_bn().load_state_dict(…, strict=False)",
    ],
  ],
  positional: [0, 1],
  async run(flags) {
    const { exportModel } = await import("@unet/app");
    const format = flags.required("format") as ExportFormat;
    const out = flags.text("out"), threshold = flags.number("threshold");
    const heads = flags.text("heads"), license = flags.text("license");
    const { file, bytes, tensors, model, plan } = await exportModel({
      model: givenModel(flags) ?? flags.required("model"),
      format,
      part: flags.text("part") as "all" | "encoder",
      dtype: dtypes[flags.text("dtype") as keyof typeof dtypes],
      force: flags.on("force"),
      ...(out !== undefined && { out }),
      ...(heads !== undefined &&
        { heads: heads.split(",").map((name) => name.trim()) }),
      ...(flags.given("batch-norm") &&
        { foldBatchNorm: flags.text("batch-norm") === "folded" }),
      ...(flags.given("sizes") && { sizes: flags.text("sizes") as OnnxSizes }),
      ...(flags.given("stretch") &&
        { stretch: flags.text("stretch") === "inside" }),
      ...(threshold !== undefined && { threshold }),
      ...(license !== undefined && { license }),
      ...readSettings(instanceSettings, flags),
      ...givenPackage(flags),
    }, (line) => printLine(wordSettings(line)));
    printLine(
      `${shownPath(file)}: ${tensors} tensors of ${shownPath(model)}, ` +
        `${(bytes / 1e6).toFixed(1)} MB`,
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
  const isInside = flags.text("stretch") === "inside";
  if (hasChosenChannels(plan.task.input)) {
    const names = plan.task.input.channels.map(({ name }) => name).join(", ");
    const range = isInside
      ? "normalized inside; for tiles of a larger image, export with " +
        "--stretch outside"
      : "each from 0 to 1: its metadata say under intensities how";
    return `It takes the channels ${names}, ${sizes}; ${range}`;
  }
  if (plan.task.input.normalization === "color-percentiles") {
    return `It takes red, green, blue from 0 to 255, ${sizes}; images are ` +
      "spread by their percentiles before: its metadata say under " +
      "intensities how to";
  }
  const stretch = isInside
    ? "dark and 16-bit images are stretched inside; for tiles of a larger " +
      "image, export with --stretch outside"
    : "dark and 16-bit images are not stretched: its metadata say under " +
      "intensities how to";
  return `It takes red, green, blue from 0 to 255, ${sizes}; ${stretch}`;
}
