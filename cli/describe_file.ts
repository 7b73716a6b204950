import { count } from "@unet/errors";
import type { SegmentedFile, SegmentReport } from "@unet/infer";
import { describeSeconds } from "./terminal.ts";

/**
 * Words what was found on an image.
 *
 * @param file The image.
 * @returns The line, as in "a.tif → masks/a.png  512×384 px, 37 objects,
 * 12.3 % of the area, 1.4 s".
 */
export function describeFile(file: SegmentedFile): string {
  const { input, width, height, foreground, objects, margins, seconds } = file;
  const [output = ""] = Object.values(file.outputs);
  const facts = [
    `${width}×${height} px`,
    ...objects === undefined ? [] : [count(objects, "object")],
    `${(100 * foreground).toFixed(1)} % of the area`,
    ...margins ? wordMargins(margins) : [],
    describeSeconds(seconds),
  ];
  return `${input} → ${output}  ${facts.join(", ")}`;
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
