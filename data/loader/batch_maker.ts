import { count } from "@unet/errors";
import { createRandom, type Random } from "@unet/random";
import {
  type BorderWeightOptions,
  borderWeights,
} from "../targets/border_weights.ts";
import type { CachedCase } from "../cache/cached_case.ts";
import type { TargetSource } from "../targets/instance_class_target.ts";
import { type HeadTarget, type Target, targetOf } from "../targets/target.ts";
import { readScaledTile, readTile, type TileOfCase } from "./scaled_tile.ts";
import type { ScaleRange } from "./scales.ts";
import { tilesOf } from "./tiles.ts";
import type { Batch, Image, Labels } from "../types.ts";

/**
 * Changes a tile before it enters a batch, as an augmentation does. It draws
 * from `random` alone and returns an image and labels of the same size as it
 * was given; 8 and 16-bit values stand for 0…1, floats for themselves.
 */
export type Transform = (
  image: Image,
  labels: Labels,
  random: Random,
  options: unknown,
) => { image: Image; labels: Labels };

/** A module with a {@linkcode Transform}, loaded where the work is done. */
export interface TransformModule {
  /**
   * The URL of a module that exports `transform`, as
   * `import.meta.resolve("@unet/augment")` gives it.
   */
  readonly module: string;
  /** Passed to `transform` as they are; workers get a structured clone. */
  readonly options?: unknown;
  /**
   * Whether the options, which are an object then, get a function `other`
   * besides, an {@linkcode OtherTile}.
   */
  readonly withOther?: boolean;
}

/**
 * Draws another tile, as it is before a transform, of the images that were
 * taken as the transformed one was: of the same modality. Where there is one
 * such tile alone, it is that.
 */
export type OtherTile = (random: Random) => { image: Image; labels: Labels };

/** All that a batch depends on besides its epoch and tiles. */
export interface BatchPlan {
  readonly cases: readonly CachedCase[];
  readonly size: number;
  readonly seed: number;
  readonly scales?: ScaleRange;
  readonly transform?: TransformModule;
  readonly borderWeights?: BorderWeightOptions;
  readonly targets: readonly HeadTarget[];
}

/**
 * Makes the batch of some tiles, by their index in the plan; an index beyond
 * the last counts on from the first tile, which then has another random stream.
 */
export type MakeBatch = (
  epoch: number,
  tiles: readonly number[],
) => OwnedBatch;

/** A batch whose memory nothing else uses, so that it can be handed over. */
export interface OwnedBatch extends Batch {
  readonly x: Float32Array<ArrayBuffer>;
  readonly targets: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  readonly weights?: Float32Array<ArrayBuffer>;
}

/** A tile, the case it lies on, and what it is called. */
export interface PlacedTile extends TileOfCase {
  readonly id: string;
}

/** The tiles of all cases, in order. */
export function listTiles(
  cases: readonly CachedCase[],
  size: number,
): PlacedTile[] {
  return cases.flatMap((source) => {
    const tiles = tilesOf(source.width, source.height, size);
    return tiles.map((tile) => ({
      source,
      tile,
      id: tiles.length > 1 ? `${source.id}@${tile.x},${tile.y}` : source.id,
    }));
  });
}

/** Loads the transform and gets ready to make batches. */
export async function createBatchMaker(plan: BatchPlan): Promise<MakeBatch> {
  const { cases, size, seed, scales } = plan;
  const placed = listTiles(cases, size);
  const transform = plan.transform && await loadTransform(plan.transform);
  const makers = await Promise.all(plan.targets.map(loadTarget));
  const channels = channelsOfCases(cases);
  const read = (tile: TileOfCase, random: Random) =>
    scales ? readScaledTile(tile, scales, random) : readTile(tile);
  const optionsFor = transformOptions(placed, read, plan.transform);
  return (epoch, tiles) => {
    const pixels = size * size;
    const x = new Float32Array(tiles.length * pixels * channels);
    const weights = plan.borderWeights &&
      new Float32Array(tiles.length * pixels);
    const targets = Object.fromEntries(
      makers.map(({ head, channels }) => [
        head,
        new Float32Array(tiles.length * pixels * channels),
      ]),
    );
    const ids: string[] = [];
    for (const index of tiles) {
      const at = index % placed.length;
      const { source, id } = placed[at]!;
      const random = createRandom(seed, epoch, index);
      let pair: Pair = read(placed[at]!, random);
      if (transform) {
        const options = optionsFor(at);
        pair = transform(pair.image, pair.labels, random, options);
        checkSize(pair, size, id);
      }
      const start = ids.length * pixels * channels;
      if (source.channels === undefined) writeColors(pair.image, x, start);
      else writeChannels(pair.image, x.subarray(start), { channels, id });
      for (const maker of makers) {
        const values = maker.make(pair.labels, source);
        checkValues(maker, values, pixels);
        targets[maker.head]!.set(values, ids.length * values.length);
      }
      weights?.set(
        borderWeights(pair.labels, plan.borderWeights),
        ids.length * pixels,
      );
      ids.push(id);
    }
    const shape = [tiles.length, size, size] as const;
    return { shape, x, targets, ids, ...(weights && { weights }) };
  };
}

