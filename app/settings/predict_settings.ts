import type { Blend, Context } from "@unet/infer";
import { instanceLimits, type InstanceSettingName } from "./instance_limits.ts";
import type { Setting, SettingsTable } from "./setting.ts";
import {
  choiceSetting,
  numberSetting,
  ownSetting,
  textSetting,
  wholeSetting,
} from "./setting_kinds.ts";

/** How an image is cut for the network. */
export interface WindowSettings {
  /** What surrounds a tile. */
  readonly context: Context;
  /** Height and width of a window in pixels; null for what memory allows. */
  readonly window: number | null;
  /** Share of a window that the next one overlaps. */
  readonly overlap: number;
  /** How overlapping windows are combined. */
  readonly blend: Blend;
}

/** How often the network looks, and what counts as an object. */
export interface DecisionSettings {
  /** The probability above which a pixel is object; null for the card's. */
  readonly threshold: number | null;
  /** Views of each window that are averaged. */
  readonly views: 1 | 4 | 8;
}

/** Settings for inference: device and precision. */
export interface InferenceSettings {
  /** What computes. */
  readonly device: string;
  /** Of the computation. */
  readonly precision: "float32" | "mixed" | "int8";
}

const group = "Prediction";

/** The settings that say how an image is cut. */
export const windowSettings: SettingsTable<WindowSettings> = {
  context: choiceSetting<Context>({
    group,
    name: "context",
    choices: ["neighbors", "reflect"],
    default: "neighbors",
    help: "surroundings of a tile: the image's own pixels, or the tile " +
      "mirrored, as in the report",
  }),
  window: wholeSetting<number | null>({
    group,
    name: "window",
    minimum: 64,
    maximum: 8192,
    help: "height and width of a window in pixels, a multiple of 32 " +
      "(default 1024, or less if memory is short)",
  }),
  overlap: numberSetting<number>({
    group,
    name: "overlap",
    minimum: 0,
    maximum: 0.9,
    default: 0,
    help: "share of a window that the next one overlaps",
  }),
  blend: choiceSetting<Blend>({
    group,
    name: "blend",
    choices: ["gaussian", "linear"],
    default: "gaussian",
    help: "how overlapping windows are combined",
  }),
};

const views = { none: 1, flips: 4, turns: 8 } as const;

/** The settings that say what is an object. */
export const decisionSettings: SettingsTable<DecisionSettings> = {
  threshold: numberSetting<number | null>({
    group,
    name: "threshold",
    minimum: 0,
    maximum: 1,
    help: "probability above which a pixel is an object; by default the " +
      "model's card specifies it, or else 0.5",
  }),
  views: ownSetting<1 | 4 | 8>({
    group,
    inputs: [{
      name: "tta",
      kind: "choice",
      choices: Object.keys(views),
      default: "none",
      help: "test-time augmentation: averages the results for 4 mirrored " +
        "views, or for turns, 8 mirrored and rotated ones",
    }],
    read: (typed) => views[typed.text("tta") as keyof typeof views],
    check: (value) => value === 1 || value === 4 || value === 8,
    default: 1,
  }),
};

/** The settings that say how instances are separated; the card's where open. */
export const instanceSettings: SettingsTable<
  { readonly [Name in InstanceSettingName]: number | null }
> = {
  minimalArea: wholeSetting<number | null>({
    group,
    name: "min-area",
    minimum: 0,
    maximum: instanceLimits.minimalArea,
    help: "removes objects of fewer pixels; by default the model's card " +
      "specifies it, or else 20",
  }),
  maximalHole: wholeSetting<number | null>({
    group,
    name: "max-hole",
    minimum: 0,
    maximum: instanceLimits.maximalHole,
    help: "fills holes of up to this many pixels; by default the model's " +
      "card specifies it, or else 20",
  }),
  depth: numberSetting<number | null>({
    group,
    name: "split-depth",
    minimum: 0,
    maximum: instanceLimits.depth,
    help: "how deep the dip between two peaks must be (pixels) to split " +
      "an object; higher values split less; by default the model's " +
      "card specifies it, or else 0.75",
  }),
  smoothing: numberSetting<number | null>({
    group,
    name: "split-smoothing",
    minimum: 0,
    maximum: instanceLimits.smoothing,
    help: "smooths the distance to the background before objects are split " +
      "(standard deviation, pixels); higher values split less; by default " +
      "the model's card specifies it, or else 1",
  }),
  borderWeight: numberSetting<number | null>({
    group,
    name: "border-weight",
    minimum: 0,
    maximum: instanceLimits.borderWeight,
    help: "how much a certain border lowers that distance (pixels), for a " +
      "model with a border head; higher values split more; by default the " +
      "model's card specifies it, or else 5",
  }),
};

/** The setting that says what computes. */
export const deviceSetting: Setting<string> = textSetting<string>({
  group: "Machine",
  name: "device",
  value: "NAME",
  default: "auto",
  help: "compute backend: auto uses the fastest that works; unet " +
    "devices lists them",
});

/** The settings that say what computes where nothing is trained. */
export const inferenceSettings: SettingsTable<InferenceSettings> = {
  device: deviceSetting,
  precision: choiceSetting<"float32" | "mixed" | "int8">({
    group: "Machine",
    name: "precision",
    choices: ["float32", "mixed", "int8"],
    default: "float32",
    help: "numeric precision; int8 runs on onednn, with a model that unet " +
      "calibrate prepared, as nuclei is",
  }),
};
