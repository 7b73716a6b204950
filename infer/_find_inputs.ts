import { basename, dirname, extname, join } from "@std/path";
import { describeSystemFault } from "@unet/files";
import { cannot, FileError } from "@unet/errors";

/** An image to segment. */
export interface Input {
  /** Its path as a person would write it. */
  readonly path: string;
  /** Its absolute path, links among the folders above it resolved. */
  readonly place: string;
  /** Where its outputs go within the output folder, without extension. */
  readonly stem: string;
}

/** The endings of files taken from a folder; a file named outright needs none. */
const extensions = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif"];

const naturalOrder = new Intl.Collator("en", { numeric: true });

/**
 * Finds the images that files and folders stand for, each once: in the order
 * given, those of a folder in natural order with its sub-folders' among them.
 *
 * @throws {FileError} If an input is missing, or a folder holds no image.
 */
export async function findInputs(
  inputs: readonly string[],
  out: string,
): Promise<Input[]> {
  const skipped = await placeOfFolder(out);
  const found = new Map<string, Input>();
  for (const input of inputs) {
    for (const image of await imagesOf(input, skipped)) {
      if (!found.has(image.place)) found.set(image.place, image);
    }
  }
  return [...found.values()];
}

async function imagesOf(
  input: string,
  skipped: string | undefined,
): Promise<Input[]> {
  const info = await stat(input);
  if (info.isFile) return [await describe(input, basename(input))];
  if (!info.isDirectory) {
    throw new FileError(
      cannot("read", "input", input, {
        found: "neither a file nor a folder",
        expected: "an image or a folder of images",
      }),
    );
  }
  if (await placeOfFolder(input) === skipped) {
    throw new FileError(
      cannot("segment", "folder", input, {
        found: "it is the output folder too, where masks would pass for images",
        remedy: "choose another output folder, inside it or elsewhere",
      }),
    );
  }
  const names = (await list(input, "", skipped)).sort((a, b) =>
    naturalOrder.compare(a, b) || (a < b ? -1 : 1)
  );
  if (names.length === 0) {
    throw new FileError(
      cannot("segment", "folder", input, {
        found: "no image in it",
        expected: `files ending in ${extensions.join(", ")}`,
      }),
    );
  }
  return await Promise.all(
    names.map((name) => describe(join(input, name), name)),
  );
}

async function describe(path: string, name: string): Promise<Input> {
  const folder = await Deno.realPath(dirname(path));
  return {
    path,
    place: join(folder, basename(path)),
    stem: name.slice(0, name.length - extname(name).length),
  };
}

/** Images below a folder, as paths from there. */
async function list(
  folder: string,
  below: string,
  skipped: string | undefined,
): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(join(folder, below))) {
      if (entry.name.startsWith(".")) continue;
      const name = join(below, entry.name), path = join(folder, name);
      if (entry.isDirectory) {
        if (await Deno.realPath(path) === skipped) continue;
        names.push(...await list(folder, name, skipped));
      } else if (extensions.includes(extname(name).toLowerCase())) {
        // A link may lead to a file; one to a folder could lead in circles.
        if (entry.isFile || !await isFolder(path)) names.push(name);
      }
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("list", "folder", join(folder, below), {
        found: describeSystemFault(cause),
      }),
      { cause },
    );
  }
  return names;
}

async function stat(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    throw new FileError(
      cannot("read", "input", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    // A link to nothing, or to itself, stays in the list, and is reported when
    // it is read.
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.FilesystemLoop
    ) return false;
    throw cause;
  }
}

/** A folder's absolute path without links, or nothing where there is none. */
async function placeOfFolder(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    // A path through a file; writing there says what is wrong.
    if (cause instanceof Deno.errors.NotADirectory) return undefined;
    throw new FileError(
      cannot("find", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
