import { isAbsolute } from "@std/path";
import type { Study } from "../study.ts";
import { drawCurves, mostCurves, reporting } from "./_draw_curves.ts";
import { drawFront } from "./_draw_front.ts";
import { drawHistory, historyExtent, mostMarks } from "./_draw_history.ts";
import { drawImportances, mostBars } from "./_draw_importances.ts";
import { drawParallel, mostAxes, mostLines } from "./_draw_parallel.ts";
import { drawSlices, mostDots, mostSlices } from "./_draw_slices.ts";
import { shorten } from "./_format.ts";
import { element, escape } from "./_markup.ts";
import { mostObjectives, type PageFacts, pageFacts } from "./_page_facts.ts";
import { pageHead } from "./_page_head.ts";
import { pageStyle } from "./_page_style.ts";
import { describeStudy } from "./study_table.ts";
import { mostColumns, mostRows, trialTable } from "./_trial_table.ts";

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
${pageHead(facts)}${facts.objectives.length > 0 ? charts(facts) : ""}${
    tableOf(facts, pathOf)
  }</main>
</body>
</html>
`;
}

function charts(facts: PageFacts): string {
  const { study, objectives, complete, shares } = facts;
  const { directions, trials } = study;
  if (trials.length === 0) return "";
  const isSingle = directions.length === 1;
  const parts: string[] = [];
  if (!isSingle) {
    parts.push(
      note(
        `The study has ${directions.length} objectives` +
          (directions.length > mostObjectives
            ? `, of which the page shows the first ${mostObjectives}`
            : "") +
          ". There is no single best trial; those that no other beats in all objectives at once are the Pareto front.",
      ),
    );
    if (objectives.length > 1 && complete.length > 0) {
      parts.push(
        section("front", "Pareto front", [
          wide(
            drawFront(facts),
            directions.length > 2
              ? "The first two objectives; a trial may be in the front for another one."
              : "",
            "Pareto front",
          ),
        ]),
      );
    }
  }
  parts.push(
    section(
      "history-section",
      "History",
      objectives.map((objective) =>
        wide(
          drawHistory(facts, objective),
          historyNotes(facts, objective),
          `History of ${shorten(objective.name, 80)}`,
        )
      ),
    ),
  );
  if (complete.length > 1 && facts.parameters.length > 0) {
    parts.push(
      section("parallel-section", "Parallel coordinates", [
        wide(drawParallel(facts), parallelNotes(facts), "Parallel coordinates"),
      ]),
    );
  }
  parts.push(importanceSection(facts, shares));
  if (complete.length > 0 && facts.parameters.length > 0) {
    parts.push(
      section("slices-section", "Value against each parameter", [
        note(sliceNotes(facts)),
        `<div class="slices">\n${drawSlices(facts).join("")}</div>\n`,
      ]),
    );
  }
  const reported = reporting(facts).length;
  if (isSingle && reported > 0) {
    parts.push(
      section("curves-section", "Values on the way", [
        wide(
          drawCurves(facts, objectives[0]!),
          "What trials reported at each step." +
            (reported > mostCurves
              ? ` Of ${reported} trials that reported any, the best ${
                mostCurves / 2
              } and the latest have a curve, ${mostCurves} in all.`
              : ""),
        ),
      ]),
    );
  }
  return parts.join("");
}

function importanceSection(
  { study, objectives, complete }: PageFacts,
  shares: PageFacts["shares"],
): string {
  const shown = objectives.filter(({ index }) =>
    shares[index]!.some(({ share }) => share > 0)
  );
  if (shown.length === 0) {
    return section("importance-section", "Importance of the parameters", [
      note(
        "Nothing to tell: it takes two complete trials or more whose values and parameters differ.",
      ),
    ]);
  }
  const assessed = new Set(shares[0]!.map(({ name }) => name));
  const left = [
    ...new Set(study.trials.flatMap(({ params }) => Object.keys(params))),
  ].filter((name) => !assessed.has(name));
  return section("importance-section", "Importance of the parameters", [
    note(
      "Share of the variance that each parameter explains alone, by fANOVA over a random forest (complete trials only)." +
        (complete.length < 20
          ? ` With ${complete.length} trials, take it as a hint.`
          : "") +
        (left.length > 0
          ? ` Not assessed, since not all complete trials have them with the same bounds: ${
            left.slice(0, 10).map((name) => shorten(name, 40)).join(", ")
          }${left.length > 10 ? ` and ${left.length - 10} more` : ""}.`
          : "") +
        (assessed.size > mostBars
          ? ` The ${mostBars} most important of ${assessed.size} are drawn.`
          : ""),
    ),
    ...shown.map((objective) =>
      (shown.length > 1
        ? element("h3", {}, escape(shorten(objective.name, 80)))
        : "") +
      wide(
        drawImportances(shares[objective.index]!, objective),
        "",
        `Importance for ${shorten(objective.name, 80)}`,
      )
    ),
  ]);
}

function historyNotes(
  facts: PageFacts,
  objective: PageFacts["objectives"][number],
): string {
  const { study, complete } = facts;
  const { beyond } = historyExtent(facts, objective);
  const isSingle = study.directions.length === 1;
  const has = (state: string) =>
    study.trials.some((trial) => trial.state === state);
  const infinite = study.trials.filter(({ state }) => state === "complete")
    .length - complete.length;
  return [
    isSingle && (has("pruned") || has("running"))
      ? "Pruned and running trials stand at the value they reported last."
      : "",
    has("failed") ? "Failed ones stand on the axis." : "",
    study.trials.length > mostMarks
      ? `Of each state at most ${mostMarks} trials have a mark, evenly from all.`
      : "",
    beyond > 0
      ? `${beyond} values far off all others are drawn at the edge.`
      : "",
    infinite > 0
      ? `${infinite} complete trials without a finite value are left out of the charts.`
      : "",
  ].filter(Boolean).join(" ");
}

function parallelNotes({ complete, parameters, study }: PageFacts): string {
  return [
    study.trials.length > complete.length ? "Complete trials only." : "",
    parameters.length > mostAxes
      ? `The ${mostAxes} most important of ${parameters.length} parameters.`
      : "",
    complete.length > mostLines
      ? `${mostLines} of ${complete.length} trials: the best ${
        mostLines / 5
      }, the others evenly by rank.`
      : "",
    "A line breaks where a trial does not have a parameter.",
  ].filter(Boolean).join(" ");
}

function sliceNotes(
  { study, objectives, parameters, complete }: PageFacts,
): string {
  return "Complete trials; the later, the stronger the shade." +
    (complete.length > mostDots
      ? ` ${mostDots} of ${complete.length}, evenly from all.`
      : "") +
    (study.directions.length > 1
      ? ` The value is ${shorten(objectives[0]!.name, 60)}.`
      : "") +
    (parameters.length > mostSlices
      ? ` The ${mostSlices} most important of ${parameters.length} parameters.`
      : "");
}

function tableOf(
  facts: PageFacts,
  pathOf: (run: string) => string | undefined,
): string {
  const { study: { trials }, parameters } = facts;
  if (trials.length === 0) {
    return section("table", "Trials", [note("There are none yet.")]);
  }
  return section("table", "Trials", [
    ...trials.length > mostRows
      ? [note(
        `${mostRows} of ${trials.length} trials: the best and the latest.`,
      )]
      : [],
    ...parameters.length > mostColumns
      ? [note(
        `${mostColumns} of ${parameters.length} parameters, those that matter most.`,
      )]
      : [],
    trialTable(facts, pathOf),
  ]);
}

/** @param content Markup. */
function section(id: string, title: string, content: string[]): string {
  return `<section aria-labelledby="${id}">\n${
    element("h2", { id }, escape(title))
  }\n${content.join("")}</section>\n`;
}

function note(text: string): string {
  return element("p", { class: "note" }, escape(text)) + "\n";
}

/** A picture that is scrolled where there is no room for it. */
function wide(svg: string, caption: string, label: string): string {
  return `<figure>\n${
    element("div", {
      ...{ class: "scroll", tabindex: 0, role: "group" },
      "aria-label": label,
    }, svg)
  }\n${
    caption ? element("figcaption", {}, escape(caption)) + "\n" : ""
  }</figure>\n`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
