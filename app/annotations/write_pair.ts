import { basename, join } from "@std/path";
import { type ImageSize, openImage } from "@unet/data";
import {
  type Annotation,
  paintAnnotations,
  type PaintedAnnotations,
} from "@unet/data/annotations";
import { cannot, count, FileError } from "@unet/errors";
import { describeSystemFault, makeFolder } from "@unet/files";
import { LabelTiff } from "@unet/infer/outputs";

/** An image with all annotations of it. */
export interface Pair {
  /** The image's file. */
  readonly path: string;
  /** Its name without ending. */
  readonly stem: string;
  /** The files that annotate it, and how they name it where they do. */
  readonly sources: { readonly file: string; readonly image?: string }[];
  readonly sizes: ImageSize[];
  readonly annotations: Annotation[];
}

/** The most pixels of a mask. */
const mostPixels = 2 ** 28;

/** Writes an image and its mask. */
export async function writePair(
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
      expected: `${other.width}×${other.height}, as in its annotations`,
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
      remedy: "save each plane's objects in a separate file",
    }));
  }
  const painted = paintAnnotations(annotations, {
    ...{ width, height, name: path },
  });
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

/** Says what became of annotations that have no pixels of their own. */
export function describePainted(
  { path }: Pair,
  { overlapping, hidden, outside, tiny, cut }: PaintedAnnotations,
  onNote: (line: string) => void,
): void {
  const lines: [number, one: string, several: string, string][] = [
    [
      overlapping,
      "overlaps others",
      "overlap others",
      "the first keeps pixels",
    ],
    [hidden, "lies under others", "lie under others", "left out"],
    [outside, "lies outside the image", "lie outside the image", "left out"],
    [tiny, "covers no pixel's center", "cover no pixel's center", "left out"],
    [cut, "crosses the image's edge", "cross the image's edge", "cut off"],
  ];
  for (const [number, one, several, outcome] of lines) {
    if (number === 0) continue;
    const what = count(number, `object ${one}`, `objects ${several}`);
    onNote(`${path}: ${what}: ${outcome}`);
  }
}
