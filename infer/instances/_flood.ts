import type { Frame } from "./_frame.ts";
import { neighborSteps } from "./_frame.ts";
import type { Workspace } from "./_workspace.ts";

/**
 * Floods the component from its markers, from the relief's peaks down, until
 * every pixel that a marker is connected with has its label: marker-controlled
 * watershed by a priority queue (Meyer, 1994), as scikit-image's `watershed`
 * of the negative relief, with neighbors by side and corner. Of pixels of one
 * height, that which was reached first goes first.
 *
 * @param frame Where the component is.
 * @param space Holds it, its relief and its markers as labels.
 * @param highest The highest value of the relief.
 */
export function flood(
  frame: Frame,
  { inside, relief, labels, links }: Workspace,
  highest: number,
): void {
  const length = frame.width * frame.height;
  const steps = neighborSteps(frame.width);
  // A queue for each height; no pixel waits twice.
  const first = new Int32Array(highest + 1).fill(-1);
  const last = new Int32Array(highest + 1);
  let level = 0;
  const wait = (at: number): void => {
    const height = relief[at]!;
    if (first[height] === -1) first[height] = at;
    else links[last[height]!] = at;
    last[height] = at;
    links[at] = -1;
    if (height > level) level = height;
  };
  for (let at = 0; at < length; at++) if (labels[at]) wait(at);
  while (level >= 0) {
    const at = first[level]!;
    if (at === -1) {
      level--;
      continue;
    }
    first[level] = links[at]!;
    const label = labels[at]!;
    for (let n = 0; n < 8; n++) {
      const next = at + steps[n]!;
      if (!inside[next] || labels[next]) continue;
      labels[next] = label;
      wait(next);
    }
  }
}
