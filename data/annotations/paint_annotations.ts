import { cannot, FileError } from "@unet/errors";
import type { ImageSize, Labels } from "../types.ts";
import type { Annotation, PixelRuns, Ring } from "./annotation.ts";
import { farthest, isNear } from "./require_sound.ts";

/**
 * The labels that annotations became, and the objects that were cut or left
 * out.
 */
export interface PaintedAnnotations {
  readonly labels: Labels;
  /** By label from 1: the place of its annotation in the list. */
  readonly places: readonly number[];
  /** Annotations of which another one has pixels. */
  readonly overlapping: number;
  /** Annotations without a pixel of their own, by why. */
  readonly hidden: number;
  readonly outside: number;
  readonly tiny: number;
  /** Annotations that reach out of the image. */
  readonly cut: number;
}

/** The most that is painted per pixel of the image, and in any image. */
const mostWork = { perPixel: 64, atLeast: 2 ** 24 } as const;

/**
 * Paints annotations onto the pixels of an image, numbered from 1 in their
 * order. A pixel belongs to a polygon that its center lies in; where it lies on
 * the edge, to the polygon on the right or below, so that neighbors share no
 * pixel. Where annotations overlap, the first keeps the pixel, as in masks of
 * one nucleus each.
 *
 * @param annotations Coordinates from the image's top left corner.
 * @param size The image's size, and its name for an error.
 * @throws {RangeError} If a coordinate is not finite, or above 10⁹.
 * @throws {FileError} If annotations cover the image, or their edges cross its
 * rows, more than 64 times over.
 *
 * @example
 * ```ts
 * import { paintAnnotations } from "@unet/data/annotations";
 * import { assertEquals } from "@std/assert";
 *
 * const square = [[[1, 0], [3, 0], [3, 2], [1, 2]]] as const;
 * const { labels } = paintAnnotations(
 *   [{ polygons: [square] }],
 *   { width: 4, height: 2 },
 * );
 * assertEquals([...labels.data], [0, 1, 1, 0, 0, 1, 1, 0]);
 * ```
 */
export function paintAnnotations(
  annotations: readonly Annotation[],
  { width, height, name = "" }: ImageSize & { readonly name?: string },
): PaintedAnnotations {
  const data = new Uint32Array(width * height);
  const places: number[] = [];
  const counts = { overlapping: 0, hidden: 0, outside: 0, tiny: 0, cut: 0 };
  const spend = workOf({ width, height, name });
  for (const [place, annotation] of annotations.entries()) {
    const label = places.length + 1;
    let own = 0, taken = 0, beyond = 0;
    for (const block of blocksOf(annotation, height, spend)) {
      const left = Math.max(0, block.left), top = Math.max(0, block.top);
      const right = Math.min(width, block.right);
      const bottom = Math.min(height, block.bottom);
      const inside = Math.max(0, right - left) * Math.max(0, bottom - top);
      beyond += (block.right - block.left) * (block.bottom - block.top) -
        inside;
      if (inside === 0) continue;
      spend(inside);
      for (let y = top; y < bottom; y++) {
        for (let at = y * width + left; at < y * width + right; at++) {
          if (data[at] === 0) {
            data[at] = label;
            own++;
          } else if (data[at] !== label) taken++;
        }
      }
    }
    if (own > 0) places.push(place);
    else if (taken > 0) counts.hidden++;
    else if (beyond > 0 || isFarUp(annotation, height)) counts.outside++;
    else counts.tiny++;
    if (own > 0 && taken > 0) counts.overlapping++;
    if (own > 0 && beyond > 0) counts.cut++;
  }
  return { labels: { width, height, data }, places, ...counts };
}

/** Takes pixels and crossings of edges off what may be painted in all. */
type Spend = (work: number) => void;

