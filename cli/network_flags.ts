import type { FlagGroup } from "./command.ts";
import type { Flags } from "./flags.ts";
import { cannot, UsageError } from "@unet/errors";
import {
  type ModelPlan,
  type Network,
  type NetworkName,
  networkNames,
  networks,
  normlessNetwork,
  type Padding,
  paddings,
  standardNetwork,
} from "@unet/model";

/** The flags that say which network. */
export const networkFlags: FlagGroup = {
  title: "Network",
  flags: [
    {
      name: "network",
      kind: "choice",
      choices: networkNames,
      default: standardNetwork,
      help: "the report's network, VGG-16 with batch norm or without; " +
        "resnet34 or resnet50, the U-Net of segmentation_models.pytorch; or " +
        "unet, the network of Ronneberger et al.",
    },
    {
      name: "padding",
      kind: "choice",
      choices: paddings,
      help: "of unet's convolutions: valid, as in the paper, needs 92 more " +
        "pixels on each side than it segments; same does not (default " +
        "valid)",
    },
    {
      name: "width",
      kind: "number",
      minimum: 0.01,
      maximum: 4,
      help: "multiplies the channels of all layers: 1 is the report's " +
        "network, 0.25 has a sixteenth of its parameters",
    },
    {
      name: "batch-norm",
      kind: "choice",
      choices: ["on", "off", "frozen"],
      default: "on",
      help: "batch norm after the convolutions of bottleneck and decoder; " +
        "off also chooses the encoder without it, unless --network says " +
        "otherwise; frozen keeps its statistics and scales; unet has " +
        "none by default",
    },
    {
      name: "boundaries",
      kind: "switch",
      help: "adds a border head: a second output for the borders of nuclei, " +
        "which separates touching ones; a model of --weights that has " +
        "one keeps it",
    },
    {
      name: "dropout",
      kind: "number",
      minimum: 0,
      maximum: 0.95,
      default: "0",
      help: "share of the bottleneck's features dropped in training",
    },
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
        "such as those that --weights-partial covers",
    },
    {
      name: "unfreeze-at",
      kind: "whole",
      minimum: 2,
      value: "EPOCH",
      help: "keeps the encoder's weights, or those of --freeze-blocks, " +
        "until this epoch, then trains them too",
    },
  ],
};

/** The settings of a plan that flags give. */
export type FlagPlan = Pick<
  ModelPlan,
  | "network"
  | "width"
  | "batchNorm"
  | "padding"
  | "dropout"
  | "freezeEncoder"
  | "freezeBatchNorm"
>;

/**
 * The plan that the flags ask for.
 *
 * @param flags The command line.
 * @param width The width where the flags give none.
 * @param found The network whose encoder a file of weights holds, taken where
 * the flags name none.
 */
export function planOf(
  flags: Flags,
  width: number,
  found?: NetworkName,
): FlagPlan {
  const wantsNone = flags.text("batch-norm") === "off";
  const name = flags.given("network")
    ? flags.text("network") as NetworkName
    : found ?? (wantsNone ? normlessNetwork : standardNetwork);
  const network: Network = networks[name];
  const isFrozen = flags.text("batch-norm") === "frozen";
  // Weights of an encoder without batch norm are taken to want none after it.
  const usual = network.defaults.batchNorm &&
    (found === undefined || found !== name || network.encoderNorm);
  const batchNorm = !wantsNone && (flags.given("batch-norm") || usual);
  const padding =
    (flags.text("padding") ?? network.defaults.padding) as Padding;
  if (padding === "valid" && (!network.worksUnpadded || batchNorm)) {
    throw new UsageError(
      cannot(
        "use",
        "flags",
        network.worksUnpadded ? "--batch-norm" : "--padding",
        {
          found: network.worksUnpadded
            ? "batch norm in a network without padding"
            : `no padding with ${name}`,
          expected: network.worksUnpadded
            ? "off, or --padding same"
            : `--network ${unpaddedNames.join(" or ")}`,
        },
      ),
    );
  }
  return {
    network: name,
    width: flags.number("width") ?? width,
    batchNorm,
    padding,
    dropout: flags.number("dropout")!,
    freezeEncoder: freezingOf(flags, name),
    freezeBatchNorm: isFrozen,
  };
}

const unpaddedNames = networkNames.filter((name) =>
  networks[name].worksUnpadded
);

/** Whether the flags freeze the encoder, or how many of its blocks. */
function freezingOf(flags: Flags, name: NetworkName): boolean | number {
  const blocks = flags.number("freeze-blocks");
  if (blocks === undefined) {
    return flags.on("freeze-encoder") || flags.given("unfreeze-at");
  }
  if (flags.on("freeze-encoder")) {
    throw new UsageError(
      cannot("use", "flag", "--freeze-blocks", {
        found: "--freeze-encoder beside it",
        expected: "one of them",
      }),
    );
  }
  const most = networks[name].blocks;
  if (blocks > most) {
    throw new UsageError(
      cannot("use", "flag", "--freeze-blocks", {
        found: String(blocks),
        expected: `at most ${most}, the blocks of ${name}`,
      }),
    );
  }
  return blocks;
}
