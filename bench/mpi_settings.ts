import { cannot, UsageError } from "@unet/errors";
import { readFlags } from "./read_flags.ts";

/** What `deno task bench mpi` was asked to do. */
export interface MpiSettings {
  /** What starts ranks. */
  readonly mpiexec: string;
  readonly ranks: number;
  readonly widths: readonly number[];
  /** Tiles of the whole batch, and pixels a side of each. */
  readonly batch: number;
  readonly size: number;
  readonly device: string;
  readonly loss: "bce" | "bce+dice";
  /** Steps that are timed per round. */
  readonly steps: number;
  /** Times that everything is measured, one round after the other. */
  readonly rounds: number;
  /** Whether PyTorch is measured besides; null if it may be missing. */
  readonly torch: boolean | null;
  readonly json: boolean;
}

/**
 * Reads the command line of `deno task bench mpi`.
 *
 * @throws {UsageError} If a flag or its value is not allowed.
 */
export function readMpiSettings(args: readonly string[]): MpiSettings {
  const flags = readFlags(args, {
    switches: ["json"],
    values: [
      ...["mpiexec", "ranks", "width", "batch", "size", "device", "loss"],
      ...["steps", "rounds", "peers"],
    ],
  });
  const mpiexec = flags.text("mpiexec");
  if (mpiexec === undefined) {
    throw new UsageError(
      cannot("run", "benchmark", "mpi", {
        found: "no launcher",
        expected: "--mpiexec PATH, and its library in UNET_MPI",
      }),
    );
  }
  const ranks = flags.count("ranks", 2), batch = flags.count("batch", 16);
  if (batch % ranks !== 0) {
    throw new UsageError(
      cannot("use", "flag", "--batch", {
        found: `${batch} for ${ranks} ranks`,
        expected: "a multiple of the number of ranks",
      }),
    );
  }
  const peers = flags.choice("peers", ["torch", "none"]);
  return {
    ...{ mpiexec, ranks, batch },
    widths: widthsOf(flags.text("width") ?? "0.25"),
    size: flags.count("size", 256),
    device: flags.text("device") ?? "onednn",
    loss: flags.choice("loss", ["bce", "bce+dice"]) ?? "bce",
    steps: flags.count("steps", 4),
    rounds: flags.count("rounds", 3),
    torch: peers === undefined ? null : peers === "torch",
    json: flags.on("json"),
  };
}

function widthsOf(text: string): number[] {
  return text.split(",").map((part) => {
    const width = Number(part);
    if (part.trim() !== "" && width > 0 && width <= 1) return width;
    throw new UsageError(
      cannot("use", "flag", "--width", {
        found: `"${part}"`,
        expected: "a number above 0, up to 1",
      }),
    );
  });
}
