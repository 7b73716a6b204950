import { cannot, count, UsageError } from "@unet/errors";
import {
  type NormalizationName,
  normalizationNames,
  readingSettings,
  readSettings,
} from "@unet/app/settings";
import type { CheckReport } from "@unet/data";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
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
  usage: "DATA [flags]",
  description: "Opens every case of a folder or zip of images and masks, " +
    "prints sizes, modalities and numbers of nuclei, and lists every " +
    "problem. Errors prevent training on a case (a damaged or missing file, " +
    "a mask of another size, several channels of which none is chosen); " +
    "warnings do not (overlapping or empty masks, several planes of which " +
    "the first is read, masks that can hardly be meant as they are: a white " +
    "background, gray edges, probabilities, classes, several pages). The " +
    "exit code is 1 if there are errors.",
  groups: [
    { title: "Images", flags: choiceFlags },
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
            "modality and random change of train: a tile as it is, then " +
            "changed eleven times",
        },
        {
          name: "augment",
          kind: "text",
          value: "NAMES",
          help:
            "only sheets of these changes: a list of scales and the names " +
            "that train --augment takes (default all)",
        },
        {
          name: "normalization",
          kind: "choice",
          choices: normalizationNames,
          help: "how values are spread in the sheets, as for train (default " +
            "stretch-dark)",
        },
      ],
    },
  ],
  examples: [
    ["stage1_train.zip", "a zip, read in place"],
    ["plates --json", "a folder, for programs"],
    ["plates --sheets sheets --augment blur,hed", "what train would change"],
  ],
  positional: [1, 1],
  async run(flags) {
    const { check: checkData } = await import("@unet/app/check");
    const live = liveLine();
    const report = await checkData({
      data: flags.positional[0]!,
      ...readSettings(readingSettings, flags),
    }, {
      onProgress: (done, all) =>
        live.update(`Checking ${bar(done / all)} ${done}/${all}`),
    });
    live.clear();
    if (flags.on("json")) printJson(report);
    else printReport(report);
    const sheets = await sheetsOf(flags);
    if (!flags.on("json") && sheets > 0) {
      printLine(`${count(sheets, "contact sheet")} in ${flags.text("sheets")}`);
    }
    return report.errors === 0 ? 0 : 1;
  },
};

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
      expected: "--sheets DIR beside it",
    }));
  }
  const { sheetNamesIn, writeSheets } = await import("@unet/app/write-sheets");
  const names = flags.text("augment");
  const normalization = flags.text("normalization");
  const live = liveLine();
  const paths = await writeSheets({
    data: flags.positional[0]!,
    out,
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
