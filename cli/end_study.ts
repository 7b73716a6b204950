import { basename, dirname, join } from "@std/path";
import { writeFile } from "@unet/files";
import type { Study } from "@unet/tune";
import { bestTrials } from "@unet/tune/report";
import { shellWord, shownPath, shownWord, type StudyPlan } from "@unet/app";
import { programName } from "./program_name.ts";
import { studyPage } from "./study_page.ts";
import { tableLines } from "./study_view.ts";
import { printLine } from "./terminal.ts";

/** How {@linkcode endStudy} words it. */
export interface EndOptions {
  /** Where the page goes; beside the study's file if left out. */
  readonly page?: string | undefined;
  /** How many epochs a trial had. */
  readonly epochs: number;
}

/**
 * Writes a study's page, and prints its table, its best trial, and what to do
 * next.
 *
 * @returns Whether a trial is complete.
 */
export async function endStudy(
  study: Study,
  { path, name, out }: StudyPlan,
  { page = pageBeside(path), epochs }: EndOptions,
): Promise<boolean> {
  await writeFile(page, studyPage(study, page, out), "page");
  if (Deno.stdout.isTerminal()) tableLines(study).forEach(printLine);
  printLine(`Page: ${shownPath(page)}`);
  const [best] = bestTrials(study);
  if (!best) {
    printLine("Best: none, for no trial is complete");
    return false;
  }
  printLine(
    `Best: trial ${best.number}, validation F1 ` +
      `${best.values![0]!.toFixed(4)} (${
        Object.entries(best.params).map(([name, value]) =>
          `${name} ${typeof value === "number" ? round(value) : value}`
        ).join(", ")
      }); train it longer with: ${programName()} train --from-study ${
        shownWord(path)
      } ` +
      `${name === "unet" ? "" : `--name ${shellWord(name)} `}` +
      `--epochs ${Math.max(30, 2 * epochs)}`,
  );
  return true;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** `study.html` for `study.journal`. */
function pageBeside(path: string): string {
  const name = basename(path).replace(/(?<=.)\.[^.]*$/, "");
  return join(dirname(path), `${name}.html`);
}
