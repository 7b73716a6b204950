import type { Rectangle, Size } from "@unet/data";

/**
 * Places in an image, `[x, y, x, y, …]`, in whole pixels: the pixel in the
 * corner is at 0, 0. They may lie beyond the image.
 */
export type Points = readonly number[];

/** Called with pixels of a row: the first, and the one after the last. */
export type OnSpan = (row: number, from: number, to: number) => void;

/**
 * The pixels under a stroke: those whose centers are no farther from the line
 * than half the size, as a disk that moves along it leaves them. A pixel may be
 * met several times.
 *
 * @param size The size of the image, beyond which nothing is painted.
 * @param points Where the stroke leads, at least one.
 * @param diameter The size of the disk in pixels, at least 1.
 * @param onSpan Called with pixels.
 */
export function strokeSpans(
  size: Size,
  points: Points,
  diameter: number,
  onSpan: OnSpan,
): void {
  for (let at = 0; at < points.length; at += 2) {
    // The first point alone is a line without length.
    const from = Math.max(0, at - 2);
    const ends = [points[from]!, points[from + 1]!] as const;
    lineSpans(size, [...ends, points[at]!, points[at + 1]!], {
      radius: diameter / 2,
      onSpan,
    });
  }
}

/** One straight piece: each row of it is a single span, for it is convex. */
function lineSpans(
  { width, height }: Size,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  { radius, onSpan }: { readonly radius: number; readonly onSpan: OnSpan },
): void {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const across = length === 0
    ? [0, 0] as const
    : [(y0 - y1) / length * radius, (x1 - x0) / length * radius] as const;
  // The first again at the end; numbers alone, for this is done for each row.
  const corners = Float64Array.of(
    ...[x0 + across[0], y0 + across[1], x1 + across[0], y1 + across[1]],
    ...[x1 - across[0], y1 - across[1], x0 - across[0], y0 - across[1]],
    ...[x0 + across[0], y0 + across[1]],
  );
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - radius));
  const bottom = Math.min(
    height - 1,
    Math.floor(Math.max(y0, y1) + radius),
  );
  for (let row = top; row <= bottom; row++) {
    let left = Infinity, right = -Infinity;
    const first = radius ** 2 - (row - y0) ** 2;
    if (first >= 0) {
      const reach = Math.sqrt(first);
      left = x0 - reach;
      right = x0 + reach;
    }
    const last = radius ** 2 - (row - y1) ** 2;
    if (last >= 0) {
      const reach = Math.sqrt(last);
      left = Math.min(left, x1 - reach);
      right = Math.max(right, x1 + reach);
    }
    for (let at = 0; at < 8; at += 2) {
      const ay = corners[at + 1]!, by = corners[at + 3]!;
      if (ay === by || row < Math.min(ay, by) || row > Math.max(ay, by)) {
        continue;
      }
      const ax = corners[at]!;
      const x = ax + (row - ay) / (by - ay) * (corners[at + 2]! - ax);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    // A distance that is exactly half the size must not be lost by rounding.
    const from = Math.max(0, Math.ceil(left - 1e-9));
    const to = Math.min(width, Math.floor(right + 1e-9) + 1);
    if (from < to) onSpan(row, from, to);
  }
}

/**
 * The pixels inside a polygon, its corners and edges included. Where the outline
 * crosses itself, what it winds around is inside.
 *
 * @param size The size of the image, beyond which nothing is painted.
 * @param points The corners, at least one.
 * @param onSpan Called with pixels; one may be met several times.
 */
export function polygonSpans(
  size: Size,
  points: Points,
  onSpan: OnSpan,
): void {
  const { y: top, height } = boxAround(size, points, 0);
  const edges = edgesOf(points);
  // By the turn of the edges; as numbers alone they are sorted fastest.
  const up = new Float64Array(edges.length);
  const down = new Float64Array(edges.length);
  let active: Edge[] = [];
  let next = 0;
  for (let row = top; row < top + height; row++) {
    while (next < edges.length && edges[next]!.from <= row) {
      active.push(edges[next++]!);
    }
    active = active.filter(({ to }) => to > row);
    let ups = 0, downs = 0;
    for (const { ax, ay, bx, by } of active) {
      const x = ax + (row - ay) / (by - ay) * (bx - ax);
      if (ay < by) down[downs++] = x;
      else up[ups++] = x;
    }
    fillRow(
      [up.subarray(0, ups).sort(), down.subarray(0, downs).sort()],
      (from, to) => {
        const first = Math.max(0, Math.ceil(from));
        const end = Math.min(size.width, Math.floor(to) + 1);
        if (first < end) onSpan(row, first, end);
      },
    );
  }
  strokeSpans(size, [...points, points[0]!, points[1]!], 1, onSpan);
}

/** An edge of a polygon that is not level, and the rows that it crosses. */
interface Edge {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  /** The first row. */
  readonly from: number;
  /** The one after the last: a corner belongs to the edge that begins there. */
  readonly to: number;
}

/** The edges of a polygon, by their first row. */
function edgesOf(points: Points): Edge[] {
  const edges: Edge[] = [], count = points.length / 2;
  for (let at = 0; at < count; at++) {
    const next = (at + 1) % count;
    const ax = points[2 * at]!, ay = points[2 * at + 1]!;
    const bx = points[2 * next]!, by = points[2 * next + 1]!;
    if (ay === by) continue;
    edges.push({
      ...{ ax, ay, bx, by },
      ...{ from: Math.min(ay, by), to: Math.max(ay, by) },
    });
  }
  return edges.sort((one, other) => one.from - other.from);
}

/** Gives the parts of a row that edges wind around, from their crossings. */
function fillRow(
  [up, down]: readonly [Float64Array, Float64Array],
  onPart: (from: number, to: number) => void,
): void {
  let ups = 0, downs = 0;
  const placeOf = () => Math.min(up[ups] ?? Infinity, down[downs] ?? Infinity);
  for (let x = placeOf(); x < Infinity;) {
    if (up[ups] === x) ups++;
    else downs++;
    const next = placeOf();
    if (ups !== downs && next < Infinity) onPart(x, next);
    x = next;
  }
}

/**
 * The rectangle of an image that holds points and what is near them.
 *
 * @param size The image.
 * @param points The points, at least one.
 * @param margin How far around them, in pixels.
 * @returns The rectangle; without pixels where all of it lies beyond the image.
 */
export function boxAround(
  size: Size,
  points: Points,
  margin: number,
): Rectangle {
  const [x, width] = rangeOf(points, { from: 0, margin, most: size.width });
  const [y, height] = rangeOf(points, { from: 1, margin, most: size.height });
  return { x, y, width, height };
}

function rangeOf(
  points: Points,
  { from, margin, most }: {
    readonly from: 0 | 1;
    readonly margin: number;
    readonly most: number;
  },
): [start: number, length: number] {
  let low = Infinity, high = -Infinity;
  for (let at = from; at < points.length; at += 2) {
    low = Math.min(low, points[at]!);
    high = Math.max(high, points[at]!);
  }
  const clipped = (value: number) => Math.min(most, Math.max(0, value));
  const start = clipped(Math.floor(low - margin));
  return [start, clipped(Math.floor(high + margin) + 1) - start];
}
