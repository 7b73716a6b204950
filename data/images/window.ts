import type { Rectangle } from "../cache/cached_case.ts";
import type { Image } from "../types.ts";

/** Zeros of the type that a depth has. */
export function emptyValues(
  depth: Image["depth"],
  length: number,
): Image["data"] {
  return depth === 8
    ? new Uint8Array(length)
    : depth === 16
    ? new Uint16Array(length)
    : new Float32Array(length);
}

/** Refuses a window that is empty or reaches out of an image. */
export function requireInside(
  size: { readonly width: number; readonly height: number },
  { x, y, width, height }: Rectangle,
): void {
  const whole = [x, y, width, height].every(Number.isSafeInteger);
  const inside = x >= 0 && y >= 0 && width >= 1 && height >= 1 &&
    x + width <= size.width && y + height <= size.height;
  if (whole && inside) return;
  throw new RangeError(
    `Cannot read window: found ${width}×${height} at (${x}, ${y}), expected whole numbers inside ${size.width}×${size.height}`,
  );
}
