/**
 * What a network predicts, by head. Runs in a browser.
 *
 * @module
 */
import { cannot } from "@unet/errors";

/**
 * A network's predictions for the pixels of an image, or of some of its rows.
 */
export interface Planes {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /**
   * The values of each head by its name, laid out as `[H, W, C]`: of a head
   * with a sigmoid or softmax, probabilities in 0…1.
   */
  readonly planes: Readonly<Record<string, Float32Array>>;
}

/**
 * A network's predictions for consecutive rows of an image. The bands of an
 * image come from the top, without gaps and without overlap.
 */
export interface Band extends Planes {
  /** The first row, counted on the image. */
  readonly y: number;
}

/**
 * The values of one head.
 *
 * @param planes What a network predicts.
 * @param head The head's name.
 * @returns The head's values, laid out as `[H, W, C]`.
 * @throws {RangeError} If there is no such head; the message names those that
 * there are.
 *
 * @example
 * ```ts
 * import { planeOf } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const object = new Float32Array([0.25, 0.75]);
 * const planes = { width: 2, height: 1, planes: { object } };
 * assertEquals(planeOf(planes, "object"), object);
 * ```
 */
export function planeOf({ planes }: Planes, head: string): Float32Array {
  if (Object.hasOwn(planes, head)) return planes[head]!;
  throw new RangeError(
    cannot("use", "head", head, {
      found: "no head of that name",
      expected: Object.keys(planes).join(", ") || "a network with heads",
    }),
  );
}
