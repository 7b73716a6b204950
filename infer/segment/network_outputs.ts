import { cannot } from "@unet/errors";
import type { SegmentOptions } from "./segment_options.ts";
import { withCustomFormats } from "../formats/custom_formats.ts";
import type { AnyFormat } from "../formats/format.ts";
import {
  checkFormats,
  type FormatTable,
  isInstanceFormat,
  isOfInstances,
} from "../formats/formats.ts";
import { classOmeZarr, omeZarr } from "../formats/ome_zarr.ts";
import type { OverlayStyle } from "../outputs/overlay_rows.ts";
import {
  type ClassHead,
  classHeadOf,
  type Finding,
  findingOf,
} from "../windows/class_head.ts";
import { objectHead } from "../windows/predict.ts";

/** The outputs made from a network's predictions. */
export interface NetworkOutputs {
  /** What is found with it. */
  readonly finding: Finding;
  /** Its head of classes, where it has one. */
  readonly classHead?: ClassHead;
  /** How its outputs are made. */
  readonly table: FormatTable;
  /** What overlays and the summary's pictures show. */
  readonly style: OverlayStyle;
}

/** Labels that go into their images. */
const insideOf: Readonly<Record<Finding, AnyFormat>> = {
  objects: omeZarr({ isInside: true }),
  classes: classOmeZarr({ isInside: true }),
};

/**
 * Chooses the outputs made from a network's predictions, by its heads and the
 * options.
 *
 * @throws {UsageError} If the network does not give a format that is asked for.
 * @throws {ModelError} If its heads find neither objects nor classes.
 * @throws {RangeError} If a setting is of objects and the network is of classes,
 * or a format of the program's own cannot be written.
 */
export function outputsOfNetwork(options: SegmentOptions): NetworkOutputs {
  const { predict, formats = [], overlayStyle, settings = {} } = options;
  const { customFormats = {}, intoLabels } = options;
  const { heads = [objectHead] } = predict;
  const finding = findingOf(heads), classHead = classHeadOf(heads);
  checkFormats(formats, finding);
  const table = withCustomFormats(finding, customFormats);
  const known = {
    finding,
    table: intoLabels === undefined
      ? table
      : { ...table, "ome-zarr": insideOf[finding] },
  };
  if (finding === "classes") {
    const { threshold, instances } = settings;
    refuseOfObjects({ threshold, instances, overlayStyle });
    return { ...known, classHead: classHead!, style: "classes" };
  }
  // Classes are seen on instances alone.
  const isByInstance = classHead !== undefined ||
    formats.some(isInstanceFormat) ||
    Object.values(customFormats).some(isOfInstances);
  const style = overlayStyle ?? (isByInstance ? "instances" : "mask");
  return { ...known, ...(classHead && { classHead }), style };
}

/** @throws {RangeError} If a setting is given that classes have no use for. */
function refuseOfObjects(settings: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    throw new RangeError(
      cannot("use", "setting", name, {
        found: "a network that predicts a class per pixel",
        expected: "one that finds objects",
      }),
    );
  }
}
