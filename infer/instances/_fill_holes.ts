import type { Frame } from "./_frame.ts";
import type { Workspace } from "./_workspace.ts";

/**
 * Fills holes of at most so many pixels that nothing lies in. A hole is what
 * no way by sides leads out of, as in SciPy's `binary_fill_holes`.
 *
 * @param frame Where the component is.
 * @param space Holds it; the filled pixels get the probabilities 0.
 * @param maximalHole The most pixels of a hole.
 * @param isTaken Whether another object lies among these pixels of the frame.
 */
export function fillHoles(
  { width, height }: Frame,
  { inside, probability, border, order, labels }: Workspace,
  maximalHole: number,
  isTaken: (pixels: Int32Array) => boolean,
): void {
  if (maximalHole === 0) return;
  // Marks what is background by a number; the ring is all outside.
  const length = width * height;
  for (let at = 0; at < length; at++) labels[at] = inside[at]!;
  const spread = (from: number): number => {
    let waiting = 0, count = 0;
    labels[from] = 1;
    order[count++] = from;
    while (waiting < count) {
      const at = order[waiting++]!;
      for (let side = 0; side < 4; side++) {
        const next = at +
          (side === 0 ? -width : side === 1 ? -1 : side === 2 ? 1 : width);
        if (next < 0 || next >= length || labels[next] !== 0) continue;
        labels[next] = 1;
        order[count++] = next;
      }
    }
    return count;
  };
  spread(0);
  for (let at = width; at < length - width; at++) {
    if (labels[at] !== 0) continue;
    const count = spread(at);
    if (count > maximalHole) continue;
    const hole = order.subarray(0, count);
    if (isTaken(hole)) continue;
    for (const pixel of hole) {
      inside[pixel] = 1;
      probability[pixel] = 0;
      border[pixel] = 0;
    }
  }
}
