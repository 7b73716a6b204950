import { count } from "@unet/errors";
import type { SegmentedFile, SegmentReport, WrittenTable } from "@unet/infer";
import { sectionOf, wordStack } from "@unet/infer/outputs";
import { describeSeconds } from "./terminal.ts";

/**
 * Words what was found on an image, and which of its outputs were written.
 *
 * @param file The image.
 * @returns The line, as in "a.tif → masks/a.png  512×384 px, 37 objects,
 * 12.3 % of the area, 1.4 s", or with classes "…, axon 34.1 %, myelin 28.0 %".
 */
export function describeFile(file: SegmentedFile): string {
  const { input, width, height, margins, seconds } = file;
  const facts = [
    `${width}×${height} px`,
    ...wordScale(file),
    ...wordFound(file),
    ...margins ? wordMargins(margins) : [],
    ...wordReuse(file),
    describeSeconds(seconds),
  ];
  return `${input} → ${file.written[0] ?? ""}  ${facts.join(", ")}`;
}

/** Words at which size the network saw the image; of no objects, nothing. */
function wordScale({ imageScale, objects = 0 }: SegmentedFile): string[] {
  if (!imageScale) return [];
  const { diameter, scale } = imageScale;
  if (diameter === null) return objects > 0 ? ["size of objects unknown"] : [];
  const size = `objects of about ${diameter} px`;
  return [scale === 1 ? size : `${size} scaled by ${scale.toPrecision(2)}`];
}

/** Words the objects, or the share of each class but the background. */
function wordFound(file: SegmentedFile): string[] {
  const { foreground = 0, classes, stack } = file;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const planes = stack ? [wordStack(stack)] : [];
  if (classes) {
    return [
      ...planes,
      ...classes.slice(1).map(({ name, share }) => `${name} ${percent(share)}`),
    ];
  }
  return [...planes, wordObjects(file), `${percent(foreground)} of the area`];
}

/** Words how many objects there are, and in how many sections of a stack. */
function wordObjects(file: SegmentedFile): string {
  const { objects = 0, stack, objectClasses = [] } = file;
  const kinds = objectClasses.map(({ name, objects }) => `${objects} ${name}`);
  const ofClasses = kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
  if (!stack) return count(objects, "object") + ofClasses;
  const { axis, sections, isLinked } = stack;
  const counted = count(sections, sectionOf(axis));
  return isLinked
    ? `${count(objects, "object")} in ${counted}${ofClasses}`
    : `${counted} (not linked)${ofClasses}`;
}

/** Words what was kept of an earlier run, and how the rest was made. */
function wordReuse({ kept, drawnFrom, stale }: SegmentedFile): string[] {
  return [
    ...kept.length === 0 ? [] : [
      drawnFrom === undefined
        ? `segmented again, ${count(kept.length, "output")} kept`
        : `drawn from the ${drawnFrom} of an earlier run`,
    ],
    ...stale.length === 0
      ? []
      : [`left from other settings: ${stale.join(", ")}`],
  ];
}

/** Words the empty margins that were left out, if there are any. */
function wordMargins(
  margins: NonNullable<SegmentedFile["margins"]>,
): string[] {
  const sides = Object.entries(margins).filter(([, lines]) => lines > 0)
    .map(([side, lines]) => `${lines} px ${side}`);
  return sides.length === 0 ? [] : [`margins left out: ${sides.join(", ")}`];
}

/**
 * Words what became of a batch.
 *
 * @param report The batch.
 * @returns The line, as in "57 images segmented, 93 skipped (finished
 * earlier; --force redoes), 0 failed, 2 m 05 s".
 */
export function describeBatch(report: SegmentReport): string {
  const { segmented, skipped, failed, seconds } = report;
  return [
    `${count(segmented, "image")} segmented`,
    `${skipped} skipped${
      skipped > 0 ? " (finished earlier; --force redoes)" : ""
    }`,
    `${failed} failed`,
    describeSeconds(seconds),
  ].join(", ");
}

/** Words where the table of a batch is, and how much is in it. */
export function describeTable(
  { path, objects, sections, stacks, classes, images }: WrittenTable,
): string {
  // Labels of stacks that are not linked are no objects.
  const counted = stacks > 0
    ? `${count(sections, "section")} with ${count(objects, "label")}`
    : count(objects, "object");
  const rows = [
    ...(objects > 0 || classes === 0 ? [counted] : []),
    ...(classes > 0 ? [count(classes, "class area")] : []),
  ];
  return `Table: ${path}, ${rows.join(" and ")} of ${count(images, "image")}`;
}

/**
 * Words what is worth knowing of a batch besides: its table, its summary, and
 * outputs that stay as they were although the command asks for another kind.
 *
 * @param report The batch.
 * @returns The lines.
 */
export function describeOutputs(
  { files, table, summary }: SegmentReport,
): string[] {
  const lines: string[] = [];
  const other = files.flatMap((file) =>
    "otherKind" in file ? file.otherKind : []
  );
  if (other.length > 0) {
    lines.push(
      `Kept as an earlier run drew them, in another style or without a pyramid: ${
        other[0]
      }${
        other.length > 1 ? ` and ${other.length - 1} more` : ""
      } (--force draws them again)`,
    );
  }
  if (table) {
    lines.push(describeTable(table));
    if (table.setups > 1) {
      lines.push(
        `Note: its rows were made with ${table.setups} different settings or ` +
          "models; the column setup separates them",
      );
    }
  }
  if (summary !== undefined) lines.push(`Summary: ${summary}`);
  return lines;
}
