/**
 * Annotations of other programs.
 *
 * @module
 */
import { basename } from "@std/path";
import { briefText, count } from "@unet/errors";
import { parseJson, readFile } from "@unet/files";
import { isNumpy } from "../masks/seg_npy.ts";
import { listZip } from "../dataset/zip_files.ts";
import { describeBytes } from "../images/image_format.ts";
import { isObject } from "../json_object.ts";
import type { AnnotatedImage, Annotation } from "./annotation.ts";
import { annotationFault } from "./annotation_fault.ts";
import { readCellpose } from "./cellpose.ts";
import { readCoco } from "./coco.ts";
import { readGeoJson } from "./geojson.ts";
import { readRoi } from "./imagej_roi.ts";
import { readLabelMe } from "./labelme.ts";
import { requireSound } from "./require_sound.ts";

export * from "./annotation.ts";
export * from "./paint_annotations.ts";

/** A format of annotations. */
export type AnnotationFormat =
  | "COCO"
  | "GeoJSON"
  | "ImageJ"
  | "LabelMe"
  | "Cellpose";

/** The content of an annotation file. */
export interface ReadAnnotations {
  readonly format: AnnotationFormat;
  readonly images: readonly AnnotatedImage[];
}

/** Slides have millions of corners. */
const jsonBounds = { deepest: 16, most: 2 ** 27 } as const;

/** No file of annotations is larger. */
const mostBytes = 2 ** 30;

/** What programs add to an image's name. */
const suffix = /[-_. ]?(rois?|roiset|annotations?|objects|detections)$/i;

/**
 * Reads a file of annotations: COCO's JSON, QuPath's GeoJSON, LabelMe's JSON, a
 * ROI of ImageJ or a zip of them, Cellpose's `_seg.npy`. What it is follows from
 * its content.
 *
 * @param path The file.
 * @returns Its format, and the images that it annotates.
 * @throws {FileError} If it is none of these, or contradicts itself.
 *
 * @example
 * ```ts
 * import { readAnnotations } from "@unet/data/annotations";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/slide.geojson`;
 * await Deno.writeTextFile(path, JSON.stringify({
 *   type: "FeatureCollection",
 *   features: [{
 *     type: "Feature",
 *     geometry: { type: "Polygon", coordinates: [[[0, 0], [4, 0], [0, 4]]] },
 *     properties: { classification: { name: "Tumor" } },
 *   }],
 * }));
 * const { format, images } = await readAnnotations(path);
 * assertEquals([format, images[0]?.image], ["GeoJSON", "slide"]);
 * assertEquals(images[0]?.annotations[0]?.className, "Tumor");
 * ```
 */
export async function readAnnotations(path: string): Promise<ReadAnnotations> {
  const read = await readAny(path);
  requireSound(read.images, path);
  return read;
}

async function readAny(path: string): Promise<ReadAnnotations> {
  const stem = stemOf(path);
  const { size } = await Deno.stat(path).catch(() => ({ size: 0 }));
  if (size > mostBytes) {
    throw annotationFault(path, `${size} bytes`, `at most ${mostBytes}`);
  }
  const bytes = await readFile(path, "annotations");
  const what = describeBytes(bytes);
  if (what === "a zip archive") {
    return { format: "ImageJ", images: [await readRoiZip(path, stem)] };
  }
  if (
    bytes.length >= 4 && String.fromCharCode(...bytes.subarray(0, 4)) === "Iout"
  ) {
    return {
      format: "ImageJ",
      images: [imageOf(stem, [readRoi(bytes, path)])],
    };
  }
  if (isNumpy(bytes)) {
    return { format: "Cellpose", images: [readCellpose(bytes, path, stem)] };
  }
  const content = jsonOf(bytes, path, what);
  if (isObject(content) && Array.isArray(content.images)) {
    return { format: "COCO", images: readCoco(content, path) };
  }
  if (isObject(content) && "shapes" in content) {
    return { format: "LabelMe", images: [readLabelMe(content, path)] };
  }
  const isGeoJson = Array.isArray(content) ||
    isObject(content) && /^Feature(Collection)?$/.test(String(content.type));
  if (isGeoJson) {
    return { format: "GeoJSON", images: [readGeoJson(content, path, stem)] };
  }
  throw annotationFault(
    path,
    "JSON of another kind",
    "COCO's, QuPath's GeoJSON or LabelMe's",
  );
}

function jsonOf(bytes: Uint8Array, path: string, what: string): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return parseJson(text, jsonBounds);
  } catch (cause) {
    throw annotationFault(
      path,
      cause instanceof SyntaxError ? cause.message : what,
      "JSON of COCO, QuPath or LabelMe, a ROI of ImageJ or a zip of them, " +
        "or Cellpose's _seg.npy",
    );
  }
}

async function readRoiZip(path: string, stem: string): Promise<AnnotatedImage> {
  const listing = await listZip(path, { holdsImages: false });
  try {
    const [fault] = listing.faults;
    if (fault) throw annotationFault(path, briefText(fault.message), "ROIs");
    const files = listing.files.filter(({ name }) =>
      !name.startsWith("__MACOSX/")
    );
    const other = files.find(({ name }) => !/\.roi$/i.test(name));
    if (other) {
      throw annotationFault(
        path,
        `"${briefText(other.name)}" in it`,
        "ROIs of ImageJ alone",
      );
    }
    const found = [];
    for (const file of files) found.push(readRoi(await file.read(), file.path));
    return imageOf(stem, found);
  } finally {
    listing.close();
  }
}

function imageOf(
  stem: string,
  found: readonly ReturnType<typeof readRoi>[],
): AnnotatedImage {
  const annotations: Annotation[] = [];
  const left = new Map<string, number>();
  for (const one of found) {
    if ("leftOut" in one) {
      left.set(one.leftOut, (left.get(one.leftOut) ?? 0) + 1);
    } else annotations.push(one);
  }
  const leftOut = [...left].map(([kind, number]) => count(number, kind));
  return { image: stem, isWholeName: false, annotations, leftOut };
}

/** The name that annotations share with their image. */
function stemOf(path: string): string {
  const name = basename(path).replace(
    /(_seg\.npy|\.(geojson|json|roi|zip|npy))$/i,
    "",
  );
  return name.replace(suffix, "") || name;
}
