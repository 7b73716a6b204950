import type { MaskFinding, MaskJudgment } from "./judge_mask.ts";
import type { Background, StoredMask } from "./stored_mask.ts";
import type { Labels } from "./types.ts";

/** Objects that cover more than this are no objects on a background. */
const nearlyEverything = 0.95;

/** An object on more of the rim than this is the background. */
const mostOfRim = { labels: 0.5, binary: 0.75 } as const;

/**
 * Finds a background that was taken for an object, as in a mask of black
 * nuclei on white, or one whose numbers start with 1 for background: one
 * object covers most of the mask and of its rim, or objects leave nothing
 * between them.
 *
 * Tissue that is truly dense passes, since no single object of it lies along
 * most of the rim.
 *
 * @param mask The mask's numbers.
 * @param labels What became of them.
 * @param reading How.
 */
export function judgeCoverage(
  mask: StoredMask,
  labels: Labels,
  { reading, background }: {
    readonly reading: MaskJudgment["reading"];
    readonly background: Background;
  },
): MaskFinding[] {
  const { width, height, data } = labels;
  let covered = 0;
  for (const label of data) if (label > 0) covered++;
  const share = covered / data.length;
  if (share <= 0.5) return [];
  const rim = new Map<number, number>();
  let rimPixels = 0;
  forRim(width, height, (at) => {
    rimPixels++;
    const label = data[at]!;
    if (label > 0) rim.set(label, (rim.get(label) ?? 0) + 1);
  });
  const onRim = Math.max(0, ...rim.values()) / rimPixels;
  const value = commonest(mask.values);
  if (onRim > mostOfRim[reading] && !background.has(value)) {
    return [{
      kind: "wrong-background",
      found:
        `${nameOf(value, mask)} as the commonest value, in objects on ${
          percent(share)
        } of the pixels and ${percent(onRim)} of the rim` +
        (mask.showsZeroBright ? " (viewers show 0 bright in this file)" : ""),
      expected: "background there",
      remedy: "name it if it is the background",
      suggestion: {
        background: [mask.colorBits ? nameOf(value, mask) : value],
      },
    }];
  }
  if (share <= nearlyEverything) return [];
  return [{
    kind: "no-background",
    found: `objects on ${percent(share)} of the pixels`,
    expected: "background between them",
    remedy: "look whether it has a number of its own",
  }];
}

function forRim(
  width: number,
  height: number,
  visit: (at: number) => void,
): void {
  for (let x = 0; x < width; x++) {
    visit(x);
    if (height > 1) visit((height - 1) * width + x);
  }
  for (let y = 1; y < height - 1; y++) {
    visit(y * width);
    if (width > 1) visit(y * width + width - 1);
  }
}

function commonest(values: StoredMask["values"]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = 0, most = -1;
  for (const [value, count] of counts) {
    if (count > most) [best, most] = [value, count];
  }
  return best;
}

/** A number as a person would name it: a color as `#rrggbb`. */
function nameOf(value: number, { colorBits }: StoredMask): string {
  if (colorBits === 0) return String(value);
  const base = 2 ** colorBits, scale = 2 ** (colorBits - 8);
  const channels = [Math.floor(value / base / base), value / base, value]
    .map((one) => Math.floor((Math.floor(one) % base) / scale));
  const hex = channels.map((one) => one.toString(16).padStart(2, "0"));
  return `#${hex.join("")}`;
}

/** Rounded down, so that 100 % is all. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
