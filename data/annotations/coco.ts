import { brief, count } from "@unet/errors";
import { isObject } from "../json_object.ts";
import type {
  AnnotatedImage,
  Annotation,
  PixelRuns,
  Ring,
} from "./annotation.ts";
import { annotationFault } from "./annotation_fault.ts";

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
    if (classes.has(category.id)) {
      throw annotationFault(
        path,
        `category_id ${brief(category.id)} twice, as ` +
          `${brief(classes.get(category.id))} and ${brief(category.name)}`,
        "an id per category",
      );
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
  const all = listOf(content.annotations, "annotations", path);
  for (const [at, one] of all.entries()) {
    const own = isObject(one) ? images.get(one.image_id) : undefined;
    if (!isObject(one) || !own) {
      throw annotationFault(
        path,
        `annotation ${brief(one)}`,
        "image_id of an image",
      );
    }
    const name = nameOf(one.id, at);
    const fault: FaultOf = (found, expected) =>
      annotationFault(path, `${found} of ${name}`, expected);
    if (isCrowd(one.iscrowd, fault)) {
      own.crowds++;
      continue;
    }
    const className = classes.get(one.category_id);
    if (className === undefined && classes.size > 0) {
      throw fault(
        `category_id ${brief(one.category_id)}`,
        "that of a category",
      );
    }
    own.annotations.push({
      ...{ name, ...shapeOf(one.segmentation, own.size, fault) },
      ...(className !== undefined && { className }),
    });
  }
  return [...images.values()].map(({ crowds, ...own }) => ({
    ...own,
    isWholeName: true,
    leftOut: crowds > 0 ? [`${count(crowds, "region")} of a crowd`] : [],
  }));
}

/** An error about an annotation. */
type FaultOf = (found: string, expected: string) => Error;

/** An annotation by its id, or by its place where it has none. */
function nameOf(id: unknown, at: number): string {
  return id === undefined
    ? `annotation ${at + 1} of the list`
    : `annotation ${brief(id)}`;
}

/** Whether an annotation is a crowd's; some programs write true. */
function isCrowd(value: unknown, fault: FaultOf): boolean {
  if (value === 1 || value === true) return true;
  if ([0, false, null, undefined].some((one) => one === value)) return false;
  throw fault(`iscrowd ${brief(value)}`, "0 or 1");
}

function shapeOf(
  segmentation: unknown,
  size: { readonly width: number; readonly height: number },
  fault: FaultOf,
): Pick<Annotation, "polygons" | "mask"> {
  if (isObject(segmentation)) {
    return { polygons: [], mask: maskOf(segmentation, size, fault) };
  }
  if (!Array.isArray(segmentation)) {
    throw fault(`${brief(segmentation)} as segmentation`, "a list");
  }
  const polygons = segmentation.map((ring) => [ringOf(ring, fault)]);
  if (polygons.length === 0) {
    throw fault("an empty segmentation", "polygons or run lengths");
  }
  return { polygons };
}

/** A ring of COCO: x and y in turn. */
function ringOf(value: unknown, fault: FaultOf): Ring {
  const isRing = Array.isArray(value) && value.length >= 6 &&
    value.length % 2 === 0 && value.every(Number.isFinite);
  if (!isRing) {
    throw fault(
      `polygon ${brief(value)}`,
      "x and y of at least three corners, all finite",
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
  fault: FaultOf,
): PixelRuns {
  const { width, height } = image;
  const isFitting = Array.isArray(size) && size[0] === height &&
    size[1] === width;
  if (!isFitting) {
    throw fault(
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
    throw fault(
      `run lengths ${brief(counts)}`,
      `lengths that sum up to ${width * height} pixels`,
    );
  }
  return { height, lengths: runs };
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
