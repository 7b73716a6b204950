import type { Model } from "@unet/model";
import type { WindowOptions } from "@unet/infer";

/** What the Paper's network decides of the 572 pixels that it sees. */
const paperTile = 388;

/**
 * The tile and margin that a network's windows need, where the defaults do not
 * do: one that leaves out a border sees that much more than it decides.
 *
 * @param model The network.
 */
export function windowOf(model: Model): Pick<WindowOptions, "tile" | "margin"> {
  return model.margin === 0 ? {} : { tile: paperTile, margin: model.margin };
}
