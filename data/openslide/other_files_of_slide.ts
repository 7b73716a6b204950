import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import type { ByteSource } from "../images/byte_source.ts";
import type { SlideFormat } from "./slide_format.ts";

/** A file that a slide is read from besides the one that names it. */
export interface OtherSlideFile {
  /** Its path from the slide's folder, with "/" between the parts. */
  readonly name: string;
  /** Where it lies. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** A description of a slide is a page of text. */
const mostDescription = 2 ** 20;

/**
 * Finds the files that a slide consists of besides its own: a MIRAX slide's
 * folder of the same name, the images that a VMS file names, and all DICOM
 * files beside a DICOM file, since those of one slide have no names in common.
 *
 * @param path Where the slide lies.
 * @returns Those that are there, by their names.
 * @throws {FileError} If their folder cannot be read.
 */
export function otherFilesOfSlide(
  path: string,
  source: ByteSource,
  { others }: SlideFormat,
): OtherSlideFile[] {
  const names = others === "folder"
    ? inFolder(path)
    : others === "listed"
    ? listedIn(source)
    : others === "dicom"
    ? dicomBeside(path)
    : [];
  return [...new Set(names)].sort().flatMap((name) => {
    const other = join(dirname(path), name);
    const info = attempt(other, () => Deno.statSync(other));
    return info?.isFile ? [{ name, path: other, size: info.size }] : [];
  });
}

function inFolder(path: string): string[] {
  const folder = path.replace(/\.[^./\\]*$/, "");
  return namesIn(folder).map((name) => `${basename(folder)}/${name}`);
}

function listedIn(source: ByteSource): string[] {
  const bytes = source.read(0, Math.min(mostDescription, source.size));
  const text = new TextDecoder("latin1").decode(bytes);
  return [...text.matchAll(/^\s*[\w(), ]*(?:File|Image)[\w(), ]*=(.*)$/gm)]
    .map(([, name = ""]) => name.trim())
    // A name alone: nothing out of the slide's folder.
    .filter((name) => /^[^/\\]+$/.test(name) && !/^\.+$/.test(name));
}

function dicomBeside(path: string): string[] {
  return namesIn(dirname(path)).filter((name) =>
    name !== basename(path) && (/\.dcm$/i.test(name) || !name.includes("."))
  );
}

function namesIn(folder: string): string[] {
  return attempt(folder, () => [...Deno.readDirSync(folder)])
    ?.map(({ name }) => name) ?? [];
}

/** Does what touches the disk; undefined where there is nothing. */
function attempt<T>(path: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new FileError(
      cannot("read", "file", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