/** An image and its labels. */
interface Pair {
  image: Image;
  labels: Labels;
}

/** The options of a transform, for each tile with what draws another. */
function transformOptions(
  placed: readonly PlacedTile[],
  read: (tile: TileOfCase, random: Random) => Pair,
  { options, withOther = false }: Partial<TransformModule> = {},
): (tile: number) => unknown {
  if (!withOther) return () => options;
  const byModality = Map.groupBy(placed, ({ source }) => source.modality);
  return (tile) => {
    const own = placed[tile]!;
    const alike = byModality.get(own.source.modality)!;
    const others = alike.length - 1;
    const other: OtherTile = (random) => {
      if (others === 0) return read(own, random);
      const drawn = random.integer(1, others);
      const at = alike.indexOf(own);
      return read(alike[(at + drawn) % alike.length]!, random);
    };
    return { ...options as object, other };
  };
}

/** How many values a pixel of a batch has: three colors, or the channels. */
export function channelsOfCases(cases: readonly CachedCase[]): number {
  const [first] = cases;
  const other = cases.find(({ channels }) => channels !== first?.channels);
  if (other === undefined) return first?.channels ?? 3;
  const words = ({ channels }: CachedCase): string =>
    channels === undefined ? "color" : count(channels, "separate channel");
  throw new RangeError(
    `Cannot load batches: found "${first!.id}" with ${
      words(first!)
    } and "${other.id}" with ${words(other)}, expected the same`,
  );
}

/** A head, and what makes its ground truth of a tile. */
interface TargetMaker {
  readonly head: string;
  readonly channels: number;
  readonly make: (
    labels: Labels,
    source: TargetSource,
  ) => Uint8Array | Float32Array;
}

async function loadTarget(
  { head, channels = 1, target, options }: HeadTarget,
): Promise<TargetMaker> {
  const make: Target = typeof target === "string"
    ? targetOf(target)
    : await importFunction<Target>(target.module, "target");
  return {
    head,
    channels,
    make: (labels, source) => make(labels, options, source),
  };
}

function checkValues(
  { head, channels }: TargetMaker,
  { length }: Uint8Array | Float32Array,
  pixels: number,
): void {
  if (length === pixels * channels) return;
  throw new RangeError(
    `Cannot make ground truth of head "${head}": found ${length} values for ${pixels} pixels, expected ${
      pixels * channels
    }, ${channels} per pixel`,
  );
}

function loadTransform(from: TransformModule): Promise<Transform> {
  return importFunction<Transform>(from.module, "transform");
}

async function importFunction<Wanted>(
  module: string,
  name: string,
): Promise<Wanted> {
  const { [name]: found } = await import(module);
  if (typeof found !== "function") {
    throw new TypeError(
      `Cannot load ${name} "${module}": found no function named ${name} among its exports`,
    );
  }
  return found;
}

function checkSize(
  { image, labels }: { image: Image; labels: Labels },
  size: number,
  id: string,
): void {
  for (const { width, height } of [image, labels]) {
    if (width !== size || height !== size) {
      throw new RangeError(
        `Cannot transform tile "${id}": found ${width}×${height} pixels returned, expected ${size}×${size}`,
      );
    }
  }
}

/** Writes an image as red, green, blue in 0…1; gray three times, no alpha. */
function writeColors(image: Image, x: Float32Array, start: number): void {
  const { channels, data, width, height } = image;
  const white = image.depth === 8 ? 255 : image.depth === 16 ? 65535 : 1;
  const green = channels === 1 ? 0 : 1, blue = channels === 1 ? 0 : 2;
  const end = width * height * channels;
  for (let from = 0, to = start; from < end; from += channels, to += 3) {
    x[to] = data[from]! / white;
    x[to + 1] = data[from + green]! / white;
    x[to + 2] = data[from + blue]! / white;
  }
}

/** Writes separate channels, which are normalized already. */
function writeChannels(
  { width, height, channels, depth, data }: Image,
  x: Float32Array,
  wanted: { readonly channels: number; readonly id: string },
): void {
  if (channels === wanted.channels && depth === 32) {
    x.set(data.subarray(0, width * height * channels));
    return;
  }
  throw new RangeError(
    `Cannot transform tile "${wanted.id}": found ${
      count(channels, "channel")
    } of ${depth} bits returned, expected ${wanted.channels} of floats`,
  );
}
