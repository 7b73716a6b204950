import { basename } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import { infoOf, parseJson, readTextFile } from "@unet/files";
import type { FinetuneDraw } from "./finetune_draws.ts";
import type { FinetuneRun } from "./finetune_results.ts";
import type { FinetuneSettings } from "./finetune_settings.ts";

/** What has to be the same for trainings to stand in one table. */
const shared = ["model", "trainRole", "scoreRole", "seed", "flags"] as const;

/**
 * The trainings that the file for results has from before.
 *
 * @param settings What is to be trained; none where there is no such file.
 * @throws {UsageError} If those trainings were made with other settings.
 * @throws {FileError} If the file cannot be read.
 */
export async function runsBefore(
  settings: Pick<FinetuneSettings, "out" | typeof shared[number]>,
): Promise<FinetuneRun[]> {
  const path = settings.out!;
  if (!await infoOf(path)) return [];
  const report = parseJson(await readTextFile(path, "results")) as
    & Record<string, unknown>
    & { readonly runs: FinetuneRun[] };
  for (const name of shared) {
    const [found, wanted] = [report[name], settings[name]]
      .map((value) => JSON.stringify(value));
    if (found === wanted) continue;
    throw new UsageError(cannot("resume", "results", basename(path), {
      found: `${name} ${found}`,
      expected: String(wanted),
    }));
  }
  return [...report.runs];
}

/** Whether a draw was trained on. */
export function isAmong(
  runs: readonly FinetuneRun[],
  { source, ids, draw }: FinetuneDraw,
): boolean {
  return runs.some((run) =>
    run.source === source.name && run.draw === draw &&
    `${run.ids}` === `${ids}`
  );
}
