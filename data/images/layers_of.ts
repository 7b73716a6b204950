import type { PageBlocks } from "../tiff/block_grid.ts";
import type { Layer } from "./block_reader.ts";

export type { Layer } from "./block_reader.ts";

/** Where a channel's values lie. */
export interface ChannelPlace {
  /** Which of the pages of a plane holds it. */
  readonly page: number;
  /** Which of the values of its pixels it is. */
  readonly sample: number;
}

/**
 * The pages of the channels that are read, one per plane.
 *
 * @param channels The channels in the order in which they are read.
 * @param part The plane, or a projection of all; how many there are.
 * @param pageOf Opens a page of a plane.
 */
export async function layersOf(
  channels: readonly ChannelPlace[],
  { plane, planes: count }: {
    readonly plane: number | "max" | "mean";
    readonly planes: number;
  },
  pageOf: (page: number, plane: number) => PageBlocks | Promise<PageBlocks>,
): Promise<Layer[]> {
  const [first, end] = typeof plane === "number"
    ? [plane, plane + 1]
    : [0, count];
  const samples = new Map<number, { samples: number[]; places: number[] }>();
  for (const [place, { page, sample }] of channels.entries()) {
    const own = samples.get(page) ?? { samples: [], places: [] };
    own.samples.push(sample);
    own.places.push(place);
    samples.set(page, own);
  }
  const layers: Layer[] = [];
  for (const [page, wanted] of samples) {
    const planes: PageBlocks[] = [];
    for (let at = first; at < end; at++) planes.push(await pageOf(page, at));
    layers.push({ ...wanted, planes });
  }
  return layers;
}
