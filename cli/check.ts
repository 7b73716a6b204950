import type { SourceReport, SourcesReport } from "@unet/app";
import { briefList, cannot, count, UsageError } from "@unet/errors";
import {
  type NormalizationName,
  normalizationNames,
  parseSources,
  readingSettings,
  readSettings,
  sourcesOf,
} from "@unet/app/settings";
import type { CheckReport } from "@unet/data";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { describeClassNumbers } from "./describe_class_numbers.ts";
import { Doubts } from "./doubts.ts";
import type { Flags } from "./flags.ts";
import { choiceFlags, maskFlags } from "./setting_flags.ts";
import { formatTable } from "./table.ts";
import { bar, liveLine, printError, printJson, printLine } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** `unet check`: everything that is wrong with a dataset. */
export const check: Command = {
  name: "check",
  summary: commandSummaries.check,
  usage: "DATA... [flags]",
  description: "Opens every case of a folder or zip of images and masks, or " +
    "of several, prints sizes, modalities and numbers of nuclei, and lists " +
    "every " +
    "problem. Errors prevent training on a case (a damaged or missing file, " +
    "a mask of the wrong size, several channels without a choice); warnings " +
    "do not (overlapping or empty masks, stacks read at their first plane, " +
    "duplicate images, and suspicious masks: a white background, " +
    "gray edges, probabilities, classes, several pages). The exit code is " +
    "1 if " +
    "there are errors.",
  groups: [
    {
      title: "Images",
      flags: [
        {
          name: "data",
          kind: "text",
          value: "DIR|ZIP",
          isRepeated: true,
          help: "the same as DATA, as in train: repeatable, named by file or " +
            "folder, or by NAME=DIR",
        },
        {
          name: "roles",
          kind: "text",
          value: "FILE",
          help: "JSON file with the role of each image, as for train: counts " +
            "roles and finds copies of an image with different roles",
        },
        ...choiceFlags,
      ],
    },
    { title: "Masks", flags: maskFlags },
    {
      title: "Output",
      flags: [
        { name: "json", kind: "switch", help: "prints JSON" },
        {
          name: "sheets",
          kind: "text",
          value: "DIR",
          help: "also writes contact sheets into this folder, one per " +
            "modality and augmentation: an original tile and eleven " +
            "augmented ones; with --roles, only of training images",
        },
        {
          name: "augment",
          kind: "text",
          value: "NAMES",
          help:
            "only sheets of these augmentations: a list of scales and the " +
            "names of train --augment (default all)",
        },
        {
          name: "normalization",
          kind: "choice",
          choices: normalizationNames,
          help: "how brightness is normalized in the sheets, as for train " +
            "(default stretch-dark)",
        },
      ],
    },
  ],
  examples: [
    ["stage1_train.zip", "a zip, read in place"],
    ["plates --json", "a folder, for programs"],
    [
      "plates slides.zip --roles roles.json",
      "two data sets, and the roles of their images",
    ],
    [
      "plates --sheets sheets --augment blur,hed",
      "the augmentations that train would apply",
    ],
  ],
  positional: [0, Infinity],
  async run(flags) {
    const errors = await checkAll(flags);
    const sheets = await sheetsOf(flags);
    if (!flags.on("json") && sheets > 0) {
      printLine(`${count(sheets, "contact sheet")} in ${flags.text("sheets")}`);
    }
    return errors === 0 ? 0 : 1;
  },
};

/** The data sets, by position or as train takes them. */
function dataOf(flags: Flags): ReturnType<typeof parseSources> {
  const texts = [...flags.positional, ...flags.texts("data")];
  if (texts.length > 0) return parseSources(texts);
  throw new UsageError(cannot("run", "command", check.name, {
    ...{ found: "no arguments", expected: check.usage },
    remedy: "see unet check --help",
  }));
}

/** Checks the data, one or more, and prints what it holds; returns the errors. */
async function checkAll(flags: Flags): Promise<number> {
  const data = dataOf(flags), roles = flags.text("roles");
  const live = liveLine();
  const choices = readSettings(readingSettings, flags);
  const events = {
    onProgress: (done: number, all: number) =>
      live.update(`Checking ${bar(done / all)} ${done}/${all}`),
  };
  if (typeof data === "string" && roles === undefined) {
    const { check } = await import("@unet/app/check");
    const report = await check({ data, ...choices }, events);
    live.clear();
    if (flags.on("json")) printJson(report);
    else printReport(report);
    return report.errors;
  }
  const { checkSources } = await import("@unet/app/check-sources");
  const report = await checkSources({
    ...{ data: sourcesOf(data), ...choices },
    ...(roles !== undefined && { roles }),
  }, events);
  live.clear();
  if (flags.on("json")) printJson(report);
  else printSources(report);
  return report.errors;
}

