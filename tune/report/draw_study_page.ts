import type { Study } from "../study.ts";

/** How {@linkcode drawStudyPage} draws. */
export interface StudyPageOptions {
  /** The page's title; the study's name by default. */
  readonly title?: string;
  /**
   * Gives the address of a run folder from the page, as in
   * `runs/tune/trial-3`, for the trial's user attribute `run`; undefined for
   * no link. By default a relative path is taken as it is.
   */
  readonly addressOf?: (run: string) => string | undefined;
}

/** draft */
export function drawStudyPage(
  study: Study,
  options: StudyPageOptions = {},
): string {
  return `<!DOCTYPE html><title>${options.title ?? study.name}</title>`;
}
