import { join } from "@std/path";
import { listZip } from "@unet/data/zip-files";
import { brief, cannot, FileError } from "@unet/errors";
import { infoOf, pathInfo, readFile, readStart } from "@unet/files";

/** A package that is open for reading; dispose of it to close the file. */
export interface OpenPackage extends Disposable {
  /** The zip or folder. */
  readonly path: string;
  /** The description's text. */
  readonly description: string;
  /**
   * Reads a file of the package.
   *
   * @param source Its path in the package.
   * @param most Bytes that it may have.
   * @throws {FileError} If it is not there, outside the package, larger, or
   * damaged.
   */
  read(source: string, most: number): Promise<Uint8Array>;
}

/** The names that a description may have. */
const descriptionNames = ["rdf.yaml", "bioimageio.yaml", "model.yaml"] as const;

/** Bytes of a description; those of bioimage.io have a tenth. */
const longestDescription = 2 ** 17;

/** How far a file may unpack: weights and arrays of images hardly shrink. */
const likelyRatio = 50, unquestioned = 2 ** 24;

/**
 * Opens a package: a zip, or a folder that one was unpacked into.
 *
 * @param path The zip or folder.
 * @returns The package; nothing where there is no description in it.
 * @throws {FileError} If the zip is damaged or has entries that lead out of it,
 * or the description cannot be read.
 *
 * @example
 * ```ts
 * import { openPackage } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * assertEquals(await openPackage(folder), undefined);
 * await Deno.writeTextFile(`${folder}/rdf.yaml`, "type: model");
 * using opened = await openPackage(folder);
 * assertEquals(opened?.description, "type: model");
 * ```
 */
export async function openPackage(
  path: string,
): Promise<OpenPackage | undefined> {
  const info = await pathInfo(path, "open", "package");
  if (info?.isDirectory) return await openFolder(path);
  if (!info?.isFile) return undefined;
  const start = await readStart(path, 4, "package");
  const isZip = start.length === 4 && start[0] === 0x50 && start[1] === 0x4b;
  return isZip ? await openZip(path) : undefined;
}

async function openFolder(path: string): Promise<OpenPackage | undefined> {
  const read = async (source: string, most: number): Promise<Uint8Array> => {
    requireInside(source, path);
    const file = join(path, source), info = await infoOf(file);
    if (!info?.isFile) throw missing(source, path);
    requireSize({ source, path, size: info.size, most });
    const [root, real] = [await Deno.realPath(path), await Deno.realPath(file)];
    if (!real.startsWith(root)) {
      throw bad(path, `${brief(source)}, a link out of the folder`, "a file");
    }
    return await readFile(file, "package's file");
  };
  for (const name of descriptionNames) {
    if (!(await infoOf(join(path, name)))?.isFile) continue;
    const description = textOf(await read(name, longestDescription), path);
    return { path, description, read, [Symbol.dispose]() {} };
  }
  return undefined;
}

async function openZip(path: string): Promise<OpenPackage | undefined> {
  const listing = await listZip(path, { holdsImages: false });
  using opened = new DisposableStack();
  opened.defer(() => listing.close());
  const files = new Map(listing.files.map((file) => [file.name, file]));
  const found = descriptionNames.find((name) => files.has(name));
  if (found === undefined) return undefined;
  const [fault] = listing.faults;
  if (fault !== undefined) throw new FileError(fault.message);
  const read = async (source: string, most: number): Promise<Uint8Array> => {
    requireInside(source, path);
    const file = files.get(source);
    if (file === undefined) throw missing(source, path);
    const { size, stored } = file;
    requireSize({ source, path, size, most });
    if (size > unquestioned && size > likelyRatio * stored) {
      throw bad(
        path,
        `${brief(source)} of ${stored} bytes that unpack to ${size}`,
        "what weights and arrays can do",
      );
    }
    return await file.read();
  };
  const description = textOf(await read(found, longestDescription), path);
  const all = opened.move();
  return { path, description, read, [Symbol.dispose]: () => all.dispose() };
}

function requireInside(source: string, path: string): void {
  const isInside = source !== "" && !source.startsWith("/") &&
    !/^[A-Za-z][A-Za-z+.-]*:/.test(source) && !/[\\\0]/.test(source) &&
    !source.split("/").includes("..");
  if (isInside) return;
  throw bad(path, `the source ${brief(source)}`, "a file of the package");
}

function requireSize(
  { source, path, size, most }: {
    readonly source: string;
    readonly path: string;
    readonly size: number;
    readonly most: number;
  },
): void {
  if (size <= most) return;
  throw bad(path, `${brief(source)} of ${size} bytes`, `at most ${most}`);
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileError(
      cannot("read", "package", path, {
        found: "a description that is not UTF-8",
        expected: "a text",
      }),
      { cause },
    );
  }
}

function missing(source: string, path: string): FileError {
  return bad(path, `no ${brief(source)}`, "every file that it describes");
}

function bad(path: string, found: string, expected: string): FileError {
  return new FileError(cannot("read", "package", path, { found, expected }));
}
