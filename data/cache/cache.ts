import { cannot, count, DatasetError } from "@unet/errors";
import { cacheFolder } from "@unet/files";
import type { CachedCase } from "./cached_case.ts";
import { cacheVersion } from "./cache_file.ts";
import {
  type CacheIndex,
  digest,
  fingerprintOf,
  openCacheIndex,
} from "./cache_index.ts";
import { clearCache } from "./clear_cache.ts";
import type { Case } from "../dataset/case.ts";
import {
  type BackingTurn,
  DatasetBacking,
  storedBytes,
} from "../dataset/dataset_backing.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { keyOf } from "./case_key.ts";
import { findCached, type Kept, writeSample } from "./kept_case.ts";
import { readCaseFiles, withDecodedCase } from "../dataset/decode_case.ts";
import type { CaseOptions } from "../dataset/case_options.ts";
import { strangerFaults } from "../dataset/case_faults.ts";
import type { Fault } from "../dataset/fault.ts";
import { faultsOfIdentical } from "../dataset/identical_images.ts";
import type { ColorNormalization } from "../images/rgb8.ts";
import { mapPool } from "../dataset/pool.ts";
import type { Sample } from "../types.ts";

/** Where and how {@linkcode cacheDataset} works. */
export interface CacheOptions extends CaseOptions {
  /** The cache's folder; `cacheFolder()` of `@unet/files` if not given. */
  readonly folder?: string;
  /** Called after each case: how many of how many are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** How many cases are read at once, 4 if not given. */
  readonly concurrency?: number;
  /** The ids of the cases that are wanted; all if not given. */
  readonly ids?: ReadonlySet<string>;
  /** Leaves out cases with errors instead of throwing. */
  readonly skipFaulty?: boolean;
  /** Called with each error that `skipFaulty` skips. */
  readonly onFault?: (fault: Fault) => void;
  /**
   * Given each warning about a case that is used, from the cache too, in the
   * dataset's order.
   */
  readonly onWarning?: (fault: Fault) => void;
}

/** Where {@linkcode cacheSamples} writes. */
export interface CacheSamplesOptions {
  /** The cache's folder; `cacheFolder()` of `@unet/files` if not given. */
  readonly folder?: string;
  /** As of {@linkcode cacheDataset}. */
  readonly normalization?: ColorNormalization;
}

/**
 * Decodes every case and merges its masks once, and keeps the results on the
 * disk, uncompressed, so that tiles are read from them directly.
 *
 * A cached case is found by its content: the bytes of its image and masks, its
 * id, and the version of the cache. Where names, sizes and modification times
 * (in a zip, CRC-32) are as they were, the files are not even read. Every
 * cached file is compared with its checksum before it is used, and made again
 * where it is damaged. Images are kept as {@linkcode toRgb8} makes them by the
 * rule of `normalization`, gray ones with one channel; separate channels (`channels`) as they are stored,
 * with the range of each ({@linkcode channelRanges}). A few cases are in memory at a time, whatever the
 * size of the dataset.
 *
 * @param dataset From {@linkcode openDataset}; may be closed afterwards.
 * @param options Folder, progress, and what to do with faulty cases.
 * @returns The cases in the dataset's order.
 * @throws {DatasetError} If a case has errors, after all cases were tried, with
 * all of them in `faults`; or if no case is left.
 * @throws {FileError} If the cache cannot be written.
 *
 * @example
 * ```ts
 * import { cacheDataset, encodePng, openDataset } from "@unet/data";
 * import { writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const data = new Uint8Array([255, 0, 255]);
 * const png = await encodePng({ width: 3, height: 1, channels: 1, depth: 8, data });
 * await writeFile(`${folder}/images/a.png`, png);
 * await writeFile(`${folder}/masks/a.png`, png);
 * const dataset = await openDataset(folder);
 * const [cached] = await cacheDataset(dataset, { folder: `${folder}/cache` });
 * dataset.close();
 * assertEquals(cached?.nuclei, 2);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function cacheDataset(
  dataset: Dataset,
  options: CacheOptions = {},
): Promise<CachedCase[]> {
  const { ids } = options;
  const cases = dataset.cases.filter(({ id }) => ids?.has(id) ?? true);
  const folder = options.folder ?? cacheFolder();
  await clearCache(folder);
  const index = await openCacheIndex(folder, dataset.path);
  const faults = [
    ...errorsOf(dataset.faults),
    ...strangerFaults(options.objectClasses, dataset.cases),
  ];
  const backing = new DatasetBacking();
  let done = 0;
  const results = await mapPool(
    cases,
    options.concurrency ?? 4,
    async (each) => {
      using turn = backing.turn();
      const result = await cacheCase(each, { ...options, folder, index, turn });
      options.onProgress?.(++done, cases.length);
      return result;
    },
  );
  await index.save();
  const cached: CachedCase[] = [];
  for (const result of results) {
    if ("faults" in result) faults.push(...result.faults);
    else cached.push(result.cached);
  }
  if (faults.length > 0 && !options.skipFaulty || cached.length === 0) {
    throw refused(dataset, faults, cached.length);
  }
  for (const fault of faults) options.onFault?.(fault);
  // Who names the images knows that others are left out.
  for (const fault of ids ? [] : dataset.faults) {
    if (fault.severity === "warning") options.onWarning?.(fault);
  }
  for (const result of results) {
    if ("faults" in result) continue;
    for (const warning of result.warnings) options.onWarning?.(warning);
  }
  for (const fault of faultsOfIdentical(cached)) options.onWarning?.(fault);
  return cached;
}

/**
 * Keeps samples on the disk that are made rather than read, as drawn ones, in
 * the form of {@linkcode cacheDataset}.
 *
 * @param samples Ids must differ.
 * @param options The folder.
 * @returns The samples in order.
 * @throws {RangeError} If two samples have the same id, or a sample's labels
 * are of another size than its image.
 * @throws {FileError} If the cache cannot be written.
 */
