/**
 * Contact sheets of random changes.
 *
 * @module
 */
import {
  alwaysOptionsOf,
  type Augmentation,
  augmentations,
  contactSheet,
  type OtherSource,
  transformOptionsOf,
} from "@unet/augment";
import {
  cacheDataset,
  type CachedCase,
  encodePng,
  type MaskOptions,
  type Random,
  readScaledTile,
  readTile,
  withDiameters,
} from "@unet/data";
import { writeFile } from "@unet/files";
import { join } from "@std/path";
import { firstTileOf } from "./first_tile.ts";
import { classesOfSources } from "./settings/classes_of_sources.ts";
import {
  type DataSource,
  resolveData,
  sourcesOf,
} from "./settings/data_sources.ts";
import type { ReadingSettings } from "./settings/reading_settings.ts";
import { namesIn } from "./settings/setting_kinds.ts";
import { recipes } from "./settings/recipes.ts";
import { usualRoles } from "./settings/roles_to_use.ts";
import type { NormalizationName } from "./settings/train_settings.ts";
import { openSources } from "./sources/open_sources.ts";
import { readRoles } from "./sources/read_roles.ts";
import { type ReadingChoices, readingOf } from "./models/reading_of.ts";

/** Settings of contact sheets. */
export interface SheetChoices
  extends ReadingChoices, Partial<Pick<ReadingSettings, keyof MaskOptions>> {
  /** A folder or zip of images and masks, or several. */
  readonly data: string | readonly DataSource[];
  /**
   * A JSON file that gives each image a role, as `train` takes it: sheets are
   * of images to train on.
   */
  readonly roles?: string | undefined;
  /** The folder that the sheets are written into. */
  readonly out: string;
  /** Which changes; all, and scales, if not given. */
  readonly changes?: readonly SheetName[] | undefined;
  /** How values are spread; stretch-dark if not given. */
  readonly normalization?: NormalizationName | undefined;
  /** Height and width of the tiles; 256 if not given. */
  readonly tile?: number;
}

/** What a sheet shows: a random change by its name, or other scales. */
export type SheetName = Augmentation | "scales";

/** The names of all sheets. */
export const sheetNames: readonly SheetName[] = ["scales", ...augmentations];

/**
 * The sheets that a list names, as in "blur,scales".
 *
 * @param text The list.
 * @throws {UsageError} If a name is not known.
 */
export function sheetNamesIn(text: string): SheetName[] {
  return namesIn(text, sheetNames, { name: "augment" });
}

/**
 * Writes a contact sheet per modality and random change, for a person to judge
 * whether the results look like images: a tile as it is, then changed eleven
 * times, the masks' outlines drawn in. Of each modality, the tile is the first
 * one of the image that has the median number of objects.
 *
 * @param choices The data, the changes, and where to.
 * @param onProgress Given how many of how many images were read.
 * @returns The paths of the sheets, each `MODALITY-NAME.png`.
 * @throws {DatasetError} If there are no images with masks.
 * @throws {FileError} If the data cannot be read, or a sheet not be written.
 *
 * @example
 * ```ts
 * import { writeSheets } from "@unet/app";
 * import { synthesize, writeKaggle } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = await Deno.makeTempDir();
 * await writeKaggle(synthesize({ count: 1, width: 64, height: 64, seed: 0 }), data);
 * const out = `${data}/sheets`;
 * const paths = await writeSheets({ data, out, changes: ["blur"], tile: 64 });
 * assertEquals(paths, [`${out}/fluorescence-blur.png`]);
 * await Deno.remove(data, { recursive: true });
 * ```
 */
export async function writeSheets(
  { out, changes = sheetNames, tile = 256, ...choices }: SheetChoices,
  onProgress?: (done: number, all: number) => void,
): Promise<string[]> {
  const cached = await cachedCases(choices, onProgress);
  const byModality = Map.groupBy(
    cached.filter(({ foreground }) => foreground > 0),
    ({ modality }) => modality,
  );
  const paths: string[] = [];
  for (const [modality, cases] of byModality) {
    for (const name of changes) {
      const path = join(out, `${modality}-${name}.png`);
      await writeFile(path, await sheetOf(cases, name, tile), "contact sheet");
      paths.push(path);
    }
  }
  return paths;
}

/** Reads the images that sheets are made of. */
async function cachedCases(
  { data, roles: file, normalization, ...others }: Omit<SheetChoices, "out">,
  onProgress?: (done: number, all: number) => void,
): Promise<CachedCase[]> {
  const { mask, background, classes: named, ignore, ...reading } = others;
  const sources = sourcesOf(resolveData(data));
  const { classes } = await classesOfSources(sources, {
    ...{ classes: named, objectClasses: [] },
  });
  const roles = file === undefined ? undefined : await readRoles(file);
  using open = await openSources(
    sources,
    roles && { roles: { of: roles, wanted: [usualRoles.train] } },
  );
  const all = open.sources.reduce((sum, { ids }) => sum + ids.length, 0);
  const cached: CachedCase[] = [];
  for (const { dataset, ids } of open.sources) {
    const before = cached.length;
    cached.push(
      ...await cacheDataset(dataset, {
        ...readingOf(reading),
        ids: new Set(ids),
        skipFaulty: true,
        ...(mask && { mask }),
        ...(background && { background }),
        ...(classes && { classes }),
        ...(ignore && ignore.length > 0 && { ignore }),
        ...(normalization === "percentiles" && !reading.channels &&
          { normalization: "color-percentiles" }),
        onProgress: (done) => onProgress?.(before + done, all),
      }),
    );
  }
  return cached;
}

/** Draws a sheet of one of some images, encoded. */
async function sheetOf(
  cases: readonly CachedCase[],
  name: SheetName,
  size: number,
): Promise<Uint8Array> {
  const sorted = cases.toSorted((a, b) => a.nuclei - b.nuclei);
  const middle = Math.floor(sorted.length / 2);
  const [shown] = withDiameters([sorted[middle]!]);
  const place = firstTileOf(shown!, size);
  const other: OtherSource["other"] = (random) =>
    readTile(firstTileOf(cases[random.integer(0, cases.length - 1)]!, size));
  const { image, labels } = readTile(place);
  const { scales } = recipes.general;
  const show = name === "scales"
    ? {
      sample: (random: Random) => readScaledTile(place, scales, random),
      transform: transformOptionsOf([]),
    }
    : { transform: { ...alwaysOptionsOf(name), other } };
  return await encodePng(contactSheet(image, labels, show));
}
