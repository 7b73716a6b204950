import { brief, count } from "@unet/errors";
import { isObject } from "../json_object.ts";
import type { AnnotatedImage, Annotation, Ring } from "./annotation.ts";
import { annotationFault } from "./annotation_fault.ts";

/**
 * Reads GeoJSON as QuPath writes it: a collection, a list of features, or one.
 * In QuPath, 0, 0 is the top left corner of the top left pixel, as here; pixels
 * are those of the image in full size. Points and lines are no objects of
 * pixels, and are left out; of a cell with its nucleus, the cell is the object.
 *
 * @param stem The name that the image shares with the file.
 * @throws {FileError} If it contradicts itself.
 */
export function readGeoJson(
  content: unknown,
  path: string,
  stem: string,
): AnnotatedImage {
  const features = isObject(content) && content.type === "FeatureCollection"
    ? content.features
    : Array.isArray(content)
    ? content
    : [content];
  if (!Array.isArray(features)) {
    throw annotationFault(path, `features ${brief(features)}`, "a list");
  }
  const annotations: Annotation[] = [];
  let others = 0, nuclei = 0;
  for (const feature of features) {
    const geometry = isObject(feature) ? feature.geometry : undefined;
    if (!isObject(feature) || !isObject(geometry)) {
      throw annotationFault(
        path,
        `feature ${brief(feature)}`,
        "one with a geometry",
      );
    }
    const polygons = polygonsOf(geometry, path);
    if (!polygons) {
      others++;
      continue;
    }
    // QuPath's cells have a second geometry.
    if (isObject(feature.nucleusGeometry)) nuclei++;
    const properties = isObject(feature.properties) ? feature.properties : {};
    const className = classOf(properties.classification);
    const plane = planeOf(geometry.plane ?? properties.plane);
    annotations.push({
      polygons,
      ...(className !== undefined && { className }),
      ...(plane !== undefined && { plane }),
    });
  }
  const leftOut = [
    ...others > 0 ? [count(others, "point or line", "points and lines")] : [],
    ...nuclei > 0
      ? [
        `${count(nuclei, "nucleus", "nuclei")} (nucleusGeometry) within the ` +
        "cells, which are the objects,",
      ]
      : [],
  ];
  return { image: stem, isWholeName: false, annotations, leftOut };
}

/** The polygons of a geometry; undefined where it has no area. */
function polygonsOf(
  { type, coordinates }: Readonly<Record<string, unknown>>,
  path: string,
): (readonly Ring[])[] | undefined {
  switch (type) {
    case "Polygon":
      return [ringsOf(coordinates, path)];
    case "MultiPolygon":
      if (!Array.isArray(coordinates)) break;
      return coordinates.map((rings) => ringsOf(rings, path));
    case "Point":
    case "MultiPoint":
    case "LineString":
    case "MultiLineString":
      return undefined;
  }
  throw annotationFault(
    path,
    `a geometry of type ${brief(type)}`,
    "Polygon or MultiPolygon",
  );
}

function ringsOf(value: unknown, path: string): Ring[] {
  if (Array.isArray(value)) return value.map((ring) => ringOf(ring, path));
  throw annotationFault(path, `polygon ${brief(value)}`, "a list of rings");
}

function ringOf(value: unknown, path: string): Ring {
  const isRing = Array.isArray(value) && value.length >= 3 &&
    value.every((one) =>
      Array.isArray(one) && Number.isFinite(one[0]) && Number.isFinite(one[1])
    );
  if (isRing) return value.map(([x, y]) => [x, y] as const);
  throw annotationFault(
    path,
    `ring ${brief(value)}`,
    "three corners or more, all finite",
  );
}

/** QuPath's class: of a name, or since 0.5 of several. */
function classOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { name, names } = value;
  if (typeof name === "string" && name !== "") return name;
  return Array.isArray(names) && names.length > 0
    ? names.map(String).join(": ")
    : undefined;
}

function planeOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { z = 0, t = 0 } = value;
  return `z ${brief(z)}, t ${brief(t)}`;
}
