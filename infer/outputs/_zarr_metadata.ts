import type { ClassStyle } from "./class_color.ts";
import type { ZarrAxisShape } from "./label_zarr.ts";

/** A file of JSON in a hierarchy: its path and what it holds. */
export type ZarrJson = readonly [path: string, content: unknown];

/** Deflate, as in TIFFs: every reader of Zarr unpacks it. */
const compression = 6;

/** What an array holds and how. */
export interface ZarrArrayShape {
  /** Pixels along each axis. */
  readonly shape: readonly number[];
  /** The same of a chunk. */
  readonly chunk: readonly number[];
  /** The type of a value. */
  readonly type: "uint8" | "uint32";
  /** The names of the axes. */
  readonly names: readonly string[];
}

/** The files that describe an array. */
export function arrayFiles(
  version: "0.4" | "0.5",
  path: string,
  { shape, chunk, type, names }: ZarrArrayShape,
): ZarrJson[] {
  if (version === "0.4") {
    return [[`${path}/.zarray`, {
      ...{ zarr_format: 2, shape, chunks: chunk },
      dtype: type === "uint8" ? "|u1" : "<u4",
      compressor: { id: "zlib", level: compression },
      ...{ fill_value: 0, order: "C", filters: null },
      dimension_separator: "/",
    }]];
  }
  return [[`${path}/zarr.json`, {
    ...{ zarr_format: 3, node_type: "array", shape, data_type: type },
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunk } },
    chunk_key_encoding: {
      name: "default",
      configuration: { separator: "/" },
    },
    fill_value: 0,
    codecs: [
      type === "uint8"
        ? { name: "bytes" }
        : { name: "bytes", configuration: { endian: "little" } },
      { name: "gzip", configuration: { level: compression } },
    ],
    attributes: {},
    dimension_names: names,
  }]];
}

/** The path of a chunk. */
export function chunkPath(
  version: "0.4" | "0.5",
  array: string,
  place: readonly number[],
): string {
  const prefix = version === "0.4" ? [] : ["c"];
  return [array, ...prefix, ...place].join("/");
}

/** What describes labels. */
export interface LabelFacts {
  /** What they are called. */
  readonly name: string;
  /** Their axes, y and x last. */
  readonly axes: readonly ZarrAxisShape[];
  /** How many levels there are. */
  readonly levels: number;
  /** The class that each number stands for; objects have none. */
  readonly classes?: readonly ClassStyle[];
  /** The path from them to the image that they lie in; none by default. */
  readonly image?: string;
}

/** The files that describe a group of labels. */
export function labelFiles(
  version: "0.4" | "0.5",
  facts: LabelFacts,
): ZarrJson[] {
  const { name, axes, levels, classes, image } = facts;
  const multiscale = {
    name,
    axes: axes.map(({ name, unit }) => ({
      name,
      type: name === "t" ? "time" : "space",
      ...(unit !== undefined && { unit }),
    })),
    datasets: Array.from({ length: levels }, (_, level) => ({
      path: String(level),
      coordinateTransformations: transformationsOf(axes, level),
    })),
    type: "nearest",
  };
  const label = {
    ...(classes && {
      colors: classes.map(({ color }, number) => ({
        "label-value": number,
        // The image shows through what is no class.
        rgba: [...color, number === 0 ? 0 : 255],
      })),
      properties: classes.map(({ name }, number) => ({
        "label-value": number,
        class: name,
      })),
    }),
    ...(image !== undefined && { source: { image } }),
  };
  if (version === "0.4") {
    return [
      [".zgroup", { zarr_format: 2 }],
      [".zattrs", {
        multiscales: [{ version, ...multiscale }],
        "image-label": { version, ...label },
      }],
    ];
  }
  return [["zarr.json", {
    ...{ zarr_format: 3, node_type: "group" },
    attributes: {
      ome: { version, multiscales: [multiscale], "image-label": label },
    },
  }]];
}

/** How the pixels of a level lie: each second one of the level before. */
function transformationsOf(
  axes: readonly ZarrAxisShape[],
  level: number,
): unknown[] {
  const scale = axes.map(({ name, scale }) =>
    name === "y" || name === "x" ? scale * 2 ** level : scale
  );
  const translation = axes.map(({ offset }) => offset);
  return [
    { type: "scale", scale },
    ...translation.some((one) => one !== 0)
      ? [{ type: "translation", translation }]
      : [],
  ];
}
