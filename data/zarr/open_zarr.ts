import { BlockReader, type BlockSource } from "../images/block_reader.ts";
import { chooseAmong, requireColors } from "../images/choose_channel.ts";
import { requireBacked, wideningOf } from "../images/decode_budget.ts";
import type { ReadingNote } from "../images/image_choice.ts";
import { layersOf } from "../images/layers_of.ts";
import type { OpenedImage, OpenImageOptions } from "../images/opened_image.ts";
import { partNotes } from "../images/reading_notes.ts";
import { requireAmong } from "../images/require_among.ts";
import { cannot, FileError } from "@unet/errors";
import { readZarrImage, type ZarrImage, type ZarrLevel } from "./zarr_image.ts";
import type { ZarrPlace } from "./zarr_place.ts";
import { depthOfType, ZarrChunks, ZarrPlane } from "./zarr_planes.ts";
import { openZarrStore, type ZarrStore } from "./zarr_store.ts";

const defaultCacheBytes = 96 * 2 ** 20;

/** So many bytes of pixels are few, whatever backs them. */
const unquestionedPixels = 2 ** 26;

/** How much a chunk counts that is not stored, and has one value. */
const shareOfEmpty = 0.3;

/** Options with the limit on pixels. */
type Options = OpenImageOptions & { readonly maxPixels: number };

/** An OME-Zarr whose parts are opened one after another. */
export interface OpenedZarr extends Disposable {
  readonly image: ZarrImage;
  /**
   * Opens a part, which shares the files.
   *
   * @throws {FileError} As `openImage()`.
   */
  open(options: Options): OpenedImage | Promise<OpenedImage>;
  /**
   * Refuses planes or time points that the files do not back, all together.
   *
   * @throws {FileError} If they do not.
   */
  requireBacked(options: Options, axis: "plane" | "time"): void;
}

/**
 * Opens an OME-Zarr.
 *
 * @param path What messages call it.
 * @param place Where it lies.
 * @param options Which part is read.
 * @throws {FileError} As `openImage()`.
 */
export async function openZarr(
  path: string,
  place: ZarrPlace,
  options: Options,
): Promise<OpenedImage> {
  using stack = new DisposableStack();
  const store = stack.use(await openZarrStore(place));
  const image = await readZarrImage(store, place.inside);
  const opened = await openPart({ store, image, path }, {
    ...{ ...options, isShared: false },
  });
  stack.move();
  return opened;
}

/**
 * Opens an OME-Zarr to read several of its planes or time points.
 *
 * @throws {FileError} As `openImage()`.
 */
export async function openZarrParts(
  path: string,
  place: ZarrPlace,
): Promise<OpenedZarr> {
  using stack = new DisposableStack();
  const store = stack.use(await openZarrStore(place));
  const image = await readZarrImage(store, place.inside);
  const about = { store, image, path };
  const kept = stack.move();
  return {
    image,
    open: (options) => openPart(about, { ...options, isShared: true }),
    requireBacked(options, axis) {
      const chosen = choosePart(about, { ...options, [axis]: 0 });
      const count = axis === "plane" ? image.planes : image.times;
      requirePartBacked(about, chosen, count);
    },
    [Symbol.dispose]: () => kept.dispose(),
  };
}

interface Zarr {
  readonly store: ZarrStore;
  readonly image: ZarrImage;
  readonly path: string;
}

/** What is read of an image. */
interface Part {
  readonly level: ZarrLevel;
  readonly chunks: ZarrChunks;
  readonly time: number;
  readonly plane: number | "max" | "mean";
  /** The numbers of the channels; undefined where all are read as they are. */
  readonly chosen: readonly number[] | undefined;
}

