import {
  type Network,
  type NetworkName,
  networkNames,
  networks,
  normlessNetwork,
  standardNetwork,
} from "@unet/model/networks";
import { refusedSetting } from "./refused_setting.ts";
import type { TrainChoices, TrainSettings } from "./train_settings.ts";

/** Settings that decide the network. */
export type NetworkChoices = Pick<
  TrainSettings,
  "network" | "batchNorm" | "padding" | "freezeEncoder"
>;

const unpaddedNames = networkNames.filter((name) =>
  networks[name].worksUnpadded
);

/**
 * The network that choices ask for.
 *
 * @param choices The user's settings.
 * @param source The weights, whose encoder counts where no network is named.
 */
export function chooseNetwork(
  choices: TrainChoices,
  source: { readonly network?: NetworkName | undefined } = {},
): NetworkChoices {
  const wantsNone = choices.batchNorm === false, found = source.network;
  const name = choices.network ?? found ??
    (wantsNone ? normlessNetwork : standardNetwork);
  const network: Network = networks[name];
  // Weights of an encoder without batch norm are taken to want none after it.
  const usual = network.defaults.batchNorm &&
    (found === undefined || found !== name || network.encoderNorm);
  const batchNorm = choices.batchNorm ?? usual;
  const padding = choices.padding ?? network.defaults.padding;
  if (padding === "valid" && !network.worksUnpadded) {
    throw refusedSetting(
      "padding",
      `no padding with ${name}`,
      `\`network ${unpaddedNames.join(" or ")}\``,
    );
  }
  if (padding === "valid" && batchNorm) {
    throw refusedSetting(
      "batchNorm",
      "batch norm in a network without padding",
      "off, or `padding same`",
    );
  }
  const { freezeEncoder = (choices.unfreezeAt ?? null) !== null } = choices;
  if (typeof freezeEncoder === "number" && freezeEncoder > network.blocks) {
    throw refusedSetting(
      "freezeEncoder",
      String(freezeEncoder),
      `at most ${network.blocks}, the blocks of ${name}`,
    );
  }
  return { network: name, batchNorm, padding, freezeEncoder };
}
