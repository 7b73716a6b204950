import { join } from "@std/path";
import type { CachedCase } from "@unet/data";
import { cannot, TrainingError } from "@unet/errors";
import { openRun, type RunFolder } from "@unet/train";

/**
 * Opens a run that continues, and makes sure that its images are the same.
 *
 * @param path The run folder.
 * @param fingerprint A number that changes with the content of any image.
 * @param cases The images.
 * @throws {TrainingError} If the folder is no run, or the data has changed.
 */
export async function openStartedRun(
  path: string,
  fingerprint: string,
  cases: readonly CachedCase[],
): Promise<RunFolder> {
  const run = await openRun(path);
  const { dataset } = run.config as { dataset?: { fingerprint?: unknown } };
  const expected = dataset?.fingerprint;
  if (expected !== fingerprint) {
    throw new TrainingError(
      cannot("resume", "run", path, {
        found: `data that has changed (fingerprint ${fingerprint})`,
        expected: `that of the run's start (${expected})`,
      }),
    );
  }
  const known = new Set(cases.map(({ id }) => id));
  for (const part of ["train", "validation"] as const) {
    const ids = run.split[part];
    const stranger = ids.find((id) => !known.has(id));
    const isEnough = ids.length > 0 ||
      part === "validation" && holdsNoneOut(run);
    if (isEnough && stranger === undefined) continue;
    throw new TrainingError(
      cannot("resume", "run by", join(path, "split.json"), {
        found: stranger === undefined
          ? `no images in "${part}"`
          : `image "${stranger}", which the data lacks, in "${part}"`,
        expected: "content that train wrote",
      }),
    );
  }
  return run;
}

/** Whether a run trains on all its images. */
function holdsNoneOut({ config }: RunFolder): boolean {
  const { validation } = config.settings as { readonly validation?: unknown };
  return validation === 0;
}