/** Prints each data set, then what is wrong among them. */
function printSources({ sources, faults, ...counts }: SourcesReport): void {
  const all = Object.entries(sources);
  for (const [name, report] of all) {
    printLine(`Data set ${name}`);
    printReport(report);
    for (const line of describeRoles(report)) printLine(line);
    printLine();
  }
  for (const { message } of faults) {
    printError(`warning: ${wordSettings(message)}`);
  }
  printLine(
    `${count(all.length, "data set")}: ${count(counts.errors, "error")}, ` +
      count(counts.warnings, "warning"),
  );
}

/** Which roles images have, and which have none. */
function describeRoles({ roles, unnamed = [] }: SourceReport): string[] {
  if (!roles) return [];
  const counts = Object.entries(roles).map(([role, images]) =>
    `${role} ${images}`
  );
  return [
    `Roles: ${counts.join(", ") || "none"}`,
    ...unnamed.length > 0
      ? [
        `Without a role: ${count(unnamed.length, "image")} (${
          briefList(unnamed, { most: 4 })
        })`,
      ]
      : [],
  ];
}

/** Writes the contact sheets that were asked for; returns how many. */
async function sheetsOf(flags: Flags): Promise<number> {
  const out = flags.text("sheets");
  if (out === undefined) {
    const stray = ["augment", "normalization"].find((name) =>
      flags.given(name)
    );
    if (stray === undefined) return 0;
    throw new UsageError(cannot("use", "flag", `--${stray}`, {
      found: "no contact sheets to write",
      expected: "--sheets DIR too",
    }));
  }
  const { sheetNamesIn, writeSheets } = await import("@unet/app/write-sheets");
  const names = flags.text("augment");
  const normalization = flags.text("normalization");
  const live = liveLine();
  const roles = flags.text("roles");
  const paths = await writeSheets({
    ...{ data: dataOf(flags), roles, out },
    ...readSettings(readingSettings, flags),
    ...(names !== undefined &&
      { changes: sheetNamesIn(names) }),
    ...(normalization !== undefined &&
      { normalization: normalization as NormalizationName }),
  }, (done, all) => live.update(`Reading ${bar(done / all)} ${done}/${all}`));
  live.clear();
  return paths.length;
}

/** Warnings of a kind that are printed; JSON has all. */
const shownOfKind = 3;

function printReport(report: CheckReport): void {
  const rows = report.table.map((row) => [
    row.modality,
    `${row.width}×${row.height}`,
    String(row.images),
    ...report.classes ? [] : [String(row.nuclei)],
  ]);
  const header = [
    ...["Modality", "Size", "Images"],
    ...report.classes ? [] : ["Nuclei"],
  ];
  for (const line of formatTable([header, ...rows])) printLine(line);
  printLine();
  for (const line of describeLabels(report)) printLine(line);
  const doubts = new Doubts(printError, shownOfKind);
  for (const fault of report.faults) {
    if (fault.severity === "warning") doubts.add(fault);
    else printError(`error: ${wordSettings(fault.message)}`);
  }
  doubts.end();
  printLine(
    `${count(report.images, "image")} (${report.layout} layout), ` +
      `${report.usable} usable` +
      (report.classes
        ? "; "
        : `, ${count(report.nuclei, "nucleus", "nuclei")}; `) +
      `${count(report.errors, "error")}, ${count(report.warnings, "warning")}`,
  );
}

/** What masks hold: the classes and their shares, and how much is labeled. */
function describeLabels(report: CheckReport): string[] {
  const { classes, objectClasses, labeled, usable } = report;
  if (usable === 0) return [];
  const pixels = classes?.reduce((sum, { pixels }) => sum + pixels, 0) ?? 0;
  return [
    ...classes
      ? [
        "Classes: " +
        classes.map((one) =>
          `${one.name} (${one.value}) ${percent(one.pixels / pixels)}`
        ).join(", "),
        ...describeClassNumbers(classes),
      ]
      : [],
    ...objectClasses
      ? [
        "Classes of objects: " +
        objectClasses.map(({ name, objects }) =>
          `${name || "not known"} ${objects}`
        ).join(", "),
      ]
      : [],
    ...labeled < 1 ? [`Labeled: ${percent(labeled)} of the pixels`] : [],
  ];
}

function percent(share: number): string {
  return `${(100 * (Number.isNaN(share) ? 0 : share)).toFixed(1)} %`;
}
