import {
  describeNetwork,
  type NetworkName,
  networkNames,
  type Padding,
  paddings,
  standardNetwork,
} from "@unet/model/networks";
import { type InstanceHeadName, instanceHeads } from "@unet/task";
import type { SettingsTable } from "./setting.ts";
import {
  choiceSetting,
  namesIn,
  numberSetting,
  ownSetting,
  switchSetting,
  wholeSetting,
} from "./setting_kinds.ts";
import type { TrainSettings } from "./train_settings.ts";

const group = "Network";

/** The settings that say which network is trained, and what of it. */
export const networkSettings: SettingsTable<
  Pick<
    TrainSettings,
    | "network"
    | "padding"
    | "width"
    | "batchNorm"
    | "freezeBatchNorm"
    | "boundaries"
    | "instanceHeads"
    | "dropout"
    | "freezeEncoder"
    | "unfreezeAt"
  >
> = {
  network: ownSetting<NetworkName>({
    group,
    inputs: [{
      name: "network",
      kind: "choice",
      choices: networkNames,
      default: standardNetwork,
      help: networkNames.map((name) => `${name}: ${describeNetwork(name)}`)
        .join("; "),
    }],
    // Weights and batch norm say which it is where it is not typed.
    read: (typed) => typed.text("network") as NetworkName,
    check: (value) => (networkNames as readonly unknown[]).includes(value),
  }),
  padding: choiceSetting<Padding>({
    group,
    name: "padding",
    choices: paddings,
    before: "same",
    help: "of unet's convolutions: valid, as in the paper, needs 92 more " +
      "pixels on each side than it segments; same does not (default valid)",
  }),
  width: numberSetting<number | null>({
    group,
    name: "width",
    minimum: 0.01,
    maximum: 4,
    help: "multiplies the channels of all layers: 1 is the report's " +
      "network, 0.25 has a sixteenth of its parameters",
  }),
  batchNorm: ownSetting<boolean>({
    group,
    inputs: [{
      name: "batch-norm",
      kind: "choice",
      choices: ["on", "off", "frozen"],
      default: "on",
      help: "batch norm after the convolutions of bottleneck and decoder; " +
        "off also chooses the encoder without it, unless `network` says " +
        "otherwise; frozen keeps its statistics and scales, as " +
        "`recipe finetune` does by default; unet has none by default",
    }],
    read: (typed) => typed.text("batch-norm") !== "off",
    check: isSwitch,
  }),
  freezeBatchNorm: ownSetting<boolean>({
    group,
    inputs: [],
    read: (typed) =>
      typed.given("batch-norm")
        ? typed.text("batch-norm") === "frozen"
        : undefined,
    check: isSwitch,
    default: false,
    before: false,
  }),
  boundaries: switchSetting({
    group,
    name: "boundaries",
    before: false,
    help: "adds a border head: a second output for the borders of nuclei, " +
      "which separates touching ones; a border head of `weights` is kept",
  }),
  instanceHeads: ownSetting<readonly InstanceHeadName[]>({
    group,
    isTried: false,
    inputs: [{
      name: "instance-heads",
      kind: "text",
      value: instanceHeads.join(","),
      help: "adds experimental heads: touching, only borders between " +
        "touching nuclei; directions to their centers; distances to their " +
        "edges. No command uses them yet; unet export with `heads` removes " +
        "them",
    }],
    read: (typed) => {
      const text = typed.text("instance-heads");
      return text === undefined
        ? undefined
        : namesIn(text, instanceHeads, { name: "instanceHeads" });
    },
    check: (value) =>
      Array.isArray(value) &&
      value.every((name) =>
        (instanceHeads as readonly unknown[]).includes(name)
      ),
    default: [],
    before: [],
  }),
  dropout: numberSetting<number>({
    group,
    name: "dropout",
    minimum: 0,
    maximum: 0.95,
    default: 0,
    help: "share of the bottleneck's features dropped in training",
  }),
  freezeEncoder: ownSetting<boolean | number>({
    group,
    inputs: [
      {
        name: "freeze-encoder",
        kind: "switch",
        help: "keeps the encoder's weights, which saves its backward pass",
      },
      {
        name: "freeze-blocks",
        kind: "whole",
        minimum: 1,
        maximum: 5,
        help: "keeps the weights of the encoder's first blocks, this many, " +
          "such as those that `weightsPartial` covers",
      },
    ],
    read: (typed) =>
      typed.number("freeze-blocks") ?? typed.on("freeze-encoder"),
    check: (value) =>
      isSwitch(value) ||
      Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 5,
  }),
  unfreezeAt: wholeSetting<number | null>({
    group,
    name: "unfreeze-at",
    minimum: 2,
    value: "EPOCH",
    before: null,
    help: "keeps the encoder's weights, or those of `freezeBlocks`, until " +
      "this epoch, then trains them too",
  }),
};

function isSwitch(value: unknown): boolean {
  return typeof value === "boolean";
}
