import { createRandom, type Random, shuffle } from "@unet/random";
import {
  type BatchPlan,
  channelsOfCases,
  createBatchMaker,
  listTiles,
  type MakeBatch,
  type OtherTile,
  type Transform,
  type TransformModule,
} from "./batch_maker.ts";
import { quotasOfGroups } from "./quotas_of_groups.ts";
import {
  type TileQuota,
  tilesByShares,
  type TileShare,
} from "./tile_shares.ts";
import type { BorderWeightOptions } from "../targets/border_weights.ts";
import type { HeadTarget } from "../targets/target.ts";
import {
  checkShare,
  type LoaderShare,
  partOf,
  type WantedTiles,
} from "./loader_share.ts";
import { type ScaleRange, scalesFor } from "./scales.ts";
import { WorkerPool } from "./worker_pool.ts";
import { checkModule, checkTargets } from "./check_modules.ts";
import { checkOption as check } from "./check_option.ts";
import type { CachedCase } from "../cache/cached_case.ts";
import type { Batch, DataLoader } from "../types.ts";

export type {
  LoaderShare,
  OtherTile,
  Random,
  TileShare,
  Transform,
  TransformModule,
};

/** Options of {@linkcode createLoader}. */
export interface LoaderOptions {
  /** The images, in the cache; at least one. */
  cases: readonly CachedCase[];
  /** The tiles' width and height, pixels; 256 by default. */
  size?: number;
  /** Tiles per batch. */
  batchSize: number;
  /**
   * Which part of every batch is made: of `size` processes, that of number
   * `rank`, from 0. All of them together make the batches of one that makes all;
   * `tiles` and `length` stay those of whole batches. All of it by default.
   */
  share?: LoaderShare;
  /** The seed of the order and of every tile's random numbers, an integer. */
  seed: number;
  /** Whether each epoch takes the tiles in another order; false by default. */
  shuffle?: boolean;
  /** Whether to leave out a last batch that is not full; false by default. */
  dropLast?: boolean;
  /**
   * Tiles per epoch, fewer than there are: the first of its order, others in
   * each epoch with `shuffle`; a positive integer. All tiles by default.
   */
  tilesPerEpoch?: number;
  /**
   * Groups of images, each image in one, that have shares of every epoch
   * whatever their number of tiles. With `shuffle` each group's tiles come in
   * random order, all of them before one comes again, from epoch to epoch; a
   * tile that an epoch takes twice is changed differently. `tilesPerEpoch` may
   * then be more than there are.
   */
  shares?: readonly TileShare[];
  /** Worker threads; 0, the default, works in this thread, on demand. */
  workers?: number;
  /**
   * With workers, the most batches being made or waiting, besides the one
   * handed out: 2 by default, and one for each worker where there are more.
   */
  prefetch?: number;
  /**
   * Shows each tile at a scale of its own, anew each epoch: a window of the
   * image, larger or smaller than the tile, is brought to its size before the
   * transform. Scales suit each image's objects ({@linkcode scalesFor}) where
   * the cases were measured ({@linkcode withDiameters}).
   */
  scales?: ScaleRange;
  /** Changes each tile, anew each epoch. */
  transform?: TransformModule;
  /**
   * Gives each batch the weights of {@linkcode borderWeights}, for a weighted
   * loss; they are worked out after the transform, with these options.
   */
  borderWeights?: BorderWeightOptions;
  /**
   * The ground truth of each head, made after the transform; the union of the
   * instances as "object" by default.
   */
  targets?: readonly HeadTarget[];
}

