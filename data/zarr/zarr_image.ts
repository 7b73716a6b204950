import { brief, cannot, count, FileError } from "@unet/errors";
import type { ReadingNote } from "../images/image_choice.ts";
import type { PixelSize } from "../images/image_reader.ts";
import { isObject } from "../json_object.ts";
import { omeOf, readNode, type ZarrNode } from "./zarr_node.ts";
import { openZarrArray, type ZarrArray } from "./zarr_array.ts";
import {
  axesOf,
  type AxisPlacing,
  pixelSizeOf,
  placingOf,
  type ZarrAxis,
} from "./zarr_scale.ts";
import { keyBelow, type ZarrStore } from "./zarr_store.ts";
import { listPlate } from "./plate.ts";

/** One size of an image. */
export interface ZarrLevel {
  readonly node: ZarrNode;
  readonly array: ZarrArray;
  readonly width: number;
  readonly height: number;
  readonly pixelSize: PixelSize | undefined;
  /** How its pixels lie along each axis; undefined where that is not plain. */
  readonly placing: readonly AxisPlacing[] | undefined;
}

/** An image of a hierarchy: its levels, and what its axes and channels are. */
export interface ZarrImage {
  /** The node that describes it. */
  readonly node: ZarrNode;
  readonly axes: readonly ZarrAxis[];
  /** Full size first. */
  readonly levels: readonly ZarrLevel[];
  readonly channelNames: readonly string[];
  /** Whether its three channels are read as color. */
  readonly isColor: boolean;
  readonly planes: number;
  readonly times: number;
  /** What else it holds. */
  readonly notes: readonly ReadingNote[];
}

/** No image has more levels. */
const mostLevels = 64;

/** Names are taken for so many channels. */
const mostChannels = 65536;

/** Axes that have a meaning. */
const knownAxes: ReadonlySet<string> = new Set([..."tczyx"]);

/**
 * Reads what a node of a hierarchy says of its image.
 *
 * @param path The node's path in the hierarchy.
 * @throws {FileError} If there is no image, or it contradicts itself.
 */
export async function readZarrImage(
  store: ZarrStore,
  path: string,
): Promise<ZarrImage> {
  const { node, multiscale, ome, notes: found } = await findImage(store, path);
  const refuse = (found: string, expected: string) =>
    new FileError(
      cannot("read", "image", store.path, {
        found: `${found} in ${node.key}`,
        expected,
      }),
    );
  const axes = axesOf(multiscale);
  const names = axes?.map(({ name }) => name) ?? [];
  if (!axes || !names.includes("x") || !names.includes("y")) {
    throw refuse(
      `axes ${brief(multiscale.axes ?? multiscale.coordinateSystems)}`,
      "x and y, and z, c or t beside them",
    );
  }
  const { datasets } = multiscale;
  if (
    !Array.isArray(datasets) || datasets.length === 0 ||
    datasets.length > mostLevels
  ) throw refuse(`datasets ${brief(datasets)}`, `1 to ${mostLevels} levels`);
  const all: ZarrLevel[] = [];
  for (const dataset of datasets) {
    all.push(await readLevel(store, { node, axes, multiscale, dataset }));
  }
  const [full] = all;
  const sizeAlong = (level: ZarrLevel, name: string): number => {
    const at = names.indexOf(name);
    return at < 0 ? 1 : level.array.shape[at]!;
  };
  requireKnownAxes(axes, full!, refuse);
  const levels = all.filter((level, at) =>
    at === 0 || level.width <= all[at - 1]!.width &&
      level.height <= all[at - 1]!.height &&
      [..."tcz"].every((name) =>
        sizeAlong(level, name) === sizeAlong(full!, name)
      )
  );
  const channels = sizeAlong(full!, "c");
  if (channels > mostChannels) {
    throw refuse(`${channels} channels`, `at most ${mostChannels}`);
  }
  const { names: channelNames, isColor } = channelsOf(ome.omero, {
    ...{ channels, type: full!.array.type },
  });
  return {
    ...{ node, axes, levels, isColor, channelNames },
    planes: sizeAlong(full!, "z"),
    times: sizeAlong(full!, "t"),
    notes: [
      ...found,
      ...(levels.length < all.length
        ? [
          {
            kind: "pages",
            text: `${count(all.length - levels.length, "level")} of other ` +
              "numbers of planes, times or channels left out",
          } as const,
        ]
        : []),
      ...(isColor
        ? [
          {
            kind: "channels",
            text: "3 channels without names in red, green and blue: read as " +
              "color",
          } as const,
        ]
        : []),
    ],
  };
}

/** Refuses axes that no reader knows what to do with. */
function requireKnownAxes(
  axes: readonly ZarrAxis[],
  { array: { shape } }: ZarrLevel,
  refuse: (found: string, expected: string) => FileError,
): void {
  for (const [at, { name }] of axes.entries()) {
    if (knownAxes.has(name) || shape[at] === 1) continue;
    throw refuse(`an axis ${brief(name)} of ${shape[at]}`, "t, c, z, y and x");
  }
}

