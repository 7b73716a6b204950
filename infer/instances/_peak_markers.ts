import type { Frame } from "./_frame.ts";
import { neighborSteps } from "./_frame.ts";
import type { Workspace } from "./_workspace.ts";

/**
 * Marks the peaks of the relief that stand out: a peak counts if every way to
 * a higher one falls by more than `depth` below it, and of equal peaks with
 * less between them, one counts. These are the regional maxima of scikit-image's
 * `reconstruction(relief - depth, relief)`, each as wide as it is there: all
 * that can be reached from the peak without falling by more than `depth`.
 *
 * Pixels are taken from the highest down. Where two peaks' surroundings meet,
 * the lower one has fallen as much as it will before it meets a higher one.
 *
 * @param frame Where the component is.
 * @param space Holds it and its relief, and takes the markers as labels.
 * @param highest The highest value of the relief.
 * @param depth How much a peak has to stand out, in steps of the relief.
 * @returns How many markers there are.
 */
export function markPeaks(
  frame: Frame,
  space: Workspace,
  highest: number,
  depth: number,
): number {
  const { inside, relief, labels, order, links } = space;
  const length = frame.width * frame.height;
  const steps = neighborSteps(frame.width);
  const count = sortDown(space, length, highest);
  links.fill(-1, 0, length);
  const peaks: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = order[i]!, level = relief[at]!;
    links[at] = at;
    let own = at;
    for (let n = 0; n < 8; n++) {
      const next = at + steps[n]!;
      if (links[next] === -1) continue;
      const other = rootOf(links, next);
      if (other === own) continue;
      const isLower = relief[other]! < relief[own]! ||
        (relief[other] === relief[own] && other > own);
      const lower = isLower ? other : own, upper = isLower ? own : other;
      if (relief[lower]! - level > depth) peaks.push(lower);
      links[lower] = upper;
      own = upper;
    }
  }
  for (let i = 0; i < count; i++) {
    const at = order[i]!;
    if (links[at] === at) peaks.push(at);
  }
  peaks.sort((a, b) => a - b);
  labels.fill(0, 0, length);
  peaks.forEach((peak, index) => {
    const floor = relief[peak]! - depth;
    let waiting = 0, found = 0;
    labels[peak] = index + 1;
    order[found++] = peak;
    while (waiting < found) {
      const at = order[waiting++]!;
      for (let n = 0; n < 8; n++) {
        const next = at + steps[n]!;
        if (!inside[next] || labels[next] || relief[next]! < floor) continue;
        labels[next] = index + 1;
        order[found++] = next;
      }
    }
  });
  return peaks.length;
}

/** Orders the pixels from high to low, row by row where they are equal. */
function sortDown(
  { inside, relief, order }: Workspace,
  length: number,
  highest: number,
): number {
  const starts = new Int32Array(highest + 2);
  for (let at = 0; at < length; at++) {
    if (inside[at]) starts[highest - relief[at]! + 1]!++;
  }
  for (let i = 0; i <= highest; i++) starts[i + 1]! += starts[i]!;
  for (let at = 0; at < length; at++) {
    if (inside[at]) order[starts[highest - relief[at]!]!++] = at;
  }
  return starts[highest]!;
}

function rootOf(links: Int32Array, at: number): number {
  while (links[at] !== at) {
    links[at] = links[links[at]!]!;
    at = links[at]!;
  }
  return at;
}
