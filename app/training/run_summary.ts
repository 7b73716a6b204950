import { join } from "@std/path";
import { infoOf } from "@unet/files";
import { endOfTraining, openRun, type TrainingState } from "@unet/train";
import { parseTrainSettings } from "../settings/parse_train_settings.ts";

/** Where a training stands, by its run folder. */
export interface RunSummary {
  /** The epochs that it is to make. */
  readonly epochs: number;
  /** Why it is over; null where it can continue. */
  readonly end: "epochs" | "patience" | null;
  /** What it started from: a model's path or name, or null. */
  readonly weights: string | null;
  /** Whether it holds no image out to judge by. */
  readonly holdsNoneOut: boolean;
  /** Whether it has a model yet. */
  readonly hasModel: boolean;
  /** Where it stands. */
  readonly state: TrainingState;
}

/**
 * Reads where a training stands, while it runs or afterward, without its
 * weights.
 *
 * @param run The run folder.
 * @throws {TrainingError} If the folder is no run, or its files are damaged.
 * @throws {FileError} If a file is missing or cannot be read.
 *
 * @example
 * ```ts
 * import { readRunSummary, train } from "@unet/app";
 * import { assertEquals } from "@std/assert";
 *
 * const out = `${await Deno.makeTempDir()}/run`;
 * await train({
 *   ...{ out, width: 0.05, tile: 32, epochs: 1, tilesPerEpoch: 8 },
 *   ...{ device: "wasm", workers: 0 },
 * });
 * const { end, epochs, hasModel } = await readRunSummary(out);
 * assertEquals([end, epochs, hasModel], ["epochs", 1, true]);
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function readRunSummary(run: string): Promise<RunSummary> {
  const folder = await openRun(run);
  const { epochs, patience, weights, validation } = parseTrainSettings(
    folder.config.settings,
    join(run, "config.json"),
  );
  const state = await folder.readState();
  return {
    ...{ epochs, weights, state },
    holdsNoneOut: validation === 0,
    end: endOfTraining(state, { epochs, patience }),
    hasModel: await infoOf(join(run, "best", "model.safetensors")) !== null,
  };
}