export async function cacheSamples(
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  options: CacheSamplesOptions = {},
): Promise<CachedCase[]> {
  const { folder = cacheFolder(), normalization } = options;
  await clearCache(folder);
  const ids = new Set<string>();
  const cached: CachedCase[] = [];
  for await (const sample of samples) {
    const { id, image, labels, objectClasses } = sample;
    if (ids.has(id)) {
      throw new RangeError(
        `Cannot cache sample "${id}": found its id twice, expected different ids`,
      );
    }
    if (image.width !== labels.width || image.height !== labels.height) {
      throw new RangeError(
        `Cannot cache sample "${id}": found labels of ${labels.width}×${labels.height}, expected ${image.width}×${image.height} as the image has`,
      );
    }
    ids.add(id);
    const { width, height, channels, depth, isSeparate } = image;
    const key = digest([
      `sample ${cacheVersion}`,
      id,
      // Left out where it is undefined.
      JSON.stringify({ width, height, channels, depth, isSeparate }),
      bytesOf(image.data),
      bytesOf(labels.data),
      ...objectClasses ? [JSON.stringify(objectClasses)] : [],
      ...normalization === "color-percentiles" ? [normalization] : [],
    ]);
    const found = await findCached(folder, key, id) ??
      await writeSample(folder, key, sample, { warnings: [], normalization });
    cached.push(found.cached);
  }
  return cached;
}

/** Where and how a case is cached. */
interface CacheCaseOptions extends CaseOptions {
  readonly folder: string;
  readonly index: CacheIndex;
  readonly turn: BackingTurn;
}

/** The case's place in the cache, or its errors. */
async function cacheCase(
  each: Case,
  options: CacheCaseOptions,
): Promise<Kept | { faults: Fault[] }> {
  const { id } = each, { folder, index, turn } = options;
  const fingerprint = fingerprintOf(each, options);
  const known = index.find(fingerprint);
  const unchanged = known && await findCached(folder, known, id);
  if (unchanged) {
    index.keep(fingerprint, known);
    // Decoded before, it costs nothing now, and backs the cases after it.
    const stored = storedBytes([...each.images, ...each.masks]);
    await turn.count(id, { stored, images: [] });
    return unchanged;
  }
  const read = await readCaseFiles(each, options);
  if (errorsOf(read.faults).length > 0) {
    // Decoded all the same, to find what else is wrong.
    return await withDecodedCase(
      each,
      read,
      options,
      ({ faults }) => ({ faults: errorsOf(faults) }),
    );
  }
  const { key, isOfOneFile } = await keyOf(each, read, options);
  const kept = await findCached(folder, key, id) ??
    await withDecodedCase(
      each,
      read,
      options,
      async ({ image, labels, objectClasses, faults }) => {
        const errors = errorsOf(faults);
        if (errors.length > 0 || !image || !labels) return { faults: errors };
        const warnings = faults.filter((one) => one.severity === "warning");
        const sample = {
          ...{ id, image, labels },
          ...(objectClasses && { objectClasses }),
        };
        const about = {
          warnings,
          classes: options.classes?.length,
          normalization: options.normalization,
        };
        return await writeSample(folder, key, sample, about);
      },
    );
  if ("faults" in kept) return kept;
  // The fingerprint does not know of files that an image's pages lie in.
  if (isOfOneFile) index.keep(fingerprint, key);
  return kept;
}

function refused(
  dataset: Dataset,
  faults: readonly Fault[],
  usable: number,
): DatasetError {
  return new DatasetError(
    cannot("use", "dataset", dataset.path, {
      found: `${count(faults.length, "error")} in ` +
        `${dataset.cases.length - usable} of ` +
        count(dataset.cases.length, "case"),
      expected: "none",
      remedy: "`check` lists them, " +
        (usable > 0 ? "`skipFaulty` leaves them out" : "no other case is left"),
    }),
    faults.map((fault) => fault.message),
  );
}

function errorsOf(faults: readonly Fault[]): Fault[] {
  return faults.filter((fault) => fault.severity === "error");
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