/**
 * Makes batches of tiles from cached images, ahead of need, in workers.
 *
 * Tiles are cut as {@linkcode tilesOf} says; only their rows are read, from
 * the cache's files, and no image is kept in memory. Each tile's random stream
 * is named by seed, epoch and tile, the order's by seed and epoch, and so an
 * epoch is the same to the bit for any number of workers, and starts at any
 * batch without the work of those before.
 *
 * A worker makes whole batches, one at a time, and hands their memory over
 * without a copy. Leaving an epoch early ends the workers; after a whole one
 * they wait for the next, until `close()`.
 *
 * The iteration throws what reading and transforming threw, of the same class
 * (`FileError`, `RangeError`) also out of a worker; a `UnetError` if a worker
 * ended; a `TypeError` after `close()`.
 *
 * @param options What to load, and how.
 * @returns The loader; `close()` it after use.
 * @throws {RangeError} If a number is out of range, or there is no batch.
 * @throws {TypeError} If the transform's module is no URL.
 *
 * @example
 * ```ts
 * import { cacheSamples, createLoader, synthesize } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const samples = synthesize({ count: 4, width: 64, height: 64, seed: 0 });
 * const cases = await cacheSamples(samples, { folder });
 * const loader = createLoader({ cases, size: 64, batchSize: 2, seed: 0 });
 * for await (const batch of loader.batches(0)) {
 *   assertEquals(batch.shape, [2, 64, 64]);
 *   assertEquals(batch.x.length, 2 * 64 * 64 * 3);
 * }
 * loader.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function createLoader(options: LoaderOptions): DataLoader {
  const schedule = scheduleOf(options);
  const { tiles, length, plan } = schedule;
  const { workers = 0 } = options;
  const pool = workers > 0 ? new WorkerPool(workers, plan) : undefined;
  const state: LoaderState = { closed: false, iterating: 0 };
  const makeOf = onceAsked(() => createBatchMaker(plan));
  return {
    length,
    tiles,
    batches(epoch: number, from: number = 0): AsyncIterable<Batch> {
      if (state.closed) throw closedError();
      check(isCount(epoch, 0), "epoch", epoch, "an integer of at least 0");
      check(
        isCount(from, 0) && from <= length,
        "first batch",
        from,
        `an integer from 0 to ${length}`,
      );
      const range = { epoch, from };
      return pool
        ? ahead(schedule, range, { state, pool })
        : onDemand(schedule, range, { state, makeOf });
    },
    close(): void {
      state.closed = true;
      pool?.end(closedError());
    },
  };
}

/** What is asked of a loader in the course of time. */
interface LoaderState {
  closed: boolean;
  /** Iterations under way. */
  iterating: number;
}

/** Which tiles there are, and how they make batches. */
interface Schedule {
  readonly plan: BatchPlan;
  /** Tiles of all images. */
  readonly placed: number;
  /** Tiles of an epoch. */
  readonly tiles: number;
  /** Batches of an epoch. */
  readonly length: number;
  readonly batchSize: number;
  /** Batches that workers make ahead. */
  readonly prefetch: number;
  readonly shuffle: boolean;
  /** The groups of tiles, where they have shares. */
  readonly quotas: readonly TileQuota[] | undefined;
  /** Which part of each batch is made; all of it if undefined. */
  readonly share: LoaderShare | undefined;
}

/** The part of an epoch that is wanted: from a batch to the end. */
interface EpochRange {
  readonly epoch: number;
  readonly from: number;
}

