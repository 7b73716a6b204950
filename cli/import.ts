import { count } from "@unet/errors";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { bar, liveLine, printJson, printLine } from "./terminal.ts";

/** `unet import`: images and masks of other programs' annotations. */
export const importCommand: Command = {
  name: "import",
  summary: commandSummaries.import,
  usage: "ANNOTATIONS... --out DIR [flags]",
  description:
    "Reads annotations and writes pairs of images and masks, which check, " +
    "train and evaluate take: COCO's JSON (polygons, run lengths), QuPath's " +
    "GeoJSON, LabelMe's JSON, ROIs of ImageJ and zips of them, Cellpose's " +
    "NAME_seg.npy. ANNOTATIONS are files, or folders of them. The format is " +
    "recognized by content. " +
    "Classes go to classes.csv.",
  groups: [{
    title: "Files",
    flags: [
      {
        name: "images",
        kind: "text",
        value: "DIR",
        help:
          "folder of the images (default: the folder of each annotation file)",
      },
      {
        name: "out",
        kind: "text",
        value: "DIR",
        help: "folder for images/, masks/ and classes.csv; required",
      },
      { name: "json", kind: "switch", help: "prints the counts as JSON" },
    ],
  }],
  examples: [
    ["coco.json --images photos --out pairs", "pairs of a COCO data set"],
    ["slides --out pairs", "each slide.geojson with the slide of that name"],
  ],
  positional: [1, Infinity],
  async run(flags) {
    const { importAnnotations } = await import("@unet/app/import-annotations");
    const images = flags.text("images"), out = flags.required("out");
    const live = liveLine();
    const report = await importAnnotations({
      ...{ annotations: flags.positional, out },
      ...(images !== undefined && { images }),
    }, {
      onNote: (line) => {
        live.clear();
        printLine(`Note: ${line}`);
      },
      onProgress: (done, all) =>
        live.update(`Importing ${bar(done / all)} ${done}/${all}`),
    });
    live.clear();
    if (flags.on("json")) {
      printJson(report);
      return 0;
    }
    const classes = Object.entries(report.classes)
      .map(([name, number]) => `${name} ${number}`);
    printLine(
      `${count(report.images, "image")} and ${
        count(report.objects, "object")
      } in ${out}${classes.length > 0 ? ` (${classes.join(", ")})` : ""}`,
    );
    return 0;
  },
};
