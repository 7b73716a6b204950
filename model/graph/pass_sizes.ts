import { extentsOf } from "./extent.ts";
import type { Graph } from "./node.ts";

/** 128 MiB in float32: four images of 256² at full width, 21 at a quarter. */
const usual = 2 ** 25;

/**
 * Divides a batch into passes, so that memory follows from the network and not
 * from the batch: features of a pass that is large enough for every core are
 * not computed faster in a larger one.
 *
 * @param graph The network.
 * @param shape Images, height and width of the batch.
 * @param most The most values of a node's features in a pass; one image may
 * have more.
 * @returns How many images each pass takes, in order; they differ by one at
 * most.
 */
export function passSizes(
  graph: Graph,
  [count, height, width]: readonly [number, number, number],
  most: number = usual,
): number[] {
  const extents = extentsOf(graph);
  const perPixel = Math.max(
    ...graph.map(({ channels }, place) =>
      channels / extents[place]!.stride ** 2
    ),
  );
  const fit = Math.max(1, Math.floor(most / (perPixel * height * width)));
  const passes = Math.ceil(count / fit);
  return Array.from(
    { length: passes },
    (_, pass) =>
      Math.floor((pass + 1) * count / passes) -
      Math.floor(pass * count / passes),
  );
}
