/**
 * Turns annotations of other programs into images and masks.
 *
 * @module
 */
import { basename, dirname, extname, join } from "@std/path";
import { type ImageSize, openImage } from "@unet/data";
import {
  type AnnotatedImage,
  type Annotation,
  type AnnotationFormat,
  paintAnnotations,
  type PaintedAnnotations,
  readAnnotations,
} from "@unet/data/annotations";
import { cannot, count, FileError } from "@unet/errors";
import {
  describeSystemFault,
  infoOf,
  makeFolder,
  writeFile,
} from "@unet/files";
import { LabelTiff } from "@unet/infer/outputs";

/** What a person decides of an import. */
export interface ImportChoices {
  /** Files of annotations, or folders of them. */
  readonly annotations: readonly string[];
  /** The folder of the images; that of each file of annotations if not given. */
  readonly images?: string;
  /** The folder of the pairs, which may not hold any yet. */
  readonly out: string;
}

/** What an import reports, and what ends it. */
export interface ImportEvents {
  /** Images that were written. */
  onProgress?(done: number, all: number): void;
  /** Given a line about something that was left out or decided. */
  onNote?(line: string): void;
  /** When aborted, the import ends between two images. */
  readonly signal?: AbortSignal;
}

/** What was imported. */
export interface ImportReport {
  readonly images: number;
  readonly objects: number;
  /** Objects by class, where annotations have classes. */
  readonly classes: Readonly<Record<string, number>>;
  /** Files of annotations by format. */
  readonly formats: Readonly<Partial<Record<AnnotationFormat, number>>>;
}

/** An image with all annotations of it. */
interface Pair {
  /** The image's file. */
  readonly path: string;
  /** Its name without ending. */
  readonly stem: string;
  readonly sizes: ImageSize[];
  readonly annotations: Annotation[];
}

/** The most pixels of a mask. */
const mostPixels = 2 ** 28;

/**
 * Reads annotations of COCO, QuPath, ImageJ and LabelMe, and writes images and
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
  const files = await filesOf(annotations);
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
      else addTo(pairs, path, one);
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
      remedy: "choose another one",
    }));
  }
}

/** The files of annotations, those of folders in the order of their names. */
async function filesOf(given: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of given) {
    try {
      if (!(await Deno.stat(path)).isDirectory) {
        files.push(path);
        continue;
      }
      const names = [...Deno.readDirSync(path)].map(({ name }) => name)
        .filter((name) =>
          /\.(json|geojson|roi|zip)$/i.test(name) && !name.startsWith(".")
        ).sort();
      if (names.length === 0) {
        throw new FileError(cannot("import", "folder", path, {
          found: "no annotations in it",
          expected: "files ending in .json, .geojson, .roi or .zip",
        }));
      }
      files.push(...names.map((name) => join(path, name)));
    } catch (cause) {
      if (cause instanceof FileError) throw cause;
      throw new FileError(
        cannot("read", "annotations", path, {
          found: describeSystemFault(cause),
        }),
        { cause },
      );
    }
  }
  return files;
}

const imageEnding =
  /\.(png|jpe?g|tiff?|webp|gif|svs|ndpi|scn|bif|svslide|czi|btf|qptiff)$/i;

/** The image in a folder that annotations mean; undefined where there is none. */
async function findImage(
  folder: string,
  { image, isWholeName }: AnnotatedImage,
): Promise<string | undefined> {
  // COCO may name sub-folders; other paths lead nowhere.
  const parts = image.split(/[/\\]/);
  if (parts.includes("..") || parts[0] === "") return undefined;
  if (isWholeName) {
    const named = [join(folder, ...parts), join(folder, parts.at(-1)!)];
    for (const path of named) {
      if ((await infoOf(path))?.isFile) return path;
    }
    return undefined;
  }
  const found = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) =>
      imageEnding.test(name) &&
      (name.startsWith(`${image}.`) &&
          stemOf(name) === image || name === image)
    ).sort();
  if (found.length <= 1) return found[0] && join(folder, found[0]);
  throw new FileError(cannot("import", "annotations of", image, {
    found: `${found.join(" and ")} in ${folder}`,
    expected: "one image of that name",
  }));
}

function stemOf(name: string): string {
  return basename(name, extname(name)).replace(/\.ome$/i, "");
}

function addTo(
  pairs: Map<string, Pair>,
  path: string,
  { annotations, size }: AnnotatedImage,
): void {
  const pair = pairs.get(path) ??
    { path, stem: stemOf(path), sizes: [], annotations: [] };
  pairs.set(path, pair);
  pair.annotations.push(...annotations);
  if (size) pair.sizes.push(size);
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
      remedy: "import them into folders of their own",
    }));
  }
}

/** Writes an image and its mask. */
async function writePair(
  { path, stem, sizes, annotations }: Pair,
  out: string,
): Promise<PaintedAnnotations> {
  await using image = await openImage(path, { channels: [0] });
  const { width, height } = image;
  const other = sizes.find((one) =>
    one.width !== width || one.height !== height
  );
  if (other) {
    throw new FileError(cannot("import", "image", path, {
      found: `${width}×${height} pixels`,
      expected: `${other.width}×${other.height}, as its annotations say`,
    }));
  }
  if (width * height > mostPixels) {
    throw new FileError(cannot("import", "image", path, {
      found: `${width}×${height} pixels`,
      expected: `at most ${mostPixels} in all`,
      remedy: "cut out the part that is annotated",
    }));
  }
  const planes = new Set(annotations.map(({ plane }) => plane ?? ""));
  if (planes.size > 1) {
    throw new FileError(cannot("import", "annotations of", path, {
      found: `objects on ${count(planes.size, "plane")}`,
      expected: "those of one plane",
      remedy: "save each plane's in a file of its own",
    }));
  }
  const painted = paintAnnotations(annotations, image);
  if (annotations.length > 0 && painted.outside === annotations.length) {
    throw new FileError(cannot("import", "annotations of", path, {
      found: `${count(painted.outside, "object")}, all outside of ` +
        `${width}×${height} pixels`,
      expected: "coordinates in pixels of this image",
    }));
  }
  await makeFolder(join(out, "images"));
  try {
    await Deno.copyFile(path, join(out, "images", basename(path)));
  } catch (cause) {
    throw new FileError(
      cannot("copy", "image", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  await using tiff = await LabelTiff.open(join(out, "masks", `${stem}.tif`), {
    ...{ width, height },
    ...(image.pixelSize && { pixelSize: image.pixelSize }),
  });
  await tiff.writeRows(painted.labels.data);
  await tiff.finish();
  return painted;
}

function describePainted(
  { path }: Pair,
  { overlapping, hidden, outside, tiny, cut }: PaintedAnnotations,
  onNote: (line: string) => void,
): void {
  const lines: [number, string][] = [
    [overlapping, "overlap others: the first keeps the pixels"],
    [hidden, "lie under others: left out"],
    [outside, "lie outside of the image: left out"],
    [tiny, "have no center of a pixel in them: left out"],
    [cut, "reach out of the image: cut off"],
  ];
  for (const [number, words] of lines) {
    if (number > 0) onNote(`${path}: ${count(number, "object")} ${words}`);
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