function workOf(
  { width, height, name }: ImageSize & { readonly name: string },
): Spend {
  const most = Math.max(mostWork.atLeast, mostWork.perPixel * width * height);
  let left = most;
  return (work) => {
    left -= work;
    if (left >= 0) return;
    throw new FileError(cannot("paint", "annotations of", name, {
      found: `more than ${most} pixels and crossings of edges in them`,
      expected: `at most ${mostWork.perPixel} per pixel of ` +
        `${width}×${height}`,
      remedy: "remove objects that lie on top of each other",
    }));
  };
}

/** Pixels of a rectangle; right and bottom are the first beyond it. */
interface Block {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Whether a polygon has a corner above or below the image. */
function isFarUp({ polygons }: Annotation, height: number): boolean {
  return polygons.some((rings) =>
    rings.some((ring) => ring.some(([, y]) => y < 0 || y > height))
  );
}

function* blocksOf(
  { polygons, mask }: Annotation,
  height: number,
  spend: Spend,
): Generator<Block> {
  for (const rings of polygons) yield* blocksOfPolygon(rings, height, spend);
  if (mask) yield* blocksOfRuns(mask);
}

/** The blocks of run lengths: parts of columns, and whole columns. */
function* blocksOfRuns({ height, lengths }: PixelRuns): Generator<Block> {
  let at = 0;
  for (const [index, length] of lengths.entries()) {
    const end = at + length;
    while (index % 2 === 1 && at < end) {
      const left = Math.floor(at / height), top = at % height;
      const columns = top === 0 ? Math.floor((end - at) / height) : 0;
      const right = left + Math.max(1, columns);
      const bottom = columns > 0 ? height : Math.min(height, top + end - at);
      yield { left, top, right, bottom };
      at += (right - left) * (bottom - top);
    }
    at = end;
  }
}

/** An edge that a row of pixel centers may cross. */
interface Edge {
  /** The first row, and the first after it, that it crosses. */
  readonly first: number;
  readonly end: number;
  /** Where it crosses a row: `x + row · slope`. */
  readonly x: number;
  readonly slope: number;
}

/** The blocks of a polygon, with one row above the image and one below. */
function* blocksOfPolygon(
  rings: readonly Ring[],
  height: number,
  spend: Spend,
): Generator<Block> {
  const edges = rings.flatMap(edgesOf)
    .map((edge) => ({
      ...edge,
      first: Math.max(-1, edge.first),
      end: Math.min(height + 1, edge.end),
    }))
    .filter(({ first, end }) => first < end)
    .sort((a, b) => a.first - b.first);
  let next = 0, active: Edge[] = [];
  const [lowest] = edges;
  for (
    let y = lowest?.first ?? 0;
    next < edges.length || active.length > 0;
    y++
  ) {
    if (active.length === 0 && next < edges.length) {
      y = Math.max(y, edges[next]!.first);
    }
    while (next < edges.length && edges[next]!.first <= y) {
      active.push(edges[next++]!);
    }
    active = active.filter(({ end }) => end > y);
    spend(active.length);
    const crossings = active.map(({ x, slope }) => x + y * slope)
      .sort((a, b) => a - b);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const left = Math.ceil(crossings[at]! - 0.5);
      const right = Math.ceil(crossings[at + 1]! - 0.5);
      if (left < right) yield { left, top: y, right, bottom: y + 1 };
    }
  }
}

function edgesOf(ring: Ring): Edge[] {
  const edges: Edge[] = [];
  let [x, y] = ring.at(-1) ?? [0, 0];
  for (const [nextX, nextY] of ring) {
    if (!isNear([nextX, nextY])) {
      throw new RangeError(
        `Corner ${nextX}, ${nextY} is not within ${farthest} pixels of 0, 0`,
      );
    }
    const [top, bottom] = y < nextY ? [y, nextY] : [nextY, y];
    // Centers of rows lie half a pixel down.
    const first = Math.ceil(top - 0.5), end = Math.ceil(bottom - 0.5);
    if (first < end) {
      const slope = (nextX - x) / (nextY - y);
      edges.push({ first, end, slope, x: x + (0.5 - y) * slope });
    }
    [x, y] = [nextX, nextY];
  }
  return edges;
}
