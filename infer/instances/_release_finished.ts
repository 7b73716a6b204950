import { labelComponents } from "@unet/data/label-components";
import type { Part } from "./_cut_instances.ts";
import type { Frame } from "./_frame.ts";
import { OpenComponent } from "./_open_component.ts";
import type { RunTracker } from "./_run_tracker.ts";

/** What {@linkcode releaseFinished} works with. */
export interface ReleaseOptions {
  /** The component's objects as far as they are known. */
  readonly parts: readonly Part[];
  /** Where the component is. */
  readonly frame: Frame;
  /** The objects' labels in the frame. */
  readonly labels: Int32Array;
  /** Knows which runs of the last row belong to the component. */
  readonly tracker: RunTracker;
}

/**
 * Takes the objects out of an open component that the last row does not touch.
 * What is left stays open, as components of its own.
 *
 * @param component The component; closed by this.
 * @param options Its objects.
 * @returns The objects that are finished, and the new components.
 */
export function releaseFinished(
  component: OpenComponent,
  { parts, frame, labels, tracker }: ReleaseOptions,
): { finished: Part[]; rest: OpenComponent[] } {
  const { width, height } = frame;
  const stays = new Uint8Array(parts.length + 1);
  for (const { part, y, height } of parts) {
    if (y + height - 1 === component.bottom) stays[part] = 1;
  }
  const rest = restOf(component, frame, labels, stays);
  const components = new Map<number, OpenComponent>();
  const numbers = labelComponents(rest.mask, width, height).data;
  const hasBorder = component.border !== null;
  for (const { y, start, end, offset } of rest.runs) {
    const number = numbers[(y - frame.y) * width + start - frame.x]!;
    let open = components.get(number);
    if (open === undefined) {
      open = new OpenComponent(hasBorder, component.channels);
      open.isRest = true;
      components.set(number, open);
    }
    const { probability, border, classes } = component;
    open.append({ y, start, end }, { probability, border, classes, offset });
  }
  tracker.replace(
    component,
    (x) => components.get(numbers[(height - 2) * width + x - frame.x]!)!,
  );
  return {
    finished: parts.filter(({ part }) => !stays[part]),
    rest: [...components.values()],
  };
}

interface Run {
  y: number;
  start: number;
  end: number;
  offset: number;
}

/** The pixels of the objects that stay, and the runs of them. */
function restOf(
  { runs, runLength }: OpenComponent,
  frame: Frame,
  labels: Int32Array,
  stays: Uint8Array,
): { mask: Uint8Array; runs: Run[] } {
  const mask = new Uint8Array(frame.width * frame.height);
  const found: Run[] = [];
  let offset = 0;
  for (let run = 0; run < runLength; run += 3) {
    const y = runs[run]!, start = runs[run + 1]!, end = runs[run + 2]!;
    const row = (y - frame.y) * frame.width - frame.x;
    for (let x = start; x < end; x++) {
      if (!stays[labels[row + x]!]) continue;
      const from = x;
      while (x < end && stays[labels[row + x]!]) mask[row + x++] = 1;
      found.push({ y, start: from, end: x, offset: offset + from - start });
    }
    offset += end - start;
  }
  return { mask, runs: found };
}
