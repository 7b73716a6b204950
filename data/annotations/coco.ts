import { brief, count } from "@unet/errors";
import type {
  AnnotatedImage,
  Annotation,
  PixelMask,
  Ring,
} from "./annotation.ts";
import { annotationFault, isObject } from "./annotation_fault.ts";

/** The most pixels of a mask. */
const mostPixels = 2 ** 28;

/**
 * Reads COCO's JSON: polygons, and masks as run lengths, plain or compressed.
 * In COCO, 0, 0 is the top left corner of the top left pixel, as here. Regions
 * of a crowd are no single object, and are left out.
 *
 * @throws {FileError} If it contradicts itself.
 */
export function readCoco(
  content: Readonly<Record<string, unknown>>,
  path: string,
): AnnotatedImage[] {
  const classes = new Map<unknown, string>();
  for (const category of listOf(content.categories ?? [], "categories", path)) {
    if (!isObject(category) || typeof category.name !== "string") {
      throw annotationFault(path, `category ${brief(category)}`, "id and name");
    }
    classes.set(category.id, category.name);
  }
  const images = new Map<unknown, {
    image: string;
    size: { width: number; height: number };
    annotations: Annotation[];
    crowds: number;
  }>();
  for (const one of listOf(content.images, "images", path)) {
    const { id, file_name: image, width, height } = isObject(one) ? one : {};
    const isRight = typeof image === "string" && isSize(width) &&
      isSize(height) && width * height <= mostPixels && !images.has(id);
    if (!isRight) {
      throw annotationFault(
        path,
        `image ${brief(one)}`,
        "an id of its own, file_name, width and height",
      );
    }
    images.set(id, {
      ...{ image, size: { width, height }, annotations: [], crowds: 0 },
    });
  }
  for (const one of listOf(content.annotations, "annotations", path)) {
    const own = isObject(one) ? images.get(one.image_id) : undefined;
    if (!isObject(one) || !own) {
      throw annotationFault(
        path,
        `annotation ${brief(one)}`,
        "image_id of an image",
      );
    }
    if (one.iscrowd === 1) {
      own.crowds++;
      continue;
    }
    const className = classes.get(one.category_id);
    if (className === undefined && classes.size > 0) {
      throw annotationFault(
        path,
        `category_id ${brief(one.category_id)}`,
        "that of a category",
      );
    }
    own.annotations.push({
      ...shapeOf(one.segmentation, own.size, path),
      ...(className !== undefined && { className }),
    });
  }
  return [...images.values()].map(({ crowds, ...own }) => ({
    ...own,
    isWholeName: true,
    leftOut: crowds > 0 ? [`${count(crowds, "region")} of a crowd`] : [],
  }));
}

function shapeOf(
  segmentation: unknown,
  size: { readonly width: number; readonly height: number },
  path: string,
): Pick<Annotation, "polygons" | "mask"> {
  if (isObject(segmentation)) {
    return { polygons: [], mask: maskOf(segmentation, size, path) };
  }
  const polygons = listOf(segmentation, "a segmentation", path).map((
    ring,
  ) => [ringOf(ring, path)]);
  if (polygons.length === 0) {
    throw annotationFault(
      path,
      "an annotation without a segmentation",
      "polygons or run lengths",
    );
  }
  return { polygons };
}

/** A ring of COCO: x and y in turn. */
function ringOf(value: unknown, path: string): Ring {
  const isRing = Array.isArray(value) && value.length >= 6 &&
    value.length % 2 === 0 && value.every(Number.isFinite);
  if (!isRing) {
    throw annotationFault(
      path,
      `polygon ${brief(value)}`,
      "x and y of at least three corners",
    );
  }
  return Array.from(
    { length: value.length / 2 },
    (_, at) => [value[2 * at], value[2 * at + 1]] as const,
  );
}

/** A mask of run lengths, column by column from the top left. */
function maskOf(
  { size, counts }: Readonly<Record<string, unknown>>,
  image: { readonly width: number; readonly height: number },
  path: string,
): PixelMask {
  const { width, height } = image;
  const isFitting = Array.isArray(size) && size[0] === height &&
    size[1] === width;
  if (!isFitting) {
    throw annotationFault(
      path,
      `a mask of size ${brief(size)}`,
      `height and width of its image, ${height} and ${width}`,
    );
  }
  const runs = typeof counts === "string"
    ? unpackRuns(counts)
    : Array.isArray(counts)
    ? counts
    : [];
  const isRight = runs.every((run) => Number.isSafeInteger(run) && run >= 0) &&
    runs.reduce((sum, run) => sum + run, 0) === width * height;
  if (!isRight) {
    throw annotationFault(
      path,
      `run lengths ${brief(counts)}`,
      `lengths that sum up to ${width * height} pixels`,
    );
  }
  const box = boxOf(runs, height);
  const data = new Uint8Array(box.width * box.height);
  forEachRun(runs, (from, to) => {
    for (let at = from; at < to; at++) {
      const x = Math.floor(at / height) - box.x, y = at % height - box.y;
      data[y * box.width + x] = 1;
    }
  });
  return { ...box, data };
}

/** Calls with each run of pixels of the object. */
function forEachRun(
  runs: readonly number[],
  call: (from: number, to: number) => void,
): void {
  let at = 0;
  for (const [index, run] of runs.entries()) {
    if (index % 2 === 1 && run > 0) call(at, at + run);
    at += run;
  }
}

function boxOf(runs: readonly number[], height: number) {
  let left = Infinity, right = 0, top = Infinity, bottom = 0;
  forEachRun(runs, (from, to) => {
    const first = Math.floor(from / height);
    const last = Math.floor((to - 1) / height);
    left = Math.min(left, first);
    right = Math.max(right, last + 1);
    top = Math.min(top, first === last ? from % height : 0);
    bottom = Math.max(bottom, first === last ? (to - 1) % height + 1 : height);
  });
  if (right === 0) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Unpacks the run lengths of a text: five bits in each character, from the
 * lowest, with one that says whether more follow; from the third on, each is the
 * difference from the one before the last.
 */
function unpackRuns(text: string): number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length;) {
    let run = 0, shift = 0, code: number;
    do {
      code = text.charCodeAt(at++) - 48;
      // Also where the text ends.
      if (!(code >= 0 && code < 64) || shift > 45) return [NaN];
      run += (code & 31) * 2 ** shift;
      shift += 5;
    } while (code & 32);
    if (code & 16) run -= 2 ** shift;
    if (runs.length > 2) run += runs.at(-2)!;
    runs.push(run);
  }
  return runs;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function listOf(
  value: unknown,
  what: string,
  path: string,
): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw annotationFault(path, `${brief(value)} as ${what}`, "a list");
}
