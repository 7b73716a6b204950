import type { Labels } from "../types.ts";

/** The parts of what is not object. */
export interface Gaps {
  /** How many there are, connected by sides. */
  readonly gaps: number;
  /**
   * 16 · area / perimeter², averaged over their pixels: 1 of a square, 0.8 of
   * a disc, 0.4 to 0.8 of nuclei in an inverted mask, 0.1 to 0.3 of what is
   * left between crowded nuclei.
   */
  readonly roundness: number;
}

/** Measures how round the gaps between objects are. */
export function measureGaps({ width, height, data }: Labels): Gaps {
  const isSeen = new Uint8Array(data.length);
  const waiting: number[] = [];
  let gaps = 0, sum = 0, pixels = 0;
  for (let start = 0; start < data.length; start++) {
    if (isSeen[start] || data[start]) continue;
    gaps++;
    let area = 0, edges = 0;
    const visit = (next: number) => {
      if (data[next]) edges++;
      else if (!isSeen[next]) {
        isSeen[next] = 1;
        waiting.push(next);
      }
    };
    visit(start);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      area++;
      const column = at % width;
      if (column > 0) visit(at - 1);
      if (column < width - 1) visit(at + 1);
      if (at >= width) visit(at - width);
      if (at < width * (height - 1)) visit(at + width);
    }
    sum += area * Math.min(1, 16 * area / Math.max(4, edges) ** 2);
    pixels += area;
  }
  return { gaps, roundness: pixels === 0 ? 0 : sum / pixels };
}
