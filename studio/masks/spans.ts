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
  const corners = [
    [x0 + across[0], y0 + across[1]],
    [x1 + across[0], y1 + across[1]],
    [x1 - across[0], y1 - across[1]],
    [x0 - across[0], y0 - across[1]],
  ] as const;
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - radius));
  const bottom = Math.min(
    height - 1,
    Math.floor(Math.max(y0, y1) + radius),
  );
  for (let row = top; row <= bottom; row++) {
    let left = Infinity, right = -Infinity;
    for (const [x, y] of [[x0, y0], [x1, y1]] as const) {
      const rest = radius ** 2 - (row - y) ** 2;
      if (rest < 0) continue;
      left = Math.min(left, x - Math.sqrt(rest));
      right = Math.max(right, x + Math.sqrt(rest));
    }
    for (let at = 0; at < 4; at++) {
      const [ax, ay] = corners[at]!, [bx, by] = corners[(at + 1) % 4]!;
      if (ay === by || row < Math.min(ay, by) || row > Math.max(ay, by)) {
        continue;
      }
      const x = ax + (row - ay) / (by - ay) * (bx - ax);
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
  const count = points.length / 2;
  for (let row = top; row < top + height; row++) {
    const crossings: { readonly x: number; readonly turn: 1 | -1 }[] = [];
    for (let at = 0; at < count; at++) {
      const next = (at + 1) % count;
      const ax = points[2 * at]!, ay = points[2 * at + 1]!;
      const bx = points[2 * next]!, by = points[2 * next + 1]!;
      // A corner belongs to the edge that begins there.
      if (ay <= row === by <= row) continue;
      const x = ax + (row - ay) / (by - ay) * (bx - ax);
      crossings.push({ x, turn: ay < by ? 1 : -1 });
    }
    crossings.sort((one, other) => one.x - other.x);
    for (let at = 0, turns = 0; at < crossings.length - 1; at++) {
      turns += crossings[at]!.turn;
      if (turns === 0) continue;
      const from = Math.max(0, Math.ceil(crossings[at]!.x));
      const to = Math.min(size.width, Math.floor(crossings[at + 1]!.x) + 1);
      if (from < to) onSpan(row, from, to);
    }
  }
  strokeSpans(size, [...points, points[0]!, points[1]!], 1, onSpan);
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
