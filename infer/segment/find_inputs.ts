import { basename, dirname, join, SEPARATOR } from "@std/path";
import { listZarrImages, unreadEndings, zarrPlaceOf } from "@unet/data";
import { cannot, count, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { endingOf, imageEndings } from "./image_endings.ts";
import { listImages } from "./list_images.ts";
import { isPattern, parsePattern } from "./pattern.ts";
import { placeOfFolder } from "./place_of_folder.ts";

/** An image to segment. */
export interface Input {
  /** Its path as a person would write it. */
  readonly path: string;
  /** Its absolute path, links among the folders above it resolved. */
  readonly place: string;
  /** Its path below the folder that was given, with "/". */
  readonly name: string;
  /** Where its outputs go within the output folder, without extension. */
  readonly stem: string;
  /** Why it cannot be read, where that is known. */
  readonly fault?: FileError;
}

/**
 * Finds the images that files, folders and patterns stand for, each once: in
 * the order given, those of a folder in natural order with its sub-folders'
 * among them.
 *
 * An OME-Zarr is one image, or the fields of a plate or well.
 *
 * A pattern holds `*`, `?`, `[…]`, `{…,…}`, or `**` for any folders; a file
 * that is really named so is taken by its name.
 *
 * @param inputs Files, folders and patterns.
 * @param out The output folder, which is skipped.
 * @param onNote Given a line about what was left out.
 * @throws {FileError} If an input is missing, a folder holds no image, or a
 * pattern matches none.
 */
export async function findInputs(
  inputs: readonly string[],
  out: string,
  onNote: (line: string) => void = () => {},
): Promise<Input[]> {
  const skipped = await placeOfFolder(out);
  const found = new Map<string, Input>();
  const places = new Map<string, string>();
  for (const input of inputs) {
    for (const one of await imagesOf(input, skipped, onNote)) {
      const { path, name, fault } = one;
      // Fields of a plate may lie in a zip.
      const whole = fault ? wholeOf(path) : zarrPlaceOf(path)?.root ?? path;
      const folder = dirname(whole);
      let place = places.get(folder);
      if (place === undefined) {
        places.set(folder, place = await Deno.realPath(folder));
      }
      place = join(place, basename(whole), path.slice(whole.length));
      if (found.has(place)) continue;
      const stem = stemOf(name);
      const slashed = name.replaceAll(SEPARATOR, "/");
      found.set(place, {
        ...{ path, place, name: slashed, stem },
        ...(fault && { fault }),
      });
    }
  }
  return [...found.values()];
}

/** The plate of a well that may be missing, with the folders above it. */
function wholeOf(path: string): string {
  let above = path;
  while (!zarrPlaceOf(above) && dirname(above) !== above) {
    above = dirname(above);
  }
  return zarrPlaceOf(above)?.root ?? path;
}

/**
 * The name of an image without its ending; of a file in a format that is
 * recognized and not read, with it, for its stem may be an image's; of a field, as in
 * `plate.zarr/B/3/0`, the plate's as a folder with well and field in it.
 */
function stemOf(name: string): string {
  const [, plate, field] =
    /^(.*?)(?:\.ome)?\.(?:zarr|zarr\.zip|ozx)[/\\](.+)$/i.exec(name) ?? [];
  return plate !== undefined && field !== undefined
    ? join(plate, field.split(/[/\\]/).join("-"))
    : unreadEndings.includes(endingOf(name).toLowerCase())
    ? name
    : name.slice(0, name.length - endingOf(name).length);
}

/** An image's path, and its path below the folder that was given. */
interface Found {
  readonly path: string;
  readonly name: string;
  readonly fault?: FileError;
}

async function imagesOf(
  input: string,
  skipped: string | undefined,
  onNote: (line: string) => void,
): Promise<Found[]> {
  const zarr = await imagesOfZarr(input);
  if (zarr) return zarr;
  const info = await stat(input);
  if (!info) return await matchesOf(input, skipped);
  if (info.isFile) return [{ path: input, name: basename(input) }];
  if (!info.isDirectory) {
    throw new FileError(
      cannot("read", "input", input, {
        found: "neither a file nor a folder",
        expected: "an image or a folder of images",
      }),
    );
  }
  await refuseOutputs(input, skipped);
  const { names, maskFolders, faults } = await listImages(input, skipped);
  if (maskFolders > 0) {
    onNote(
      `${input}: ${count(maskFolders, "folder")} of masks beside images left ` +
        "out; name one to segment it",
    );
  }
  if (names.length === 0) {
    throw new FileError(
      cannot("segment", "folder", input, {
        found: "no image in it",
        expected: `files ending in ${imageEndings.join(", ")}`,
      }),
    );
  }
  return foundBelow(input, names, faults);
}

function foundBelow(
  folder: string,
  names: readonly string[],
  faults: ReadonlyMap<string, FileError>,
): Found[] {
  return names.map((name) => {
    const fault = faults.get(name);
    return { path: join(folder, name), name, ...(fault && { fault }) };
  });
}

/**
 * An OME-Zarr, the fields of a plate or a well, or one field.
 *
 * @returns Undefined where an input is no OME-Zarr.
 */
async function imagesOfZarr(input: string): Promise<Found[] | undefined> {
  const place = zarrPlaceOf(input);
  if (!place) return undefined;
  // Shells complete the names of folders with a separator.
  const images = await fieldsOf(input.replace(/[/\\]+$/, ""));
  if (images.length === 0) {
    throw new FileError(cannot("segment", "plate", input, {
      found: "no field in it",
      expected: "wells with images",
    }));
  }
  const { root } = place;
  const above = root.length - basename(root).length;
  return images.map((image) => ({ ...image, name: image.path.slice(above) }));
}

/** The images of an OME-Zarr; itself where they cannot be listed. */
async function fieldsOf(
  input: string,
): Promise<{ readonly path: string; readonly fault?: FileError }[]> {
  try {
    return await listZarrImages(input) ?? [];
  } catch (error) {
    // What is wrong with it is reported when it is read.
    if (error instanceof FileError) return [{ path: input }];
    throw error;
  }
}

async function matchesOf(
  input: string,
  skipped: string | undefined,
): Promise<Found[]> {
  const pattern = await parsePattern(input);
  const { folder } = pattern;
  if (!(await stat(folder))?.isDirectory) {
    throw new FileError(
      cannot("read", "input", input, { found: `no folder "${folder}"` }),
    );
  }
  await refuseOutputs(folder, skipped);
  const { names, others, faults } = await listImages(folder, skipped, pattern);
  if (names.length === 0) {
    throw new FileError(
      cannot("segment", "pattern", input, {
        found: others === 0
          ? "no file that matches"
          : "no image among the files that match",
        expected: `files ending in ${imageEndings.join(", ")}`,
      }),
    );
  }
  return foundBelow(folder, names, faults);
}

/** Masks in the output folder would pass for images. */
async function refuseOutputs(
  folder: string,
  skipped: string | undefined,
): Promise<void> {
  if (await placeOfFolder(folder) !== skipped) return;
  throw new FileError(
    cannot("segment", "folder", folder, {
      found: "the output folder, in which masks would be taken for images",
      remedy: "choose another output folder, inside it or elsewhere",
    }),
  );
}

/** What is at a path; nothing where only a pattern could lead somewhere. */
async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    const isClosed = cause instanceof Deno.errors.PermissionDenied ||
      cause instanceof Deno.errors.NotCapable;
    if (isPattern(path) && !isClosed) return undefined;
    throw new FileError(
      cannot("read", "input", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
