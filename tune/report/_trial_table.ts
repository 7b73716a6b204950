import type { Trial } from "../study.ts";
import { formatChoice, formatNumber, shorten } from "./_format.ts";
import { element, escape } from "./_markup.ts";
import type { PageFacts } from "./_page_facts.ts";
import { timeOf, valuesOf } from "./_trial_values.ts";

/** As many trials have a row. */
export const mostRows = 500;
/** As many parameters have a column, those that matter most. */
export const mostColumns = 30;

/** Makes the table of trials, and says what it leaves out. */
export function trialTable(
  facts: PageFacts,
  pathOf: (run: string) => string | undefined,
): string {
  const { study, objectives, best } = facts;
  const parameters = facts.parameters.slice(0, mostColumns);
  const trials = shownTrials(facts);
  const isNumeric = (name: string) =>
    trials.every(({ params }) =>
      !Object.hasOwn(params, name) || typeof params[name] === "number"
    );
  const hasRuns = trials.some(({ userAttributes: { run } }) =>
    typeof run === "string"
  );
  const head = (text: string, className?: string) =>
    element(
      "th",
      { scope: "col", class: className },
      escape(shorten(text, 60)),
    );
  const heads = [
    head("Trial"),
    head("State"),
    ...objectives.map(({ name }) => head(name, "number")),
    ...parameters.map((name) =>
      head(name, isNumeric(name) ? "number" : undefined)
    ),
    head("Time", "number"),
    ...hasRuns ? [head("Run")] : [],
  ];
  const rows = trials.map((trial) => {
    const isBest = best.has(trial);
    const cells = [
      element("td", {}, trial.state + (isBest ? " ★" : "")),
      ...objectives.map(({ index }) => {
        const value = valuesOf(trial)[index];
        return element(
          "td",
          { class: "number" },
          value === undefined ? "" : formatNumber(value, 6),
        );
      }),
      ...parameters.map((name) => cellOf(trial, name)),
      element("td", { class: "number" }, timeOf(trial)),
      ...hasRuns ? [element("td", {}, runOf(trial, pathOf))] : [],
    ];
    return element(
      "tr",
      { id: `trial-${trial.number}`, class: isBest ? "best-row" : undefined },
      element("th", { scope: "row" }, String(trial.number)) + cells.join(""),
    );
  });
  const isReported = trials.some((trial) =>
    !trial.values && valuesOf(trial).length > 0
  );
  const caption =
    (best.size > 0
      ? `★ ${
        study.directions.length > 1 ? "beaten by no other trial" : "the best"
      }`
      : "No trial has a value yet") +
    (isReported
      ? "; of a pruned or running trial, the value it reported last"
      : "");
  return element(
    "section",
    { class: "scroll", tabindex: 0, "aria-label": "Table of trials" },
    element(
      "table",
      {},
      element("caption", {}, caption) +
        `\n<thead><tr>${heads.join("")}</tr></thead>\n<tbody>\n${
          rows.join("\n")
        }\n</tbody>\n`,
    ),
  );
}

function cellOf({ params }: Trial, name: string): string {
  if (!Object.hasOwn(params, name)) return element("td", {});
  const value = params[name]!;
  return element(
    "td",
    typeof value === "number" ? { class: "number" } : {},
    escape(formatChoice(value)),
  );
}

function runOf(
  { userAttributes: { run } }: Trial,
  pathOf: (run: string) => string | undefined,
): string {
  if (typeof run !== "string") return "";
  const path = pathOf(run), text = escape(shorten(run, 60));
  return path === undefined
    ? text
    : element("a", { href: encodePath(path) }, text);
}

/** A path as an address that no browser takes for anything but a path. */
function encodePath(path: string): string {
  return `./${
    path.toWellFormed().replaceAll("\\", "/").split("/")
      .map(encodeURIComponent).join("/")
  }`;
}

/** The best, as far as they take half of the rows, and the latest. */
function shownTrials({ study, best }: PageFacts): readonly Trial[] {
  if (study.trials.length <= mostRows) return study.trials;
  const kept = new Set([...best].slice(0, mostRows / 2));
  for (const trial of study.trials.toReversed()) {
    if (kept.size === mostRows) break;
    kept.add(trial);
  }
  return study.trials.filter((trial) => kept.has(trial));
}
