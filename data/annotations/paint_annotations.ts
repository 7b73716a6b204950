import type { ImageSize, Labels } from "../types.ts";
import type { Annotation, PixelMask, Ring } from "./annotation.ts";

/** What became of annotations on the pixels of an image. */
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

/** So far out does nothing of a drawing lie. */
const farthest = 1e9;

/**
 * Paints annotations onto the pixels of an image, numbered from 1 in their
 * order. A pixel belongs to a polygon that its center lies in; where it lies on
 * the edge, to the polygon on the right or below, so that neighbors share no
 * pixel. Where annotations overlap, the first keeps the pixel, as in masks of
 * one nucleus each.
 *
 * @param annotations Coordinates from the image's top left corner.
 * @param size The image's size.
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
  { width, height }: ImageSize,
): PaintedAnnotations {
  const data = new Uint32Array(width * height);
  const places: number[] = [];
  const counts = { overlapping: 0, hidden: 0, outside: 0, tiny: 0, cut: 0 };
  for (const [place, annotation] of annotations.entries()) {
    const label = places.length + 1;
    let own = 0, taken = 0, beyond = 0;
    for (const { y, from, to } of spansOf(annotation, height)) {
      const left = Math.max(0, from), right = Math.min(width, to);
      if (y < 0 || y >= height || left >= right) {
        beyond += to - from;
        continue;
      }
      beyond += left - from + to - right;
      for (let at = y * width + left; at < y * width + right; at++) {
        if (data[at] === 0) {
          data[at] = label;
          own++;
        } else if (data[at] !== label) taken++;
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

/** Pixels of a row, from one column up to another. */
interface Span {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/** Whether a polygon has a corner above or below the image. */
function isFarUp({ polygons }: Annotation, height: number): boolean {
  return polygons.some((rings) =>
    rings.some((ring) => ring.some(([, y]) => y < 0 || y > height))
  );
}

function* spansOf(
  { polygons, mask }: Annotation,
  height: number,
): Generator<Span> {
  for (const rings of polygons) yield* spansOfPolygon(rings, height);
  if (mask) yield* spansOfMask(mask);
}

function* spansOfMask(
  { x, y, width, height, data }: PixelMask,
): Generator<Span> {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (data[row * width + column] === 0) continue;
      const from = column;
      while (column < width && data[row * width + column] !== 0) column++;
      yield { y: y + row, from: x + from, to: x + column };
    }
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

/** The spans of a polygon, with one row above the image and one below. */
function* spansOfPolygon(
  rings: readonly Ring[],
  height: number,
): Generator<Span> {
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
    const crossings = active.map(({ x, slope }) => x + y * slope)
      .sort((a, b) => a - b);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const from = Math.ceil(crossings[at]! - 0.5);
      const to = Math.ceil(crossings[at + 1]! - 0.5);
      if (from < to) yield { y, from, to };
    }
  }
}

function edgesOf(ring: Ring): Edge[] {
  const edges: Edge[] = [];
  let [x, y] = ring.at(-1) ?? [0, 0];
  for (const [nextX, nextY] of ring) {
    const isFar = [x, y, nextX, nextY].some((one) =>
      !(Math.abs(one) <= farthest)
    );
    const [top, bottom] = y < nextY ? [y, nextY] : [nextY, y];
    // Centers of rows lie half a pixel down.
    const first = Math.ceil(top - 0.5), end = Math.ceil(bottom - 0.5);
    if (!isFar && first < end) {
      const slope = (nextX - x) / (nextY - y);
      edges.push({ first, end, slope, x: x + (0.5 - y) * slope });
    }
    [x, y] = [nextX, nextY];
  }
  return edges;
}
