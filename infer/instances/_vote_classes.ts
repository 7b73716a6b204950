import type { Part } from "./_cut_instances.ts";
import type { Frame } from "./_frame.ts";
import type { OpenComponent } from "./_open_component.ts";

/** Where a component's objects are. */
export interface VoteOptions {
  /** Where the component is. */
  readonly frame: Frame;
  /** The objects' labels in the frame. */
  readonly labels: Int32Array;
}

/**
 * Gives each object of a component its class: the one whose probabilities sum
 * up to the most over the object's pixels, the background left out; of equals,
 * the first. Pixels of filled holes have no vote.
 *
 * @param parts The objects.
 * @param component Holds the classes' probabilities, run by run.
 * @param options Where the objects are.
 * @returns The objects with their classes; as they are if there are none.
 */
export function voteClasses(
  parts: readonly Part[],
  { runs, runLength, classes, channels }: OpenComponent,
  { frame, labels }: VoteOptions,
): readonly Part[] {
  if (classes === null || parts.length === 0) return parts;
  const last = Math.max(...parts.map(({ part }) => part));
  const sums = new Float64Array((last + 1) * channels);
  for (let run = 0, from = 0; run < runLength; run += 3) {
    const row = (runs[run]! - frame.y) * frame.width - frame.x;
    const end = row + runs[run + 2]!;
    for (let at = row + runs[run + 1]!; at < end; at++, from += channels) {
      const to = labels[at]! * channels;
      for (let c = 1; c < channels; c++) sums[to + c]! += classes[from + c]!;
    }
  }
  return parts.map((part) => {
    const first = part.part * channels;
    let best = 1;
    for (let c = 2; c < channels; c++) {
      if (sums[first + c]! > sums[first + best]!) best = c;
    }
    return { ...part, class: best };
  });
}
