/**
 * Where a pixel lies in its object. Runs in a browser.
 *
 * @module
 */
import { completeObjects } from "./_complete_objects.ts";
import type { Labels } from "../types.ts";

/**
 * The value of both channels of {@linkcode centerDirections} outside objects.
 */
export const noDirection = -2;

/** How far an object reaches from its center. */
interface Extent {
  pixels: number;
  x: number;
  y: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * The horizontal and vertical position of each pixel within its object: 0 at
 * the center of mass, −1 at the object's left and upper end, 1 at its right
 * and lower end. Where two objects touch, both jump. These are the maps of
 * HoVer-Net (Graham et al., Medical Image Analysis 58, 2019), with a center
 * that is not rounded to a pixel.
 *
 * @param labels The instances, `[H, W]`.
 * @returns The two channels, laid out as `[H, W, 2]`; {@linkcode noDirection}
 * on background, where nothing is labeled, and on objects that may continue
 * there.
 *
 * @example
 * ```ts
 * import { centerDirections } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint32Array([0, 4, 4, 4]);
 * const directions = centerDirections({ width: 4, height: 1, data });
 * assertEquals([...directions], [-2, -2, -1, 0, 0, 0, 1, 0]);
 * ```
 */
export function centerDirections(labels: Labels): Float32Array {
  const { width, data } = labels;
  const isComplete = completeObjects(labels);
  const extents = new Map<number, Extent>();
  for (let at = 0; at < data.length; at++) {
    const label = data[at]!;
    if (label === 0) continue;
    const x = at % width, y = (at - x) / width;
    let own = extents.get(label);
    if (own === undefined) {
      own = { pixels: 0, x: 0, y: 0, left: x, right: x, top: y, bottom: y };
      extents.set(label, own);
    }
    own.pixels++;
    own.x += x;
    own.y += y;
    if (x < own.left) own.left = x;
    if (x > own.right) own.right = x;
    own.bottom = y;
  }
  for (const own of extents.values()) {
    own.x /= own.pixels;
    own.y /= own.pixels;
  }
  const directions = new Float32Array(2 * data.length).fill(noDirection);
  for (let at = 0; at < data.length; at++) {
    const label = data[at]!;
    if (label === 0 || !isComplete(label)) continue;
    const own = extents.get(label)!, x = at % width, y = (at - x) / width;
    directions[2 * at] = share(x - own.x, own.left - own.x, own.right - own.x);
    directions[2 * at + 1] = share(
      y - own.y,
      own.top - own.y,
      own.bottom - own.y,
    );
  }
  return directions;
}

/** An offset as a share of the largest on its side. */
function share(offset: number, least: number, most: number): number {
  if (offset === 0) return 0;
  return offset < 0 ? -offset / least : offset / most;
}
