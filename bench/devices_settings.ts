import { isPeerName, type PeerName, peerNames, usualPeers } from "./peers.ts";
import { type BenchFlags, readFlags, wrong } from "./read_flags.ts";
import { type Shape, shapesOf } from "./shapes.ts";

/** What `deno task bench devices` was asked to do. */
export interface DevicesSettings {
  /** The one device to measure; all that are available if null. */
  readonly device: string | null;
  /** Networks, images and batches, each with its modes. */
  readonly shapes: readonly Shape[];
  /** Steps that are timed. */
  readonly steps: number;
  /** Times that everything is measured, one round after the other. */
  readonly rounds: number;
  /** The one precision to measure; all that the device has if null. */
  readonly precision: "float32" | "mixed" | "int8" | null;
  /** Whether to measure training with the live loader besides. */
  readonly live: boolean;
  /** Whether to measure the standard recipe's training step besides. */
  readonly standard: boolean;
  /** Threads of the libraries that have several. */
  readonly threads: number;
  /** The peers to run. */
  readonly peers: readonly PeerName[];
  /** Whether they were named, so that it is a fault if there are none. */
  readonly needsPeers: boolean;
  /** Whether to print JSON. */
  readonly json: boolean;
  /** Whether to print what each kernel takes. */
  readonly profile: boolean;
  /** The file for results, if any. */
  readonly out: string | null;
}

/**
 * Reads the command line of `deno task bench devices`.
 *
 * @param args The arguments.
 * @param cores The threads to use if none are named.
 * @throws {UsageError} If a flag or its value is not allowed.
 */
export function readSettings(
  args: readonly string[],
  cores: number,
): DevicesSettings {
  const flags = readFlags(args, {
    switches: ["json", "profile"],
    values: [
      ...["device", "batch", "width", "size", "steps", "precision", "mode"],
      ...["recipe", "loader", "threads", "rounds", "peers", "out"],
    ],
  });
  const peers = flags.text("peers");
  return {
    device: flags.text("device") ?? null,
    shapes: shapesOf({
      widths: listOf(flags.text("width"), readWidth),
      batches: listOf(flags.text("batch"), readBatch),
      size: flags.text("size") === undefined ? null : readSize(flags),
      mode: flags.choice("mode", ["train", "infer"]) ?? null,
    }),
    steps: flags.count("steps", 5),
    rounds: flags.count("rounds", 1),
    precision: flags.choice("precision", ["float32", "mixed", "int8"]) ?? null,
    live: flags.choice("loader", ["fixed", "live"]) === "live",
    standard: flags.choice("recipe", ["plain", "standard"]) === "standard",
    threads: flags.count("threads", cores),
    peers: peers === undefined ? usualPeers : readPeers(peers),
    needsPeers: peers !== undefined && peers !== "none",
    json: flags.on("json"),
    profile: flags.on("profile"),
    out: flags.text("out") ?? null,
  };
}

/** The parts of a list with commas; null where none is given. */
function listOf<T>(
  text: string | undefined,
  read: (part: string) => T,
): T[] | null {
  return text?.split(",").map(read) ?? null;
}

function readWidth(text: string): number {
  const width = Number(text);
  if (width > 0 && width <= 4) return width;
  throw wrong("width", text, "a number above 0 and up to 4, or a list of them");
}

function readBatch(text: string): number {
  const batch = Number(text);
  if (Number.isSafeInteger(batch) && batch >= 1) return batch;
  throw wrong("batch", text, "a whole number from 1, or a list of them");
}

function readSize(flags: BenchFlags): number {
  const size = flags.count("size", 256);
  if (size % 32 === 0) return size;
  throw wrong("size", String(size), "a multiple of 32");
}

function readPeers(text: string): PeerName[] {
  if (text === "none") return [];
  return text.split(",").map((name) => {
    if (isPeerName(name)) return name;
    throw wrong("peers", text, `none, or of ${peerNames.join(",")}`);
  });
}
