import type { Measured } from "../metrics/measure_batch.ts";
import { addPixels } from "../metrics/metrics.ts";
import type { PixelScores } from "../metrics/pixel_scores.ts";
import type { Communicator } from "./communicator.ts";

/** A rank's measurements as JSON; numbers that JSON lacks are texts. */
interface Message {
  readonly lossSum: string;
  readonly tiles: number;
  readonly range: readonly [string, string];
  readonly scores: readonly [string, readonly PixelScores[]][];
  readonly bySource: readonly [string, readonly PixelScores[]][];
}

/**
 * Adds up what all ranks measured, in the order of ranks. Counts of pixels are
 * whole numbers below 2⁵³, so that their sums are exact.
 */
export async function sumMeasured(
  measured: Measured,
  communicator: Communicator,
): Promise<Measured> {
  if (communicator.size === 1) return measured;
  const { lossSum, tiles, range, scores, bySource } = measured;
  const own: Message = {
    ...{ lossSum: String(lossSum), tiles },
    range: [String(range[0]), String(range[1])],
    ...{ scores: [...scores], bySource: [...bySource] },
  };
  const ranks = (await communicator.gather(
    new TextEncoder().encode(JSON.stringify(own)),
  )).map((bytes): Message => JSON.parse(new TextDecoder().decode(bytes)));
  return {
    lossSum: ranks.reduce((sum, { lossSum }) => sum + Number(lossSum), 0),
    tiles: ranks.reduce((sum, { tiles }) => sum + tiles, 0),
    range: [
      Math.min(...ranks.map(({ range }) => Number(range[0]))),
      Math.max(...ranks.map(({ range }) => Number(range[1]))),
    ],
    scores: joinScores(ranks.map(({ scores }) => scores)),
    bySource: joinScores(ranks.map(({ bySource }) => bySource)),
  };
}

function joinScores(
  ranks: readonly Message["scores"][],
): Map<string, readonly PixelScores[]> {
  const sums = new Map<string, readonly PixelScores[]>();
  for (const [name, scores] of ranks.flat()) {
    const before = sums.get(name);
    sums.set(
      name,
      before ? scores.map((own, i) => addScores(before[i]!, own)) : scores,
    );
  }
  return sums;
}

function addScores(a: PixelScores, b: PixelScores): PixelScores {
  return {
    images: a.images + b.images,
    f1Sum: a.f1Sum + b.f1Sum,
    counts: addPixels(a.counts, b.counts),
  };
}
