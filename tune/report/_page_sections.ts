import { drawCurves, reporting } from "./_draw_curves.ts";
import { drawFront } from "./_draw_front.ts";
import { drawHistory } from "./_draw_history.ts";
import { drawImportances } from "./_draw_importances.ts";
import { drawParallel } from "./_draw_parallel.ts";
import { drawSlices } from "./_draw_slices.ts";
import { shorten } from "./_format.ts";
import { element, escape } from "./_markup.ts";
import type { PageFacts } from "./_page_facts.ts";
import {
  curvesNote,
  historyNote,
  importanceNote,
  objectivesNote,
  parallelNote,
  slicesNote,
  tableNote,
} from "./_page_notes.ts";
import { note, section, wide } from "./_section.ts";
import { trialTable } from "./_trial_table.ts";

/** The charts of a study that there is something to show of, and the table. */
export function pageSections(
  facts: PageFacts,
  pathOf: (run: string) => string | undefined,
): string {
  const { study: { trials }, objectives, complete, parameters } = facts;
  const isSingle = facts.study.directions.length === 1;
  const parts: string[] = [];
  if (trials.length > 0 && objectives.length > 0) {
    if (!isSingle) parts.push(note(objectivesNote(facts)));
    if (!isSingle && complete.length > 0) parts.push(frontSection(facts));
    parts.push(historySection(facts));
    if (complete.length > 1 && parameters.length > 0) {
      parts.push(parallelSection(facts));
    }
    parts.push(importanceSection(facts));
    if (complete.length > 0 && parameters.length > 0) {
      parts.push(slicesSection(facts));
    }
    if (isSingle && reporting(facts).length > 0) {
      parts.push(curvesSection(facts));
    }
  }
  return parts.join("") + tableSection(facts, pathOf);
}

function frontSection(facts: PageFacts): string {
  const caption = facts.objectives.length > 2
    ? "The first two objectives; a trial may be in the front for another one."
    : "";
  return section("front-section", "Pareto front", [
    wide(drawFront(facts), caption, "Pareto front"),
  ]);
}

function historySection(facts: PageFacts): string {
  return section(
    "history-section",
    "History",
    facts.objectives.map((objective) =>
      wide(
        drawHistory(facts, objective),
        historyNote(facts, objective),
        `History of ${shorten(objective.name, 80)}`,
      )
    ),
  );
}

function parallelSection(facts: PageFacts): string {
  return section("parallel-section", "Parallel coordinates", [
    wide(drawParallel(facts), parallelNote(facts), "Parallel coordinates"),
  ]);
}

function importanceSection(facts: PageFacts): string {
  const { objectives, shares } = facts;
  const shown = objectives.filter(({ index }) =>
    shares[index]!.some(({ share }) => share > 0)
  );
  const content = shown.length === 0
    ? [
      note(
        "Nothing to report: it takes two complete trials or more whose values and parameters differ.",
      ),
    ]
    : [
      note(importanceNote(facts)),
      ...shown.map((objective) => {
        const name = shorten(objective.name, 80);
        return (shown.length > 1 ? element("h3", {}, escape(name)) : "") +
          wide(
            drawImportances(shares[objective.index]!, objective),
            "",
            `Importance for ${name}`,
          );
      }),
    ];
  return section("importance-section", "Importance of the parameters", content);
}

function slicesSection(facts: PageFacts): string {
  return section("slices-section", "Value against each parameter", [
    note(slicesNote(facts)),
    `<div class="slices">\n${drawSlices(facts).join("")}</div>\n`,
  ]);
}

function curvesSection(facts: PageFacts): string {
  const picture = drawCurves(facts, facts.objectives[0]!);
  return section("curves-section", "Values on the way", [
    wide(picture, curvesNote(facts), "Values on the way"),
  ]);
}

function tableSection(
  facts: PageFacts,
  pathOf: (run: string) => string | undefined,
): string {
  if (facts.study.trials.length === 0) {
    return section("table-section", "Trials", [note("There are none yet.")]);
  }
  const remark = tableNote(facts);
  return section("table-section", "Trials", [
    remark && note(remark),
    trialTable(facts, pathOf),
  ]);
}
