import { brief, cannot, UnetError } from "@unet/errors";
import { faultOfClassName } from "../folder/class_table.ts";
import type { Operation, Paint } from "./operation.ts";
import type { Points } from "./spans.ts";

/** The largest brush, in pixels. */
export const largestBrush = 512;

/** The most points of a stroke. */
export const mostPoints = 20_000;

/** The most pixels that a stroke may pass, each counted as often as it is met. */
const mostPainted = 2 ** 28;

/** How far beyond the image points may lie, in pixels. */
const farthest = 2 ** 20;

const paints: readonly Paint[] = ["object", "background", "unlabeled"];

/**
 * Takes an operation out of what a page sent.
 *
 * @param value What was sent.
 * @throws {UnetError} If it is no operation, or one that would take too long.
 */
export function parseOperation(value: unknown): Operation {
  if (typeof value !== "object" || value === null) {
    throw bad("operation", value, "an operation");
  }
  const { tool, points, size: diameter, as, over, name } = value as Partial<
    Record<string, unknown>
  >;
  switch (tool) {
    case "brush": {
      const operation = {
        ...{ tool, points: pointsOf(points), size: diameterOf(diameter) },
        ...{ as: paintOf(as), over: over === true },
      } as const;
      requireBounded(lengthOf(operation.points) * operation.size);
      return operation;
    }
    case "polygon": {
      const corners = pointsOf(points);
      // Each row of each edge is a crossing, and some pixels.
      requireBounded(lengthOf(corners) * 64);
      return { tool, points: corners, as: paintOf(as), over: over === true };
    }
    case "split":
    case "merge":
    case "delete":
    case "fill": {
      const line = pointsOf(points);
      // Each pixel of a line is kept.
      requireBounded(lengthOf(line) * 64);
      return { tool, points: line };
    }
    case "class": {
      const line = pointsOf(points);
      requireBounded(lengthOf(line) * 64);
      return { tool, points: line, name: classOf(name) };
    }
    case "rest":
      if (as !== "background" && as !== "unlabeled") {
        throw bad("as", as, "background or unlabeled");
      }
      return { tool, as };
    default:
      throw bad(
        "tool",
        tool,
        "brush, polygon, split, merge, delete, fill, class or rest",
      );
  }
}

function pointsOf(value: unknown): Points {
  if (!Array.isArray(value) || value.length < 2 || value.length % 2 !== 0) {
    throw bad("points", value, "[x, y, x, y, …]");
  }
  if (value.length > 2 * mostPoints) {
    throw new UnetError(
      `Cannot edit mask: found ${
        value.length / 2
      } points, expected at most ${mostPoints}`,
    );
  }
  for (const each of value) {
    if (!Number.isInteger(each) || Math.abs(each) > farthest) {
      throw bad("point", each, `whole pixels of −${farthest}…${farthest}`);
    }
  }
  return value;
}

function diameterOf(value: unknown): number {
  const isSize = typeof value === "number" && Number.isInteger(value) &&
    value >= 1 && value <= largestBrush;
  if (isSize) return value;
  throw bad("size", value, `1…${largestBrush}`);
}

function paintOf(value: unknown): Paint {
  const paint = paints.find((each) => each === value);
  if (paint) return paint;
  throw bad("as", value, paints.join(", "));
}

function classOf(value: unknown): string {
  if (typeof value !== "string") throw bad("name", value, "a class");
  const name = value.normalize("NFC").trim();
  const fault = name === "" ? undefined : faultOfClassName(name);
  if (fault === undefined) return name;
  throw new UnetError(`Cannot use class: ${fault}`);
}

function lengthOf(points: Points): number {
  let length = 1;
  for (let at = 2; at < points.length; at += 2) {
    length += 1 + Math.hypot(
      points[at]! - points[at - 2]!,
      points[at + 1]! - points[at - 1]!,
    );
  }
  return length;
}

function requireBounded(pixels: number): void {
  if (pixels <= mostPainted) return;
  throw new UnetError(
    `Cannot edit mask: found a stroke over ${
      Math.round(pixels)
    } pixels, expected at most ${mostPainted}; draw shorter ones`,
  );
}

function bad(name: string, found: unknown, expected: string): UnetError {
  return new UnetError(
    cannot("edit", "mask", name, {
      found: brief(found),
      expected,
    }),
  );
}
