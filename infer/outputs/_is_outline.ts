import type { Values } from "./values.ts";

/**
 * Whether, within `reach` pixels above, below or beside, lies background or,
 * where `own` is given, anything but that label.
 */
export function isOutline(
  { objects, width, height }: {
    readonly objects: Values;
    readonly width: number;
    readonly height: number;
  },
  x: number,
  y: number,
  { reach, own }: { reach: number; own: number | undefined },
): boolean {
  const at = y * width + x;
  const ends = (other: number): boolean =>
    own === undefined ? objects[other] === 0 : objects[other] !== own;
  for (let step = 1; step <= reach; step++) {
    if (x >= step && ends(at - step)) return true;
    if (x + step < width && ends(at + step)) return true;
    if (y >= step && ends(at - step * width)) return true;
    if (y + step < height && ends(at + step * width)) return true;
  }
  return false;
}
