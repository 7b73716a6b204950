/**
 * Turns annotations of other programs into images and masks.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import {
  type AnnotatedImage,
  type AnnotationFormat,
  readAnnotations,
} from "@unet/data/annotations";
import { cannot, count, FileError } from "@unet/errors";
import { infoOf, writeFile } from "@unet/files";
import { annotationFiles, findImage, stemOf } from "./annotation_files.ts";
import { describePainted, type Pair, writePair } from "./write_pair.ts";

/** Settings of an import. */
export interface ImportChoices {
  /** Files of annotations, or folders of them. */
  readonly annotations: readonly string[];
  /** The folder of the images; that of each file of annotations if not given. */
  readonly images?: string;
  /** The folder of the pairs, which may not hold any yet. */
  readonly out: string;
}

/** Events of an import, and the signal that ends it. */
export interface ImportEvents {
  /** Images that were written. */
  onProgress?(done: number, all: number): void;
  /** Given a line about something that was left out or decided. */
  onNote?(line: string): void;
  /** When aborted, the import ends between two images. */
  readonly signal?: AbortSignal;
}

/** The result of an import. */
export interface ImportReport {
  readonly images: number;
  readonly objects: number;
  /** Objects by class, where annotations have classes. */
  readonly classes: Readonly<Record<string, number>>;
  /** Files of annotations by format. */
  readonly formats: Readonly<Partial<Record<AnnotationFormat, number>>>;
}

/**
 * Reads annotations of COCO, QuPath, ImageJ, LabelMe and Cellpose, and writes images and
 * masks that `check`, `train` and `evaluate` take: `images/NAME.EXT`, a copy of
 * the image, and `masks/NAME.tif`, a number per object; `classes.csv` names the
 * objects' classes where there are any.
 *
 * @param choices The annotations, the images, the folder for the pairs.
 * @param events What is reported, and what ends it.
 * @throws {FileError} If a file cannot be read or contradicts itself, an image
 * has another size than its annotations say, all its objects lie outside of it,
 * or no image is found.
 *
 * @example
 * ```ts
 * import { importAnnotations } from "@unet/app";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const image = { width: 8, height: 8, channels: 1, depth: 8 } as const;
 * const png = await encodePng({ ...image, data: new Uint8Array(64) });
 * await Deno.writeFile(`${folder}/a.png`, png);
 * const geometry = { type: "Polygon", coordinates: [[[1, 1], [4, 1], [1, 4]]] };
 * await Deno.writeTextFile(
 *   `${folder}/a.geojson`,
 *   JSON.stringify([{ type: "Feature", geometry, properties: {} }]),
 * );
 * const { images, objects } = await importAnnotations({
 *   annotations: [`${folder}/a.geojson`],
 *   out: `${folder}/pairs`,
 * });
 * assertEquals([images, objects], [1, 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function importAnnotations(
  { annotations, images, out }: ImportChoices,
  { onProgress, onNote = () => {}, signal }: ImportEvents = {},
): Promise<ImportReport> {
  await requireNew(out);
  const files = await annotationFiles(annotations);
  const formats: Partial<Record<AnnotationFormat, number>> = {};
  const pairs = new Map<string, Pair>();
  const missing: string[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const read = await readAnnotations(file);
    formats[read.format] = (formats[read.format] ?? 0) + 1;
    const folder = images ?? dirname(file);
    for (const one of read.images) {
      const path = await findImage(folder, one);
      if (path === undefined) missing.push(one.image);
      else addTo(pairs, { path, file }, one);
      for (const kind of one.leftOut) {
        onNote(`${file}: ${kind} of ${one.image} left out`);
      }
    }
  }
  if (missing.length > 0) {
    onNote(`${count(missing.length, "image")} not found: ${listed(missing)}`);
  }
  if (pairs.size === 0) {
    throw new FileError(cannot("import", "annotations", annotations[0] ?? "", {
      found: `none of ${count(missing.length, "image")} (${listed(missing)})`,
      expected: "images beside the annotations",
      remedy: "name their folder as `images`",
    }));
  }
  requireNamesApart([...pairs.values()]);
  const classes: Record<string, number> = Object.create(null);
  const table: string[] = [];
  let done = 0, objects = 0;
  for (const pair of pairs.values()) {
    signal?.throwIfAborted();
    const painted = await writePair(pair, out);
    describePainted(pair, painted, onNote);
    objects += painted.places.length;
    for (const [at, place] of painted.places.entries()) {
      const { className } = pair.annotations[place]!;
      if (className !== undefined) {
        classes[className] = (classes[className] ?? 0) + 1;
      }
      table.push(
        [pair.stem, String(at + 1), className ?? ""].map(quoted).join(","),
      );
    }
    onProgress?.(++done, pairs.size);
  }
  if (Object.keys(classes).length > 0) {
    await writeFile(
      join(out, "classes.csv"),
      `image,id,class\n${table.join("\n")}\n`,
    );
  }
  return { images: pairs.size, objects, classes, formats };
}

/** Refuses a folder that holds images and masks already. */
async function requireNew(out: string): Promise<void> {
  for (const name of ["images", "masks", "classes.csv"]) {
    if (await infoOf(join(out, name)) === null) continue;
    throw new FileError(cannot("write into", "folder", out, {
      found: `"${name}" in it`,
      expected: "a folder without images and masks",
      remedy: "choose another folder",
    }));
  }
}

function addTo(
  pairs: Map<string, Pair>,
  { path, file }: { readonly path: string; readonly file: string },
  { annotations, image, isWholeName, size }: AnnotatedImage,
): void {
  const pair = pairs.get(path) ??
    { path, stem: stemOf(path), sources: [], sizes: [], annotations: [] };
  pairs.set(path, pair);
  const other = pair.sources.find((one) =>
    one.file === file || isWholeName && isElsewhere(one.image, image)
  );
  if (other) {
    throw new FileError(cannot("import", "image", path, {
      found: `"${other.image}" of ${other.file} and "${image}" of ${file}, ` +
        "which both lead to it",
      expected: "a file per image",
      remedy: "keep the images in the folders that the annotations name",
    }));
  }
  pair.sources.push({ file, ...(isWholeName && { image }) });
  // A call with all of them at once would overflow the stack.
  for (const annotation of annotations) pair.annotations.push(annotation);
  if (size) pair.sizes.push(size);
}

/** Whether two names of images both name a folder, and different ones. */
function isElsewhere(one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  const [first, second] = [one, other].map((name) =>
    name.split(/[/\\]/).filter((part) => part !== "" && part !== ".")
      .slice(0, -1).join("/")
  );
  return first !== "" && second !== "" && first !== second;
}

function requireNamesApart(pairs: readonly Pair[]): void {
  const byStem = new Map<string, string>();
  for (const { stem, path } of pairs) {
    const key = stem.normalize("NFC").toLowerCase(), other = byStem.get(key);
    byStem.set(key, path);
    if (other === undefined) continue;
    throw new FileError(cannot("import", "image", path, {
      found: `another image of that name, ${other}`,
      expected: "names of their own",
      remedy: "import them into separate folders",
    }));
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown}, …` : shown;
}

/** A field of a table as RFC 4180 has it. */
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
