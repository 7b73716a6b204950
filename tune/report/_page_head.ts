import { count } from "@unet/errors";
import type { Choice } from "../distribution.ts";
import {
  formatChoice,
  formatDuration,
  formatNote,
  formatNumber,
  shorten,
} from "./_format.ts";
import { element, escape } from "./_markup.ts";
import { directedName, type PageFacts } from "./_page_facts.ts";
import { countStates } from "./study_table.ts";
import { timeOf } from "./_trial_values.ts";

/** As many of what people noted of a study are shown. */
const mostNotes = 20;
/** As many parameters of the best trial are shown. */
const mostParameters = 60;

/** What stands above the charts: the best trial, then the study in numbers. */
export function pageHead(facts: PageFacts): string {
  return bestBox(facts) + studyFacts(facts) + notesOf(facts);
}

function bestBox({ study, best, objectives }: PageFacts): string {
  const [trial] = best;
  if (!trial || study.directions.length !== 1) return "";
  const all = Object.entries(trial.params);
  const parameters = all.slice(0, mostParameters).map(([name, value]) =>
    fact(shorten(name, 60), exact(value))
  );
  const more = all.length > mostParameters
    ? element(
      "p",
      { class: "note" },
      `${count(all.length - mostParameters, "more parameter")}.`,
    )
    : "";
  const time = timeOf(trial);
  return element(
    "section",
    { class: "best-box", "aria-label": "Best trial" },
    element("h2", {}, `Best: trial ${trial.number}`) +
      element(
        "div",
        { class: "value" },
        data(trial.values![0]!, 6),
      ) +
      element(
        "div",
        { class: "note" },
        escape(shorten(directedName(objectives[0]!), 80)) +
          (time ? `; took ${time}` : ""),
      ) +
      (parameters.length > 0 ? element("dl", {}, parameters.join("")) : "") +
      more,
  ) + "\n";
}

function studyFacts({ study, best, objectives }: PageFacts): string {
  const { trials, directions } = study;
  const started = trials.flatMap(({ started }) => started?.getTime() ?? []);
  const ended = trials.flatMap(({ completed }) => completed?.getTime() ?? []);
  const first = started.reduce((a, b) => Math.min(a, b), Infinity);
  const last = ended.reduce((a, b) => Math.max(a, b), -Infinity);
  return element(
    "dl",
    {},
    [
      fact("Trials", String(trials.length)),
      ...countStates(trials).map(([state, count]) =>
        fact(state[0]!.toUpperCase() + state.slice(1), String(count))
      ),
      ...directions.length > 1
        ? [
          fact(
            "Objectives",
            objectives.map((each) => escape(shorten(directedName(each), 60)))
              .join("<br>"),
          ),
          fact("Pareto front", count(best.size, "trial")),
        ]
        : [],
      ...first < Infinity ? [fact("Started", time(first))] : [],
      ...last > first
        ? [fact("From first start to last end", formatDuration(last - first))]
        : [],
    ].join(""),
  ) + "\n";
}

function notesOf({ study: { userAttributes } }: PageFacts): string {
  const notes = Object.entries(userAttributes);
  if (notes.length === 0) return "";
  const shown = notes.slice(0, mostNotes).map(([name, value]) =>
    fact(shorten(name, 60), escape(formatNote(value)))
  ).join("");
  const more = notes.length > mostNotes
    ? element(
      "p",
      { class: "note" },
      `${count(notes.length - mostNotes, "more note")}.`,
    )
    : "";
  return element("dl", {}, shown) + more + "\n";
}

/** @param value Markup. */
function fact(name: string, value: string): string {
  return element(
    "div",
    {},
    element("dt", {}, escape(name)) + element("dd", {}, value),
  );
}

/** A parameter as it is read, with the exact value for programs. */
function exact(value: Choice): string {
  return typeof value === "number"
    ? data(value, 6)
    : escape(formatChoice(value));
}

function data(value: number, digits: number): string {
  return element("data", { value: String(value) }, formatNumber(value, digits));
}

function time(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return "unknown";
  const text = date.toISOString();
  return element(
    "time",
    { datetime: text },
    `${text.slice(0, 16).replace("T", " ")} UTC`,
  );
}
