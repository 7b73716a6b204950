import type { StackAxis } from "../instances/instance.ts";
import type { Extent, Intensity, Measurement } from "./measure_instance.ts";

const extent: readonly (readonly [name: string, key: keyof Extent])[] = [
  ["area", "area"],
  ["perimeter", "perimeter"],
  ["centroid_x", "centroidX"],
  ["centroid_y", "centroidY"],
  ["major_axis", "majorAxis"],
  ["minor_axis", "minorAxis"],
];

const statistics: readonly Exclude<keyof Intensity, "channel">[] = [
  ...["mean", "min", "max", "std", "sum"] as const,
];

/** Which columns a table has besides. */
export interface MeasurementColumnOptions {
  /**
   * What a stack is made of: the column of the index in it, which counts from
   * 0, has that name. None by default.
   */
  readonly axis?: StackAxis;
  /**
   * The names of the classes that objects have, by their numbers, for a column
   * "class" behind the probability. None by default.
   */
  readonly classNames?: readonly string[];
}

/**
 * The names of a table's columns, the same for every image but for its
 * channels: units are part of them, `px` and `um` for lengths, `px` and `um2`
 * for areas; intensities are in the image's own values.
 *
 * A channel's name becomes a part of a column's name: everything but letters,
 * digits, `_`, `.` and `-` is replaced by `_`, so that no program has to
 * unquote it. Channels of the same name are numbered.
 *
 * @param channels The names of the channels that are measured.
 * @param options Which columns there are besides.
 * @returns The columns.
 *
 * @example
 * ```ts
 * import { measurementColumns } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const columns = measurementColumns(["Alexa 488"]);
 * assertEquals(columns.slice(0, 2), ["label", "bbox_x_px"]);
 * assertEquals(columns.at(-5), "mean_Alexa_488");
 * ```
 */
export function measurementColumns(
  channels: readonly string[],
  { axis, classNames }: MeasurementColumnOptions = {},
): string[] {
  return [
    "label",
    ...(axis === undefined ? [] : [axis]),
    ...["x", "y", "width", "height"].map((name) => `bbox_${name}_px`),
    ...extent.map(([name]) => `${name}_px`),
    ...extent.map(([name]) => `${name}_${name === "area" ? "um2" : "um"}`),
    ...["eccentricity", "solidity", "probability"],
    ...(classNames ? ["class"] : []),
    ...partsOf(channels).flatMap((part) =>
      statistics.map((statistic) => `${statistic}_${part}`)
    ),
  ];
}

/**
 * The cells of a measurement, in the order of its columns.
 *
 * @param measured The measurement.
 * @param options Which columns there are besides.
 * @returns The cells; what is not known is undefined.
 */
export function measurementCells(
  measured: Measurement,
  { axis, classNames }: MeasurementColumnOptions = {},
): (number | string | undefined)[] {
  const { label, place, x, y, width, height, pixels, micrometers } = measured;
  return [
    label,
    ...(axis === undefined ? [] : [place?.[axis]]),
    ...[x, y, width, height],
    ...extent.map(([, key]) => pixels[key]),
    ...extent.map(([, key]) => micrometers?.[key]),
    ...[measured.eccentricity, measured.solidity, measured.probability],
    ...(classNames
      ? [measured.class === undefined ? undefined : classNames[measured.class]]
      : []),
    ...measured.intensities.flatMap((intensity) =>
      statistics.map((statistic) => intensity[statistic])
    ),
  ];
}

/** Channels' names as parts of columns' names, each once. */
function partsOf(channels: readonly string[]): string[] {
  const taken = new Set<string>();
  return channels.map((name, at) => {
    const plain = name.normalize("NFC")
      .replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, "_")
      .replaceAll(/^_+|_+$/g, "") || `channel_${at}`;
    let part = plain;
    for (let next = 2; taken.has(part); next++) part = `${plain}_${next}`;
    taken.add(part);
    return part;
  });
}
