import type { Communicator } from "./communicator.ts";

/**
 * Whether something holds on any rank, so that all ranks decide alike.
 *
 * @param communicator Connects the ranks.
 * @param isSo Whether it holds on this one.
 */
export async function holdsAnywhere(
  communicator: Communicator,
  isSo: boolean,
): Promise<boolean> {
  if (communicator.size === 1) return isSo;
  const count = new Float64Array([isSo ? 1 : 0]);
  await communicator.sum(count);
  return count[0]! > 0;
}

/** What ends the work of a rank because another one was asked to end. */
export class EndedElsewhere extends Error {
  /** The name of the class. */
  override name = "EndedElsewhere";
}
