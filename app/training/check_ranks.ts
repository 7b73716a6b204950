import type { Split } from "@unet/data";
import { cannot, TrainingError } from "@unet/errors";
import type { Communicator } from "@unet/train";
import { fingerprintOfText } from "../fingerprint_of_text.ts";
import type { TrainSettings } from "../settings/train_settings.ts";

/** The inputs that must be the same on all ranks. */
export interface RankInputs {
  /** Changes with the content of any image. */
  readonly fingerprint: string;
  readonly split: Split;
  readonly settings: TrainSettings;
  /** The name of the device. */
  readonly device: string;
}

/** What of it differs, in words. */
const words: Readonly<Record<keyof RankInputs, string>> = {
  fingerprint: "other images",
  split: "another split",
  settings: "other settings",
  device: "another device",
};

/**
 * Makes sure that all ranks train alike.
 *
 * @param communicator Connects the ranks.
 * @param inputs This rank's.
 * @throws {TrainingError} On all ranks, if one has other inputs than rank 0.
 */
export async function checkRanks(
  communicator: Communicator,
  inputs: RankInputs,
): Promise<void> {
  if (communicator.size === 1) return;
  const names = Object.keys(words) as (keyof RankInputs)[];
  const own = await Promise.all(
    names.map((name) => fingerprintOfText(JSON.stringify(inputs[name]))),
  );
  const all = await communicator.gather(
    new TextEncoder().encode(own.join(" ")),
  );
  const ranks = all.map((bytes) => new TextDecoder().decode(bytes).split(" "));
  for (const [rank, prints] of ranks.entries()) {
    const at = prints.findIndex((print, i) => print !== ranks[0]![i]);
    if (at < 0) continue;
    throw new TrainingError(
      cannot("train on", "rank", String(rank), {
        found: `${words[names[at]!]} than on rank 0`,
        expected: "the same on all ranks",
        remedy: "give all machines the same files, as on a shared disk",
      }),
    );
  }
}
