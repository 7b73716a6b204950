import { dirname, isAbsolute, join, relative } from "@std/path";
import type { Study } from "@unet/tune";
import { drawStudyPage } from "@unet/tune/report";

/**
 * A study's page, with links to its run folders.
 *
 * @param study The study.
 * @param page The file that the page goes into.
 * @param runs The folder of the trials' run folders.
 */
export function studyPage(study: Study, page: string, runs: string): string {
  return drawStudyPage(study, {
    pathOf: (run) =>
      isAbsolute(run) ? undefined : relative(dirname(page), join(runs, run)),
  });
}
