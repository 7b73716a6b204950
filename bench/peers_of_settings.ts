// deno-lint-ignore-file no-console
import { cannot, DeviceError } from "@unet/errors";
import type { DevicesSettings } from "./devices_settings.ts";
import { findPeerPython, missingModules, noPeers } from "./peer_python.ts";
import { type PeerName, peerOf } from "./peers.ts";

/** The peers that will be measured, and their interpreter. */
export interface AvailablePeers {
  /** Its path; null where no peer runs. */
  readonly python: string | null;
  /** Their names. */
  readonly peers: readonly PeerName[];
}

const remedy = "deno task bench:peers makes a Python for the peers, and " +
  "UNET_PEER_PYTHON names another";

/**
 * Finds out which peers can be measured. Those that were not named and are not
 * there are left out, with a line on standard error.
 *
 * @throws {DeviceError} If one that was named is not there.
 */
export async function peersOfSettings(
  { peers, needsPeers }: Pick<DevicesSettings, "peers" | "needsPeers">,
): Promise<AvailablePeers> {
  if (peers.length === 0) return { python: null, peers };
  const python = await findPeerPython();
  if (python === null) {
    if (needsPeers) {
      throw new DeviceError(
        cannot("measure with", "peers", peers.join(","), {
          found: "no Python for them",
          remedy,
        }),
      );
    }
    console.error(
      `Without peers, since no Python was found for them: ${remedy}`,
    );
    return { python, peers: [] };
  }
  const found: PeerName[] = [];
  for (const peer of peers) {
    const missing = await missingModules(python, peerOf(peer).modules);
    if (missing.length === 0) {
      found.push(peer);
      continue;
    }
    const reason = `no module ${missing.join(", ")}`;
    if (needsPeers) throw noPeers(python, reason);
    console.error(`Left out: ${peer}: ${reason} in ${python}; ${remedy}`);
  }
  return { python, peers: found };
}
