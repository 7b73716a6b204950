import type { FlagGroup } from "./command.ts";
import type { Flags } from "./flags.ts";
import { encoderNames, type ModelPlan } from "@unet/model";

/** The flags that say which network. */
export const modelFlags: FlagGroup = {
  title: "Network",
  flags: [
    {
      name: "model",
      kind: "choice",
      choices: encoderNames,
      default: "vgg16_bn",
      help: "the encoder: VGG-16 with batch norm, or without",
    },
    {
      name: "width",
      kind: "number",
      minimum: 0.01,
      maximum: 4,
      help: "multiplies the channels of all layers; 1 is the report's " +
        "network, 0.25 has a sixteenth of its parameters",
    },
    {
      name: "batch-norm",
      kind: "choice",
      choices: ["on", "off"],
      default: "on",
      help: "batch norm after the bottleneck's and the decoder's " +
        "convolutions; off takes the encoder without it too, unless --model " +
        "says otherwise",
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
      help: "keeps the encoder's weights as they are",
    },
  ],
};

/**
 * The plan that the flags ask for.
 *
 * @param flags The command line.
 * @param width The width where the flags give none.
 */
export function planOf(
  flags: Flags,
  width: number,
): Pick<
  ModelPlan,
  "encoder" | "width" | "batchNorm" | "dropout" | "freezeEncoder"
> {
  const batchNorm = flags.text("batch-norm") === "on";
  const encoder = !batchNorm && !flags.given("model")
    ? "vgg16"
    : flags.text("model") as ModelPlan["encoder"];
  return {
    encoder,
    width: flags.number("width") ?? width,
    batchNorm,
    dropout: flags.number("dropout")!,
    freezeEncoder: flags.on("freeze-encoder"),
  };
}
