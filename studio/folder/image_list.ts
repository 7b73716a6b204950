import { basename, dirname, join, relative, SEPARATOR } from "@std/path";
import { isZarrFolder, zarrPlaceOf } from "@unet/data";
import { UnetError } from "@unet/errors";
import { RequestError } from "@unet/http";
import { listImages } from "@unet/infer/list-images";
import { mapClassesOf, requireNoClassMap } from "./class_map.ts";
import { classPlaceOf } from "./class_table.ts";
import { type ImageState, ImageStates, markOf } from "./image_states.ts";
import { maskName, otherMaskNames } from "./mask_name.ts";
import { MaskOwners } from "./mask_owners.ts";
import { placeIn, requireInside } from "./place_in.ts";
import {
  noteOfRegion,
  readRegion,
  type Region,
  withRegionsBeneath,
} from "./region.ts";
import type { StudioFolder } from "./studio_folder.ts";

/** An image of the folder, as the page lists it. */
export interface ListedImage {
  /** Its path from the folder, with `/` between names. */
  readonly name: string;
  /** What a person has made of it. */
  readonly state: ImageState;
  /** How many objects were found there, if that is known. */
  readonly objects?: number;
  /** How unsure the network is of its prediction: bits per pixel, 0…1. */
  readonly doubt?: number;
  /** Of which image it is a region, and where, if it is one. */
  readonly region?: Region;
}

/** Masks lie here, and are no images of their own. */
const isMaskFolder = /(^|\/)masks\//i;

/** The images of a studio's folder, and what is known of each. */
export class ImageList {
  readonly #folder: StudioFolder;
  readonly #states: ImageStates;
  #names = new Set<string>();
  #regions: ReadonlyMap<string, Region> = new Map();
  #owners = new MaskOwners("", []);
  readonly #masks = new Map<string, Promise<ReadonlySet<string>>>();

  private constructor(folder: StudioFolder, states: ImageStates) {
    this.#folder = folder;
    this.#states = states;
  }

  /**
   * Lists a folder for the first time.
   *
   * @throws {FileError} If the folder, or the studio's notes, cannot be read.
   */
  static async open(folder: StudioFolder): Promise<ImageList> {
    const list = new ImageList(folder, await ImageStates.open(folder.home));
    await list.scan();
    return list;
  }

  /** What is noted of masks. */
  get states(): ImageStates {
    return this.#states;
  }

