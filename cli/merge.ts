import { briefList, briefText, count } from "@unet/errors";
import type { BatchSummary, ManifestSummary } from "@unet/infer/batch";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { commandLine } from "./command_line.ts";
import { programName } from "./program_name.ts";
import { formatTable } from "./table.ts";
import {
  describeSeconds,
  printError,
  printJson,
  printLine,
} from "./terminal.ts";

/** `unet merge`: one manifest of the shards' manifests. */
export const merge: Command = {
  name: "merge",
  summary: commandSummaries.merge,
  usage: "DIR... [flags]",
  description:
    "Writes manifest.jsonl and summary.json, which record the result of " +
    "every file in the batch, and measurements.csv if the shards wrote " +
    "tables. DIR is an output folder of " +
    "segment; shards may share one. The outputs stay where they " +
    "are. The exit code is 1 if files failed or are unfinished, a " +
    "shard is missing or did not end, or shards contradict each " +
    "other or used different settings.",
  groups: [{
    title: "Output",
    flags: [
      {
        name: "out",
        kind: "text",
        value: "DIR",
        help: "folder for the merged manifest (default: the first DIR)",
      },
      {
        name: "summary",
        kind: "switch",
        help: "also writes summary.html, a page with all images, as segment " +
          "--summary",
      },
      { name: "json", kind: "switch", help: "prints the summary as JSON" },
    ],
  }],
  examples: [
    ["results", "shards that wrote to one folder"],
    ["node-1 node-2 --out all", "shards that wrote to separate folders"],
  ],
  positional: [1, Infinity],
  async run(flags) {
    const { mergeFolders } = await import("@unet/infer/batch");
    const { describeTable } = await import("./describe_file.ts");
    const out = flags.text("out") ?? flags.positional[0]!;
    const merged = await mergeFolders(flags.positional, out, {
      page: flags.on("summary"),
      command: commandLine(programName(), Deno.args),
    });
    const { summary } = merged;
    if (flags.on("json")) printJson(summary);
    else printSummary(summary);
    const { table, page } = merged;
    const lacks = [...lacksOf(summary), ...table?.faults ?? []];
    for (const lack of lacks) printError(lack);
    if (!flags.on("json")) {
      printLine(`Wrote ${merged.manifest} and ${merged.summaryFile}`);
      if (table) printLine(describeTable(table));
      if (page !== undefined) printLine(`Summary: ${page}`);
    }
    return lacks.length === 0 ? 0 : 1;
  },
};

/** Numbers of an image whose sum over a batch means nothing. */
const ofOneImage: readonly string[] = ["width", "height", "foreground"];

function printSummary(summary: BatchSummary): void {
  const { manifests, counts, classes, objectClasses } = summary;
  const rows = manifests.map((each) => [
    each.path,
    String(each.done),
    String(each.failed),
    String(each.unfinished),
    each.seconds.toFixed(1),
    each.ended ? "yes" : "no",
  ]);
  const header = [
    "Manifest",
    "Done",
    "Failed",
    "Unfinished",
    "Seconds",
    "Ended",
  ];
  for (const line of formatTable([header, ...rows])) printLine(line);
  printLine();
  printLine(
    `${
      count(summary.files, "file")
    }: ${summary.done} done, ${summary.failed} failed, ` +
      `${summary.unfinished} unfinished; ${describeSeconds(summary.seconds)}`,
  );
  for (const [name, count] of Object.entries(counts)) {
    if (ofOneImage.includes(name)) continue;
    const unit = name === "area" ? " pixels" : "";
    printLine(`${briefText(name)}: ${count.toLocaleString("en-US")}${unit}`);
  }
  for (const { name, objects } of objectClasses) {
    printLine(`${briefText(name)}: ${objects.toLocaleString("en-US")} objects`);
  }
  for (const { name, pixels } of classes) {
    printLine(`${briefText(name)}: ${pixels.toLocaleString("en-US")} pixels`);
  }
}

/** What keeps the batch from being whole, in a line each. */
function lacksOf(summary: BatchSummary): string[] {
  const { missingShards, manifests, conflicts, setups, failures } = summary;
  const isOpen = ({ ended }: ManifestSummary): boolean => !ended;
  return [
    ...summary.faults,
    ...missingShards.length > 0
      ? [
        `Missing: no manifest of shard ${
          briefList(missingShards, { most: 50 })
        }`,
      ]
      : [],
    ...manifests.filter(isOpen).map(({ path }) =>
      `Not ended: ${path}; run that shard again, it skips finished images`
    ),
    ...summary.unfinished > 0
      ? [
        `Unfinished: ${count(summary.unfinished, "file")}; run ` +
        (summary.unfinished === 1 ? "its shard" : "their shards") + " again",
      ]
      : [],
    ...setups.length > 1
      ? [
        `Different settings or models: ${
          setups.map(({ id, files }) => `${count(files, "file")} with ${id}`)
            .join(
              ", ",
            )
        }; summary.json lists them`,
      ]
      : [],
    ...conflicts.map(({ name, manifests, differs }) =>
      `Conflict: ${briefText(name, { most: 400 })} has different ${
        differs.join(" and ")
      } in ` +
      `${manifests.join(", ")}; the last is taken`
    ),
    ...failures.map(({ name, error }) => `Failed: ${name}: ${error}`),
  ];
}