/** The node of an image, or of the first of several. */
async function findImage(store: ZarrStore, path: string): Promise<{
  readonly node: ZarrNode;
  readonly ome: Readonly<Record<string, unknown>>;
  readonly multiscale: Readonly<Record<string, unknown>>;
  readonly notes: readonly ReadingNote[];
}> {
  const node = await readNode(store, path);
  if (!node) {
    throw new FileError(cannot("read", "image", store.path, {
      found: path === ""
        ? "no metadata of Zarr in it"
        : `no metadata of Zarr at "${path}"`,
      expected: "an OME-Zarr",
    }));
  }
  const ome = omeOf(store, node);
  const { multiscales } = ome;
  const [multiscale, ...others] = Array.isArray(multiscales) ? multiscales : [];
  if (isObject(multiscale)) {
    const notes: ReadingNote[] = others.length === 0 ? [] : [{
      kind: "images",
      text: `${others.length + 1} multiscales: the first taken`,
    }];
    return { node, ome, multiscale, notes };
  }
  if (ome["bioformats2raw.layout"] !== undefined && !ome.plate) {
    const first = await readNode(store, keyBelow(store, path, "0"));
    const own = first && omeOf(store, first);
    const [only] = Array.isArray(own?.multiscales) ? own.multiscales : [];
    if (isObject(only)) {
      const second = await readNode(store, keyBelow(store, path, "1"));
      const notes: ReadingNote[] = second
        ? [{ kind: "images", text: 'several images: the first, "0", taken' }]
        : [];
      return { node: first!, ome: own!, multiscale: only, notes };
    }
  }
  throw await notAnImage(store, node, ome);
}

/** Says what a node is that is no image. */
async function notAnImage(
  store: ZarrStore,
  node: ZarrNode,
  ome: Readonly<Record<string, unknown>>,
): Promise<FileError> {
  const listed = await listPlate(store, node);
  const fields = listed?.filter(({ fault }) => !fault);
  const [first] = fields ?? [];
  const isArray = node.metadata.node_type === "array" ||
    node.metadata.dtype !== undefined;
  return new FileError(cannot("read", "image", store.path, {
    found: fields
      ? `a ${ome.plate ? "plate" : "well"} of ${count(fields.length, "field")}`
      : isArray
      ? "an array of Zarr without OME-Zarr's metadata"
      : "a group of Zarr without an image",
    expected: "an OME-Zarr image",
    ...(first && { remedy: `name one of its fields, as ${first.path}` }),
  }));
}

async function readLevel(store: ZarrStore, about: {
  readonly node: ZarrNode;
  readonly axes: readonly ZarrAxis[];
  readonly multiscale: Readonly<Record<string, unknown>>;
  readonly dataset: unknown;
}): Promise<ZarrLevel> {
  const { node, axes, multiscale } = about;
  const dataset = isObject(about.dataset) ? about.dataset : {};
  const path = keyBelow(store, node.path, dataset.path);
  const found = await readNode(store, path);
  if (!found) {
    throw new FileError(cannot("read", "image", store.path, {
      found: `no array at "${path}", which ${node.key} names as a level`,
      expected: "all levels",
    }));
  }
  const array = await openZarrArray(store, found);
  if (array.shape.length !== axes.length) {
    throw new FileError(cannot("read", "image", store.path, {
      found: `${count(axes.length, "axis", "axes")} in ${node.key} and ` +
        `${array.shape.length} in ${found.key}`,
      expected: "the same",
    }));
  }
  const at = (name: string) => axes.findIndex((axis) => axis.name === name);
  const transformations = [
    dataset.coordinateTransformations,
    multiscale.coordinateTransformations,
  ];
  return {
    ...{ node: found, array },
    width: array.shape[at("x")]!,
    height: array.shape[at("y")]!,
    pixelSize: pixelSizeOf(axes, transformations),
    placing: placingOf(axes, transformations),
  };
}

/** Names that say no more than a number. */
const isBare = /^(channel[ _:]?)?(\d+(:\d+)*)?$/i;

/** The names of the channels, and whether they are color. */
function channelsOf(
  omero: unknown,
  { channels, type }: { readonly channels: number; readonly type: string },
): { readonly names: readonly string[]; readonly isColor: boolean } {
  const listed = isObject(omero) && Array.isArray(omero.channels)
    ? omero.channels
    : [];
  const described = Array.from({ length: channels }, (_, at) => {
    const one: unknown = listed[at];
    const { label, color } = isObject(one) ? one : {};
    return {
      label: typeof label === "string" ? label.trim() : "",
      color: typeof color === "string" ? color.replace("#", "") : "",
    };
  });
  const shades = ["red", "green", "blue"];
  const isColor = channels === 3 && type === "uint8" &&
    described.map(({ color }) => color.slice(0, 6).toUpperCase()).join() ===
      "FF0000,00FF00,0000FF" &&
    described.every(({ label }, at) =>
      isBare.test(label) || label.toLowerCase() === shades[at]
    );
  return {
    isColor,
    names: isColor
      ? shades
      : channels === 1 && described[0]!.label === ""
      ? ["gray"]
      : described.map(({ label }, at) => label || `channel ${at}`),
  };
}
