import type { Labels, Rectangle } from "@unet/data";

/**
 * What an edit changed, as runs of pixels in the order of the rows: for each
 * run the pixels since the end of the run before, its length, the label before
 * and the label after. Plain numbers, so that it fits in a line of JSON.
 */
export type Change = readonly number[];

/** Numbers per run. */
const perRun = 4;

/** Labels have 32 bits. */
const largestLabel = 2 ** 32 - 1;

/**
 * Does work on labels and notes what it changed.
 *
 * @param labels Changed by the work.
 * @param box Where the work changes labels, and nowhere else.
 * @param work Changes them.
 * @returns The runs that changed.
 */
export function recordChange(
  { width, data }: Labels,
  box: Rectangle,
  work: () => void,
): Change {
  const before = new Uint32Array(box.width * box.height);
  for (let row = 0; row < box.height; row++) {
    const from = (box.y + row) * width + box.x;
    before.set(data.subarray(from, from + box.width), row * box.width);
  }
  work();
  const runs: number[] = [];
  let end = 0;
  for (let row = 0, at = 0; row < box.height; row++) {
    const start = (box.y + row) * width + box.x;
    for (let column = 0; column < box.width;) {
      const was = before[at]!, is = data[start + column]!;
      let length = 1;
      while (
        column + length < box.width && before[at + length] === was &&
        data[start + column + length] === is
      ) length++;
      if (was !== is) {
        runs.push(start + column - end, length, was, is);
        end = start + column + length;
      }
      column += length;
      at += length;
    }
  }
  return runs;
}

/**
 * Makes a change again.
 *
 * @param labels Labels as they were before it; changed in place.
 * @param change The change.
 * @throws {RangeError} If they were not as the change found them; they are left
 * as they are.
 */
export function applyChange(labels: Labels, change: Change): void {
  replace(labels, change, { from: 2, to: 3 });
}

/**
 * Takes a change back.
 *
 * @param labels Labels as they were after it; changed in place.
 * @param change The change.
 * @throws {RangeError} If they are not as the change left them; they stay as
 * they are.
 */
export function revertChange(labels: Labels, change: Change): void {
  replace(labels, change, { from: 3, to: 2 });
}

/** The change that takes one back. */
export function reversed(change: Change): Change {
  return change.map((value, at) =>
    at % perRun === 2
      ? change[at + 1]!
      : at % perRun === 3
      ? change[at - 1]!
      : value
  );
}

/** A run of equal labels that became other ones. */
export interface Run {
  /** The first pixel. */
  readonly start: number;
  /** How many. */
  readonly length: number;
  /** Their label before. */
  readonly before: number;
  /** Their label after. */
  readonly after: number;
}

/** The runs of a change, in order. */
export function* runsOf(change: Change): Generator<Run> {
  for (let at = 0, end = 0; at < change.length; at += perRun) {
    const start = end + change[at]!, length = change[at + 1]!;
    yield { start, length, before: change[at + 2]!, after: change[at + 3]! };
    end = start + length;
  }
}

/**
 * The smallest rectangle that holds all that changed.
 *
 * @param change The change.
 * @param width Pixels per row.
 * @returns Null where nothing changed.
 */
export function boxOfChange(change: Change, width: number): Rectangle | null {
  let left = Infinity, right = -1, top = Infinity, bottom = -1;
  for (const { start, length } of runsOf(change)) {
    const last = start + length - 1;
    const first = Math.floor(start / width), end = Math.floor(last / width);
    top = Math.min(top, first);
    bottom = Math.max(bottom, end);
    left = Math.min(left, first === end ? start % width : 0);
    right = Math.max(right, first === end ? last % width : width - 1);
  }
  if (right < 0) return null;
  return {
    ...{ x: left, y: top },
    ...{ width: right - left + 1, height: bottom - top + 1 },
  };
}

/** Which of a run's labels a mask must have before its change. */
interface Direction {
  readonly from: 2 | 3;
  readonly to: 2 | 3;
}

/**
 * Why a change cannot be made to labels: a change from a file may be damaged.
 *
 * @param labels The labels.
 * @param change The change.
 * @returns What was found and expected; null where it can be made.
 */
export function faultOfChange(
  labels: Labels,
  change: Change,
): ChangeFault | null {
  return faultOf(labels, change, { from: 2, to: 3 });
}

/** Why a change cannot be made. */
export interface ChangeFault {
  readonly found: string;
  readonly expected: string;
}

function faultOf(
  { data }: Labels,
  change: Change,
  { from, to }: Direction,
): ChangeFault | null {
  for (let at = 0, end = 0; at < change.length; at += perRun) {
    const start = end + change[at]!, wanted = change[at + from]!;
    end = start + change[at + 1]!;
    if (end > data.length) {
      return {
        found: `a change of pixels ${start} to ${end}`,
        expected: `pixels of a mask of ${data.length}`,
      };
    }
    if (change[at + to]! > largestLabel) {
      return {
        found: `a change to label ${change[at + to]}`,
        expected: `labels up to ${largestLabel}`,
      };
    }
    for (let pixel = start; pixel < end; pixel++) {
      if (data[pixel] === wanted) continue;
      return {
        found: `label ${data[pixel]} at pixel ${pixel}`,
        expected: `${wanted} before the change`,
      };
    }
  }
  return null;
}

function replace(labels: Labels, change: Change, direction: Direction): void {
  // All is checked first, so that nothing is half done.
  const fault = faultOf(labels, change, direction);
  if (fault) {
    const { found, expected } = fault;
    throw new RangeError(
      `Cannot change labels: found ${found}, expected ${expected}`,
    );
  }
  for (let at = 0, end = 0; at < change.length; at += perRun) {
    const start = end + change[at]!;
    end = start + change[at + 1]!;
    labels.data.fill(change[at + direction.to]!, start, end);
  }
}
