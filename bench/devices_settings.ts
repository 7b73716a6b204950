import { readFlags, wrong } from "./read_flags.ts";

/** The peers there are; `torch-compile` takes minutes to compile. */
export const peerNames = ["torch", "torch-compile", "tensorflow"] as const;

/** Somebody else's program that trains the same network. */
export type PeerName = typeof peerNames[number];

/** What `deno task bench devices` was asked to do. */
export interface DevicesSettings {
  /** The one device to measure; all that are available if null. */
  readonly device: string | null;
  /** The batch sizes. */
  readonly batches: readonly number[];
  /** The network's width. */
  readonly width: number;
  /** Height and width of the images, in pixels. */
  readonly size: number;
  /** Steps that are timed. */
  readonly steps: number;
  /** Times that everything is measured, one round after the other. */
  readonly rounds: number;
  /** The one precision to measure; all that the device has if null. */
  readonly precision: "float32" | "mixed" | "int8" | null;
  /** The one mode to measure; both if null. */
  readonly mode: "train" | "infer" | null;
  /** Whether to measure training with the live loader besides. */
  readonly live: boolean;
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
      ...["loader", "threads", "rounds", "peers", "out"],
    ],
  });
  const size = flags.count("size", 256), peers = flags.text("peers");
  if (size % 32 !== 0) throw wrong("size", String(size), "a multiple of 32");
  return {
    device: flags.text("device") ?? null,
    batches: flags.text("batch") === undefined
      ? [4, 16]
      : [flags.count("batch", 4)],
    width: readWidth(flags.text("width") ?? "1"),
    size,
    steps: flags.count("steps", 5),
    rounds: flags.count("rounds", 1),
    precision: flags.choice("precision", ["float32", "mixed", "int8"]) ?? null,
    mode: flags.choice("mode", ["train", "infer"]) ?? null,
    live: flags.choice("loader", ["fixed", "live"]) === "live",
    threads: flags.count("threads", cores),
    peers: readPeers(peers ?? "torch,torch-compile"),
    needsPeers: peers !== undefined && peers !== "none",
    json: flags.on("json"),
    profile: flags.on("profile"),
    out: flags.text("out") ?? null,
  };
}

function readWidth(text: string): number {
  const width = Number(text);
  if (width > 0 && width <= 4) return width;
  throw wrong("width", text, "a number above 0 and up to 4");
}

function readPeers(text: string): PeerName[] {
  if (text === "none") return [];
  return text.split(",").map((name) => {
    const peer = peerNames.find((each) => each === name);
    if (peer) return peer;
    throw wrong("peers", text, `none, or of ${peerNames.join(",")}`);
  });
}