function scheduleOf(options: LoaderOptions): Schedule {
  const { batchSize, seed, workers = 0 } = options;
  const { size = 256, dropLast = false, tilesPerEpoch = Infinity } = options;
  const prefetch = options.prefetch ?? Math.max(2, workers);
  check(options.cases.length >= 1, "cases", 0, "at least one");
  check(isCount(size, 1), "size", size, "a positive integer");
  check(isCount(batchSize, 1), "batchSize", batchSize, "a positive integer");
  check(Number.isSafeInteger(seed), "seed", seed, "an integer");
  check(isCount(workers, 0), "workers", workers, "an integer of at least 0");
  check(isCount(prefetch, 1), "prefetch", prefetch, "a positive integer");
  if (options.scales) scalesFor(options.scales, undefined);
  checkModule("transform", options.transform);
  checkTargets(options.targets);
  channelsOfCases(options.cases);
  const plan: BatchPlan = {
    cases: options.cases,
    targets: options.targets ?? [{ head: "object", target: "object" }],
    size,
    seed,
    ...(options.scales && { scales: options.scales }),
    ...(options.transform && { transform: options.transform }),
    ...(options.borderWeights && { borderWeights: options.borderWeights }),
  };
  check(
    tilesPerEpoch === Infinity || isCount(tilesPerEpoch, 1),
    "tilesPerEpoch",
    tilesPerEpoch,
    "a positive integer",
  );
  const listed = listTiles(plan.cases, size), placed = listed.length;
  const tiles = options.shares && tilesPerEpoch !== Infinity
    ? tilesPerEpoch
    : Math.min(placed, tilesPerEpoch);
  const quotas = options.shares && quotasOfGroups(
    options.shares,
    listed.map(({ source }) => source.id),
    tiles,
  );
  const full = Math.floor(tiles / batchSize);
  const length = dropLast ? full : Math.ceil(tiles / batchSize);
  check(length >= 1, "tiles", tiles, `a full batch of ${batchSize}`);
  const shuffle = options.shuffle ?? false, { share } = options;
  if (share) checkShare(share);
  const numbers = { placed, tiles, length, batchSize, prefetch };
  return { plan, ...numbers, shuffle, quotas, share };
}

/** The tiles of each batch from the first wanted on. */
function* tilesOfBatches(
  { plan, placed, tiles, length, batchSize, share, ...order }: Schedule,
  { epoch, from }: EpochRange,
): Generator<WantedTiles> {
  const { seed } = plan, { quotas, shuffle: isShuffled } = order;
  const counted = Array.from({ length: placed }, (_, index) => index);
  const ordered = quotas
    ? tilesByShares(quotas, { epoch, seed, isShuffled, placed })
    : isShuffled
    ? shuffle(counted, createRandom(seed, epoch))
    : counted;
  for (let batch = from; batch < length; batch++) {
    const end = Math.min(tiles, (batch + 1) * batchSize);
    const whole = ordered.slice(batch * batchSize, end);
    yield share ? partOf(whole, share) : { tiles: whole };
  }
}

/** Makes batches here, each when it is asked for. */
async function* onDemand(
  schedule: Schedule,
  range: EpochRange,
  { state, makeOf }: {
    readonly state: LoaderState;
    readonly makeOf: () => Promise<MakeBatch>;
  },
): AsyncGenerator<Batch> {
  for (const { tiles, ...share } of tilesOfBatches(schedule, range)) {
    if (state.closed) throw closedError();
    const make = await makeOf();
    // Lets timers and signals through, which promises alone would hold up.
    await new Promise((resolve) => setTimeout(resolve));
    yield { ...make(range.epoch, tiles), ...share };
  }
}

/** Lets workers make batches, some of them before they are asked for. */
async function* ahead(
  schedule: Schedule,
  range: EpochRange,
  { state, pool }: { readonly state: LoaderState; readonly pool: WorkerPool },
): AsyncGenerator<Batch> {
  const coming: Promise<Batch>[] = [];
  const wanted = tilesOfBatches(schedule, range);
  const fill = () => {
    while (coming.length < schedule.prefetch) {
      const { value, done } = wanted.next();
      if (done) return;
      const { tiles, ...share } = value;
      const batch = pool.run(range.epoch, tiles)
        .then((made) => ({ ...made, ...share }));
      // It is awaited in its turn, or never if the iteration ends before.
      batch.catch(() => {});
      coming.push(batch);
    }
  };
  let whole = false;
  state.iterating++;
  try {
    for (let left = schedule.length - range.from; left > 0; left--) {
      if (state.closed) throw closedError();
      fill();
      const batch = await coming.shift()!;
      if (!state.closed) fill();
      yield batch;
    }
    whole = true;
  } finally {
    state.iterating--;
    if (!whole && state.iterating === 0) pool.end(closedError());
  }
}

/** Calls a function the first time that its result is asked for. */
function onceAsked<Result>(make: () => Result): () => Result {
  let made: Result | undefined;
  return () => made ??= make();
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function closedError(): TypeError {
  return new TypeError(
    "Cannot load batches: found the loader closed, expected close() after the last batch",
  );
}
