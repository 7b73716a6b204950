import { brief, cannot } from "@unet/errors";
import type { Network } from "./network.ts";
import { type NetworkName, networkNames, networks } from "./networks.ts";

/**
 * A network of a program's own. A plan takes it in place of the name of one;
 * a model's file stores its name, and loading asks for the network again.
 *
 * @example
 * ```ts
 * import { type CustomNetwork, networks, summarize } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const shallow: CustomNetwork = {
 *   ...networks.resnet34,
 *   name: "shallow",
 *   help: "two convolutions per block",
 *   encoder: (graph, image) => {
 *     const features = [];
 *     let x = image;
 *     for (let block = 0; block < 2; block++) {
 *       graph.beginBlock();
 *       const name = `encoder.${block}`;
 *       x = graph.convolution(x, { name, to: 16, stride: 2 });
 *       features.push(x);
 *     }
 *     return features;
 *   },
 *   blocks: 2,
 *   defaults: { batchNorm: true, decoderChannels: [32, 16], padding: "same" },
 * };
 * assertEquals(summarize({ network: shallow }).rows[0]!.name, "encoder.0");
 * ```
 */
export interface CustomNetwork extends Omit<Network, "imagenet"> {
  /** Its name, which none of the program's networks has. */
  readonly name: string;
}

/** A network of the program, by its name, or one of a program's own. */
export type AnyNetwork = NetworkName | CustomNetwork;

/** How a loader finds the networks that are not the program's. */
export interface CustomNetworks {
  /** Networks that files may name besides those of the program. */
  readonly networks?: readonly CustomNetwork[];
}

/**
 * The network that a plan has.
 *
 * @param network Its name, or the network itself.
 * @returns What lays out its layers.
 */
export function networkOf(network: AnyNetwork): Network {
  return typeof network === "string" ? networks[network] : network;
}

/**
 * The name of a network in files and messages.
 *
 * @param network Its name, or the network itself.
 * @returns The name.
 */
export function nameOfNetwork(network: AnyNetwork): string {
  return typeof network === "string" ? network : network.name;
}

/** What is wrong with a network of a program's own, or nothing. */
export function faultOfNetwork(
  network: Partial<CustomNetwork>,
): string | undefined {
  const { name, encoder, decoder, blocks, defaults } = network;
  if (typeof name !== "string" || name === "") return "a network without name";
  if ((networkNames as readonly string[]).includes(name)) {
    return `a custom network named "${name}", which is a name of the program`;
  }
  if (typeof encoder !== "function" || typeof decoder !== "function") {
    return `a network "${name}" without encoder or decoder`;
  }
  if (!Array.isArray(defaults?.decoderChannels)) {
    return `a network "${name}" without defaults.decoderChannels`;
  }
  if (!Number.isInteger(blocks) || blocks! < 1) {
    return `a network "${name}" of ${brief(blocks)} blocks`;
  }
  return undefined;
}

/**
 * Refuses networks of a program's own that cannot be used.
 *
 * @throws {RangeError} If one is incomplete, or has a name of the program's.
 */
export function checkNetworks(networks: readonly CustomNetwork[]): void {
  for (const network of networks) {
    const found = faultOfNetwork(network);
    if (found === undefined) continue;
    throw new RangeError(
      cannot("use", "setting", "networks", {
        found,
        expected: "networks with unique names",
      }),
    );
  }
}
