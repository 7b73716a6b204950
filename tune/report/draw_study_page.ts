import { isAbsolute } from "@std/path";
import type { Study } from "../study.ts";
import { shorten } from "./_format.ts";
import { escape } from "./_markup.ts";
import { pageFacts } from "./_page_facts.ts";
import { pageHead } from "./_page_head.ts";
import { pageSections } from "./_page_sections.ts";
import { pageStyle } from "./_page_style.ts";
import { describeStudy } from "./study_table.ts";

/** How {@linkcode drawStudyPage} draws. */
export interface StudyPageOptions {
  /** The page's title; the study's name by default. */
  readonly title?: string;
  /**
   * Gives the path of a trial's run folder, relative to the page's folder,
   * from the trial's user attribute `run`; undefined for no link. By default
   * a relative path is taken as it is, an absolute one is not linked.
   */
  readonly pathOf?: (run: string) => string | undefined;
}

/**
 * Draws a page that shows a study: the best trial, the values over time,
 * parallel coordinates, which parameters matter ({@linkcode importances}), the
 * value against each parameter, what trials reported on the way, and a table
 * of trials. One file without scripts, which loads nothing from elsewhere, can
 * be printed, is light or dark as the reader's system is, and shows names as
 * text whatever is in them.
 *
 * It is at most a few megabytes: of large studies it leaves out curves, lines
 * and rows, and says how many. A study with several objectives has a Pareto
 * front, and a history and importances for each of them.
 *
 * @param study Any study, an empty one too.
 * @param options Title and links.
 * @returns The page as HTML, the same for the same study.
 *
 * @example
 * ```ts
 * import { drawStudyPage } from "@unet/tune/report";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const study = {
 *   ...{ id: 0, name: "<nuclei>", directions: ["maximize" as const] },
 *   ...{ userAttributes: {}, systemAttributes: {}, trials: [] },
 * };
 * assertStringIncludes(drawStudyPage(study), "<h1>&lt;nuclei&gt;</h1>");
 * ```
 */
export function drawStudyPage(
  study: Study,
  options: StudyPageOptions = {},
): string {
  const {
    title = study.name,
    pathOf = (run) => isAbsolute(run) ? undefined : run,
  } = options;
  const facts = pageFacts(study);
  const heading = escape(shorten(title, 200));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
<p>${escape(sentence(describeStudy(study)))}</p>
${pageHead(facts)}${pageSections(facts, pathOf)}</main>
</body>
</html>
`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
