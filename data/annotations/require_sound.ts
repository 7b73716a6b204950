import { brief } from "@unet/errors";
import type { AnnotatedImage, Annotation, Corner } from "./annotation.ts";
import { annotationFault } from "./annotation_fault.ts";

/** No drawing reaches farther from its image, in pixels. */
export const farthest = 1e9;

/** Signs that break a line of a table, or command a terminal. */
const control = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

/** What a spreadsheet may run where it opens a table of classes. */
const formula = /^\s*(?:[=@]|[+-].*[(|!])/;

/** Whether a corner lies where it can be painted. */
export function isNear([x, y]: Corner): boolean {
  return Math.abs(x) <= farthest && Math.abs(y) <= farthest;
}

/**
 * Refuses what no reader may let through: names and classes that are no names,
 * and coordinates that lie nowhere.
 *
 * @throws {FileError} With the file and the annotation.
 */
export function requireSound(
  images: readonly AnnotatedImage[],
  path: string,
): void {
  for (const { image, isWholeName, annotations } of images) {
    if (isWholeName && (control.test(image) || image === "")) {
      throw annotationFault(
        path,
        `image ${brief(image)}`,
        "a file's name without control characters",
      );
    }
    for (const [at, annotation] of annotations.entries()) {
      const { name = `annotation ${at + 1}` } = annotation;
      requireSoundAnnotation(annotation, name, path);
    }
  }
}

function requireSoundAnnotation(
  { className = "", polygons }: Annotation,
  which: string,
  path: string,
): void {
  if (control.test(className) || formula.test(className)) {
    throw annotationFault(
      path,
      `class ${brief(className)} of ${which}`,
      "a name without control characters that is no formula of a spreadsheet",
    );
  }
  for (const ring of polygons.flat()) {
    const far = ring.find((corner) => !isNear(corner));
    if (!far) continue;
    throw annotationFault(
      path,
      `corner ${far.join(", ")} of ${which}`,
      `coordinates in pixels, at most ${farthest} from 0`,
    );
  }
}
