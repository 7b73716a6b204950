import { type TransformOptions, transformOptionsOf } from "@unet/augment";
import {
  cacheDataset,
  type CachedCase,
  type CacheOptions,
  cacheSamples,
  createLoader,
  type DataLoader,
  type Fault,
  type LoaderShare,
  type Split,
  synthesize,
} from "@unet/data";
import { cannot, count, UsageError } from "@unet/errors";
import { cacheFolder } from "@unet/files";
import { lossNeedsWeights } from "@unet/train";
import { basename, join } from "@std/path";
import { choiceOfSettings } from "../settings/choice_of_settings.ts";
import {
  masksOfSettings,
  objectClassesOf,
} from "../settings/masks_of_settings.ts";
import { fingerprintOfText } from "../fingerprint_of_text.ts";
import { describeData, idAmong, sourcesOf } from "../settings/data_sources.ts";
import { taskOfSettings } from "../settings/task_of_settings.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import { openSources, type SourceChoice } from "../sources/open_sources.ts";
import { tileSharesOf } from "./tile_shares_of.ts";

/** Events while images are read. */
export interface DataEvents {
  /** Images were read into the cache. */
  onCached(done: number, all: number): void;
  /** A faulty image was left out. */
  onFault(fault: Fault): void;
  /** An image that is used leaves something open. */
  onWarning(fault: Fault): void;
  /** A line about which images are used. */
  onNote(line: string): void;
  /** A line about images that roles leave out; a note unless given. */
  onLeftOut(line: string): void;
}

/** How many images the program draws where it is given none. */
const drawnImages = 80;

/**
 * Reads the images that settings name into the cache, or draws some.
 *
 * @param settings The settings, suited to the device.
 * @param events How it goes, and what ends it.
 * @param choice Which images; all if not given.
 */
export async function prepareCases(
  settings: TrainSettings,
  events: Partial<DataEvents> & { readonly signal?: AbortSignal },
  choice: SourceChoice = {},
): Promise<CachedCase[]> {
  const folder = cacheFolder();
  if (settings.data === null) {
    const { tile, seed } = settings;
    return await cacheSamples(
      synthesize({ count: drawnImages, width: tile!, height: tile!, seed }),
      { folder: join(folder, "drawn"), ...normalizationOf(settings) },
    );
  }
  using open = await openSources(sourcesOf(settings.data), {
    ...choice,
    onLeftOut: events.onLeftOut ?? events.onNote,
  });
  const { sources } = open, cases: CachedCase[] = [];
  const all = sources.reduce((sum, { ids }) => sum + ids.length, 0);
  for (const { name, path, dataset, ids } of sources) {
    const before = cases.length;
    const own = await cacheDataset(dataset, {
      folder,
      ids: new Set(ids),
      skipFaulty: settings.skipFaulty,
      onProgress(done) {
        events.signal?.throwIfAborted();
        events.onCached?.(before + done, all);
      },
      ...(events.onFault && { onFault: events.onFault }),
      ...(events.onWarning && { onWarning: events.onWarning }),
      ...choiceOfSettings(settings),
      ...normalizationOf(settings),
      ...masksOfSettings(settings),
      ...await objectClassesOf(path, settings.objectClasses),
    });
    cases.push(...own.map((one) => ({
      ...one,
      id: idAmong(sources, name, one.id),
    })));
  }
  return ofModality(withLabels(cases, settings, events), settings);
}

/** The rule by which color is kept; chosen channels are kept as they are. */
function normalizationOf(
  { channels, normalization }: TrainSettings,
): Pick<CacheOptions, "normalization"> {
  return channels === null && normalization === "percentiles"
    ? { normalization: "color-percentiles" }
    : {};
}

/** The images of which something is labeled; the others teach nothing. */
function withLabels(
  cases: CachedCase[],
  { data }: TrainSettings,
  events: Partial<DataEvents>,
): CachedCase[] {
  const labeled = cases.filter((each) => each.labeled > 0);
  const others = cases.length - labeled.length;
  if (labeled.length === 0) {
    throw new UsageError(
      cannot("train on", "images", describeData(data), {
        found: `nothing labeled in ${count(cases.length, "image")}`,
        expected: "masks with labels",
        remedy: "`ignore` names the numbers that mean unlabeled",
      }),
    );
  }
  if (others > 0) {
    events.onNote?.(`${count(others, "image")} without any label left out`);
  }
  return labeled;
}

/** The images that were taken as the settings want. */
function ofModality(
  cases: CachedCase[],
  { data, modality }: TrainSettings,
): CachedCase[] {
  if (modality === null) return cases;
  const wanted = cases.filter((each) => modality.includes(each.modality));
  if (wanted.length > 0) return wanted;
  throw new UsageError(
    cannot("train on", "images", describeData(data), {
      found: `none that look like ${modality.join(" or ")}`,
      expected: "at least one",
      remedy: "`check` counts them by modality",
    }),
  );
}

/** A number that changes with the content of any image. */
export async function fingerprintOf(
  cases: readonly CachedCase[],
): Promise<string> {
  // A cached file is named for its content.
  const text = cases.map(({ id, path }) => `${id} ${basename(path)}\n`).sort()
    .join("");
  return await fingerprintOfText(text);
}

/**
 * The loaders of a split: tiles shuffled and augmented, or as they are.
 *
 * @param settings The settings.
 * @param split Which images train, and which validate.
 * @param cases The images.
 * @param share Which rank's part of each batch they give; all of it by default.
 */
export function createLoaders(
  settings: TrainSettings,
  split: Split,
  cases: readonly CachedCase[],
  { rank, size }: LoaderShare = { rank: 0, size: 1 },
): { train: DataLoader; validation: DataLoader } {
  const byId = new Map(cases.map((one) => [one.id, one]));
  const pick = (ids: readonly string[]): CachedCase[] =>
    ids.map((id) => byId.get(id)!);
  const { batch: batchSize, seed, workers, tile } = settings;
  const shared = {
    batchSize,
    seed,
    workers,
    size: tile!,
    ...(size > 1 && { share: { rank, size } }),
    ...(!settings.classes && lossNeedsWeights(settings.loss) &&
      { borderWeights: {} }),
    targets: taskOfSettings(settings).heads.map(
      ({ name, channels, target, classes }) => ({
        ...{ head: name, channels, target },
        ...(classes && { options: { classes: classes.length } }),
      }),
    ),
  };
  const options = augmentationOf(settings);
  return {
    train: createLoader({
      ...shared,
      cases: pick(split.train),
      shuffle: true,
      ...tileSharesOf(settings, pick(split.train)),
      ...(settings.tilesPerEpoch && { tilesPerEpoch: settings.tilesPerEpoch }),
      ...(settings.scales && { scales: settings.scales }),
      ...(options && {
        transform: {
          module: import.meta.resolve("@unet/augment"),
          options,
          withOther: settings.augment.includes("paste"),
        },
      }),
    }),
    validation: createLoader({
      ...shared,
      // Where none are held out, those to train on are scored as they are.
      cases: pick(
        split.validation.length > 0 ? split.validation : split.train,
      ),
      shuffle: false,
    }),
  };
}

/** The options of the augmentation that settings ask for, if any. */
function augmentationOf(
  { augment, augmentStrength }: TrainSettings,
): TransformOptions | null {
  return augment.length === 0 || augmentStrength === 0
    ? null
    : transformOptionsOf(augment, augmentStrength);
}