  /**
   * Looks what is in the folder now.
   *
   * @returns Its images in natural order, with their states.
   * @throws {FileError} If a folder cannot be read.
   */
  async scan(): Promise<ListedImage[]> {
    const { root } = this.#folder;
    this.forgetMasks();
    const { names } = await listImages(root, undefined);
    const named = names.map((name) => name.replaceAll(SEPARATOR, "/"))
      .filter((name) => !isMaskFolder.test(name));
    this.#names = await readableAmong(root, named);
    this.#owners = new MaskOwners(root, this.#names);
    this.#regions = await regionsAmong(root, this.#names);
    return withRegionsBeneath(
      await Promise.all([...this.#names].map((name) => this.describe(name))),
    );
  }

  /** What is known of an image. */
  async describe(name: string): Promise<ListedImage> {
    const found = await this.#findMask(name);
    const mask = found === null
      ? undefined
      : await markOf(join(this.#folder.root, found));
    const state = this.#states.stateOf(name, mask);
    const objects = mask && this.#states.objectsOf(name, mask);
    const doubt = state === "predicted"
      ? this.#states.note(name)?.doubt
      : undefined;
    const region = this.#regions.get(name);
    return {
      ...{ name, state },
      ...(region && { region }),
      ...(objects !== undefined && { objects }),
      ...(doubt !== undefined && { doubt }),
    };
  }

  /**
   * The mask of an image, with every link resolved.
   *
   * @returns Its absolute path; null where there is none.
   * @throws {RequestError} If it is a link that leads out of the folder (403).
   */
  async maskPathOf(name: string): Promise<string | null> {
    const found = await this.#findMask(name);
    return found === null ? null : await placeIn(this.#folder.root, found);
  }

  /**
   * The absolute path at which an image's mask is saved.
   *
   * @throws {RequestError} If that is not within the folder (403).
   */
  async savedMaskOf(name: string): Promise<string> {
    const { root } = this.#folder, mask = maskName(name);
    await requireInside(root, mask);
    return join(root, mask);
  }

  /**
   * Refuses an image that shares its mask with another one.
   *
   * @throws {RequestError} With status 409.
   */
  requireOneImage(name: string): void {
    this.#owners.requireOneImage(name);
  }

  /**
   * Refuses an image whose mask is none of object numbers: it would lie among
   * masks of one nucleus each, or is a class map.
   *
   * @throws {RequestError} With status 409.
   */
  async requireObjectNumbers(name: string): Promise<void> {
    const files = await this.#masksIn(dirname(maskName(name)));
    this.#owners.requireNoNuclei(name, files);
    await requireNoClassMap(name, classPlaceOf(this.#folder.root, name));
  }

  /** Whether the numbers of an image's mask are classes. */
  async isClassMap(name: string): Promise<boolean> {
    const place = classPlaceOf(this.#folder.root, name);
    return await mapClassesOf(place) !== null;
  }

  /** The mask's path from the folder: that of the studio, or another one. */
  async #findMask(name: string): Promise<string | null> {
    const own = maskName(name), folder = dirname(own);
    const files = await this.#masksIn(folder);
    if (files.has(basename(own))) return own;
    const other = otherMaskNames(name).find((file) => files.has(file));
    return other === undefined ? null : join(folder, other);
  }

  /** The files of a folder of masks, as they were at the last scan. */
  #masksIn(folder: string): Promise<ReadonlySet<string>> {
    const known = this.#masks.get(folder) ??
      namesIn(join(this.#folder.root, folder));
    this.#masks.set(folder, known);
    return known;
  }

  /** Forgets which masks there are, after one was saved. */
  forgetMasks(): void {
    this.#masks.clear();
  }

  /**
   * The file of an image.
   *
   * @param name What the page calls it.
   * @returns Its absolute path, without links.
   * @throws {RequestError} If there is no such image in the folder (404), or it
   * is a link that leads out of it (403).
   */
  async pathOf(name: string): Promise<string> {
    if (!this.#names.has(name)) {
      throw new RequestError(
        404,
        `Cannot open image ${
          JSON.stringify(name)
        }: found no such image in the folder`,
      );
    }
    const { root } = this.#folder;
    const zarr = zarrPlaceOf(join(root, name));
    if (!zarr?.isZip || zarr.inside === "") return await placeIn(root, name);
    // A field of a plate in a zip has no place of its own.
    const zip = await placeIn(root, relative(root, zarr.root));
    return `${zip}/${zarr.inside}`;
  }
}

/**
 * Those images of which reading ends. Folders are asked, not each file: that
 * would take most of the time of a folder of thousands.
 */
async function readableAmong(
  root: string,
  names: readonly string[],
): Promise<Set<string>> {
  const readable = new Set<string>();
  for (const [folder, own] of Map.groupBy(names, (name) => dirname(name))) {
    const files = await namesIn(join(root, folder));
    for (const name of own) {
      const isThere = files.has(basename(name)) ||
        await mayBeRead(join(root, name));
      if (isThere) readable.add(name);
    }
  }
  // In the order of the list.
  return new Set(names.filter((name) => readable.has(name)));
}

/**
 * Whether reading a path ends: that of a pipe or a device may not. What cannot
 * be looked at counts as a file, so that its fault is reported when it is read.
 */
async function mayBeRead(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile || isZarrFolder(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    return true;
  }
}

/**
 * Those images that are regions of others. One whose note is damaged is listed
 * as an image of its own; what needs to know where it lies reports the fault.
 */
async function regionsAmong(
  root: string,
  names: ReadonlySet<string>,
): Promise<Map<string, Region>> {
  const regions = new Map<string, Region>();
  for (const [folder, own] of Map.groupBy(names, (name) => dirname(name))) {
    const files = await namesIn(join(root, folder));
    for (const name of own) {
      if (!files.has(basename(noteOfRegion(name)))) continue;
      try {
        const region = await readRegion(root, name);
        // One that leads in circles would be listed nowhere.
        if (region && region.of !== name) regions.set(name, region);
      } catch (error) {
        if (!(error instanceof UnetError)) throw error;
      }
    }
  }
  return regions;
}

/** The files in a folder; none where there is no folder. */
async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile || await mayBeRead(join(folder, name))) names.add(name);
    }
  } catch (cause) {
    const isNoFolder = cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory;
    if (!isNoFolder) throw cause;
  }
  return names;
}
