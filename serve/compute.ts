import type { AskedWork, ServedModel, ServerRoom } from "./server_room.ts";

/** Work on some images, of which so many pixels are counted. */
export interface CountedWork<Result> {
  /** What it comes to. */
  readonly result: Result;
  /** Pixels that were segmented. */
  readonly pixels: number;
}

/**
 * Computes when the request's turn has come, and counts it.
 *
 * @param room Whose turn it is.
 * @param model The model.
 * @param asked The request, which gives up waiting when its client goes away.
 * @param work The work.
 */
export async function compute<Result>(
  { turns, metrics }: Pick<ServerRoom, "turns" | "metrics">,
  { name }: ServedModel,
  { signal }: Pick<AskedWork, "signal">,
  work: () => Promise<CountedWork<Result>>,
): Promise<Result> {
  return await turns.run(async () => {
    const started = performance.now();
    const { result, pixels } = await work();
    metrics.computed(name, pixels, (performance.now() - started) / 1000);
    return result;
  }, signal);
}
