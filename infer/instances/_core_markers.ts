import type { Frame } from "./_frame.ts";
import { neighborSteps } from "./_frame.ts";
import type { Workspace } from "./_workspace.ts";

/** Steps of the relief between the probabilities 0 and 1. */
const steps = 256;

/**
 * Makes the relief and the markers of a network that tells borders: the
 * relief is the probability less that of a border, the markers are the cores,
 * parts that are above a threshold and connected by sides.
 *
 * @param frame Where the component is.
 * @param space Holds it, and takes relief and markers.
 * @param threshold What is above it is a core.
 * @returns How many markers there are, and the relief's highest value.
 */
export function markCores(
  { width, height }: Frame,
  { inside, probability, boundary, relief, labels, order }: Workspace,
  threshold: number,
): { markers: number; highest: number } {
  const length = width * height;
  const around = neighborSteps(width);
  const isCore = (at: number): boolean =>
    inside[at] === 1 && probability[at]! - boundary[at]! > threshold;
  for (let at = 0; at < length; at++) {
    const value = probability[at]! - boundary[at]!;
    relief[at] = inside[at] ? Math.round(steps * (1 + value)) : 0;
  }
  labels.fill(0, 0, length);
  let markers = 0;
  for (let start = 0; start < length; start++) {
    if (labels[start] || !isCore(start)) continue;
    markers++;
    let waiting = 0, found = 0;
    labels[start] = markers;
    order[found++] = start;
    while (waiting < found) {
      const at = order[waiting++]!;
      for (let n = 0; n < 4; n++) {
        const next = at + around[n]!;
        if (labels[next] || !isCore(next)) continue;
        labels[next] = markers;
        order[found++] = next;
      }
    }
  }
  return { markers, highest: 2 * steps };
}
