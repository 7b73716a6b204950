import type { Rectangle } from "@unet/data";
import type { Band } from "./band.ts";
import type { PredictedHead } from "./predict.ts";

/** Rows of nothing that are made at a time. */
const emptyRows = 128;

/** The image that bands are put back into, and the heads they are of. */
export interface FramedImage {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The heads of the network. */
  readonly heads: readonly Pick<
    PredictedHead,
    "name" | "channels" | "classes"
  >[];
}

/**
 * Puts the bands of a part of an image back into the whole: 0 around it, and
 * of a head of classes the background.
 *
 * @param bands The part's bands.
 * @param part Where it lies on the image.
 * @param image The image's size, and the heads.
 * @returns The image's bands.
 *
 * @example
 * ```ts
 * import { type Band, frameBands, objectHead } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const bands = async function* (): AsyncGenerator<Band> {
 *   const object = new Float32Array([0.5]);
 *   yield { y: 0, width: 1, height: 1, planes: { object } };
 * };
 * const part = { x: 1, y: 0, width: 1, height: 1 };
 * const image = { width: 2, height: 2, heads: [objectHead] };
 * const framed = frameBands(bands(), part, image);
 * const all = await Array.fromAsync(framed, ({ planes }) => [...planes.object!]);
 * assertEquals(all, [[0, 0.5], [0, 0]]);
 * ```
 */
export async function* frameBands(
  bands: AsyncIterable<Band>,
  part: Rectangle,
  { width, height, heads }: FramedImage,
): AsyncGenerator<Band, void, void> {
  if (part.width === width && part.height === height) {
    yield* bands;
    return;
  }
  const empty = function* (y: number, end: number): Generator<Band> {
    for (let first = y; first < end; first += emptyRows) {
      const rows = Math.min(emptyRows, end - first);
      const planes = heads.map((head) => [
        head.name,
        emptyOf(head, rows * width),
      ]);
      yield {
        ...{ y: first, height: rows, width },
        planes: Object.fromEntries(planes),
      };
    }
  };
  const widened = (
    values: Float32Array,
    rows: number,
    head: FramedImage["heads"][number],
  ): Float32Array => {
    const wide = emptyOf(head, rows * width), { channels } = head;
    const length = part.width * channels;
    for (let row = 0; row < rows; row++) {
      const line = values.subarray(row * length, (row + 1) * length);
      wide.set(line, (row * width + part.x) * channels);
    }
    return wide;
  };
  yield* empty(0, part.y);
  let end = part.y;
  for await (const { y, height: rows, planes } of bands) {
    const wide = heads.map((head) => [
      head.name,
      widened(planes[head.name]!, rows, head),
    ]);
    end = part.y + y + rows;
    yield {
      ...{ y: part.y + y, height: rows, width },
      planes: Object.fromEntries(wide),
    };
  }
  yield* empty(end, height);
}

/** What a head says of pixels where nothing is. */
function emptyOf(
  { channels, classes }: FramedImage["heads"][number],
  pixels: number,
): Float32Array {
  const values = new Float32Array(pixels * channels);
  if (classes === undefined) return values;
  for (let at = 0; at < values.length; at += channels) values[at] = 1;
  return values;
}
