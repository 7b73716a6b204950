import { brief, count } from "@unet/errors";
import { isObject } from "../json_object.ts";
import type { AnnotatedImage, Annotation, Corner } from "./annotation.ts";
import { annotationFault } from "./annotation_fault.ts";
import { circleOf } from "./ellipse.ts";

interface LabelMeObject {
  readonly polygons: (readonly Corner[])[][];
  readonly className?: string;
}

/**
 * Reads LabelMe's JSON: polygons, rectangles and circles; those of one label
 * and `group_id` are one object. In LabelMe, 0, 0 is
 * the top left corner of the top left pixel, as here. Points and lines are left
 * out, and masks within the file.
 *
 * @throws {FileError} If it contradicts itself.
 */
export function readLabelMe(
  content: Readonly<Record<string, unknown>>,
  path: string,
): AnnotatedImage {
  const { shapes, imagePath, imageWidth: width, imageHeight: height } = content;
  if (!Array.isArray(shapes) || typeof imagePath !== "string") {
    throw annotationFault(
      path,
      `shapes ${brief(shapes)} of ${brief(imagePath)}`,
      "a list and a name",
    );
  }
  const left = new Map<string, number>();
  const objects = new Map<string, LabelMeObject>();
  for (const [at, shape] of shapes.entries()) {
    if (!isObject(shape)) {
      throw annotationFault(path, `shape ${brief(shape)}`, "an object");
    }
    const type = shape.shape_type ?? "polygon";
    const ring = ringOf(type, pointsOf(shape.points, path));
    if (!ring) {
      const name = brief(type).replaceAll('"', "");
      left.set(name, (left.get(name) ?? 0) + 1);
      continue;
    }
    const { label, group_id: group } = shape;
    const isNamed = typeof label === "string" && label !== "";
    // As LabelMe's own converters: parts of a label and group are one object.
    const key = group === null || group === undefined
      ? `shape ${at}`
      : JSON.stringify([label, group]);
    const object = objects.get(key);
    if (object) object.polygons.push([ring]);
    else {
      objects.set(key, {
        polygons: [[ring]],
        ...(isNamed && { className: label }),
      });
    }
  }
  const annotations: Annotation[] = [...objects.values()];
  const hasSize = Number.isSafeInteger(width) && Number.isSafeInteger(height);
  return {
    image: imagePath.split(/[/\\]/).at(-1)!,
    isWholeName: true,
    ...(hasSize && {
      size: { width: Number(width), height: Number(height) },
    }),
    annotations,
    leftOut: [...left].map(([type, number]) => count(number, type)),
  };
}

function pointsOf(value: unknown, path: string): Corner[] {
  const isRight = Array.isArray(value) &&
    value.every((one) =>
      Array.isArray(one) && one.length === 2 && one.every(Number.isFinite)
    );
  if (isRight) return value.map(([x, y]) => [x, y] as const);
  throw annotationFault(
    path,
    `points ${brief(value)}`,
    "pairs of numbers, all finite",
  );
}

/** The outline of a shape; undefined where it has no area that is known. */
function ringOf(
  type: unknown,
  points: readonly Corner[],
): readonly Corner[] | undefined {
  const [first, second] = points;
  if (type === "polygon" && points.length >= 3) return points;
  if (!first || !second || points.length !== 2) return undefined;
  if (type === "rectangle") {
    return [first, [second[0], first[1]], second, [first[0], second[1]]];
  }
  if (type !== "circle") return undefined;
  const radius = Math.hypot(second[0] - first[0], second[1] - first[1]);
  return circleOf({ x: first[0], y: first[1], across: radius, down: radius });
}