function choosePart({ store, image, path }: Zarr, options: Options): Part {
  const { level: at = 0, plane = 0, time = 0 } = options;
  requireAmong(path, "level", image.levels.length, at);
  requireAmong(path, "time", image.times, time);
  if (typeof plane === "number") {
    requireAmong(path, "plane", image.planes, plane);
  }
  const chosen = chooseAmong(image.channelNames, options, path);
  if (!chosen && !image.isColor) {
    requireColors(image.channelNames, path, remedyOf(image));
  }
  const level = image.levels[at]!, { array } = level;
  let bytes = 0, files = 0;
  for (const { size } of store.list(level.node.path)) {
    bytes += size;
    files++;
  }
  const stored = { bytes, files };
  const chunks = new ZarrChunks({ path, array, axes: image.axes, stored });
  const side = chunks.chunkAlong("x") * chunks.chunkAlong("y");
  if (side > options.maxPixels) {
    throw new FileError(cannot("read", "image", path, {
      found: `chunks of ${chunks.chunkAlong("x")}×${chunks.chunkAlong("y")} ` +
        "pixels",
      expected: `at most ${options.maxPixels} in all`,
      remedy: "save it in smaller chunks",
    }));
  }
  return { level, chunks, time, plane, chosen };
}

/** What helps where three channels may be color and nothing says so. */
function remedyOf({ channelNames, levels: [full] }: ZarrImage): string {
  const mayBeColor = channelNames.length === 3 &&
    full!.array.type === "uint8";
  return mayBeColor
    ? "; if they are red, green and blue, give them the colors FF0000, 00FF00 " +
      "and 0000FF in its omero metadata"
    : "";
}

async function openPart(
  zarr: Zarr,
  options: Options & { readonly isShared: boolean },
): Promise<OpenedImage> {
  const { store, image, path } = zarr, { channel, channels } = options;
  const part = choosePart(zarr, options);
  const { level, chunks, plane, time, chosen } = part;
  if (options.isReadWhole) requirePartBacked(zarr, part, 1);
  const wanted = chosen ?? [...image.channelNames.keys()];
  const wide = chunks.chunkAlong("c");
  const layers = await layersOf(
    wanted.map((at) => ({ page: Math.floor(at / wide), sample: at % wide })),
    { plane, planes: image.planes },
    (c, z) => new ZarrPlane(chunks, { c, z, t: time }),
  );
  const { key } = level.node;
  store.requireUnchanged(key);
  const source: BlockSource = {
    image: { path },
    size: chunks.stored.bytes,
    otherNames: [],
    requireUnchanged: () => store.requireUnchanged(key),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
  return new BlockReader({
    ...{ source, isShared: options.isShared, isTiled: true, orientation: 1 },
    size: { width: level.width, height: level.height },
    channels: channels?.length ?? (chosen ? 1 : wanted.length),
    depth: depthOfType(level.array.type),
    layers,
    planeMode: plane === "mean" ? "mean" : "max",
    channelMode: channels
      ? "separate"
      : chosen
      ? channel === "mean" ? "mean" : "max"
      : undefined,
    cacheBytes: options.cacheBytes ?? defaultCacheBytes,
    about: {
      level: options.level ?? 0,
      levels: image.levels.map(({ width, height }) => ({ width, height })),
      channelNames: image.channelNames,
      planes: image.planes,
      times: image.times,
      pixelSize: level.pixelSize,
      notes: notesOf(image, options),
    },
  });
}

/** Refuses pixels that the files do not back, of so many parts. */
function requirePartBacked(
  { path, image }: Zarr,
  { level, chunks, plane, chosen }: Part,
  parts: number,
): void {
  const { width, height, array } = level, { stored } = chunks;
  const bytes = depthOfType(array.type) / 8;
  const planes = typeof plane === "number" ? 1 : image.planes;
  const channels = chosen?.length ?? image.channelNames.length;
  const decoded = width * height * bytes * planes * channels * parts;
  const widened = wideningOf(level);
  if (decoded * widened <= unquestionedPixels) return;
  const filled = Math.min(1, stored.files / array.files);
  requireBacked(path, {
    ...{ kind: "costly", decoded, stored: stored.bytes },
    counted: widened * decoded * (filled + (1 - filled) * shareOfEmpty),
  });
}

function notesOf(image: ZarrImage, options: Options): ReadingNote[] {
  const { channel, channels } = options;
  const isChosen = channel !== undefined || channels !== undefined;
  return [
    ...image.notes.filter(({ kind }) => kind !== "channels" || !isChosen),
    ...partNotes(image, { plane: 0, time: 0 }, options),
  ];
}
