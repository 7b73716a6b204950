import type { Communicator } from "@unet/train";

/**
 * Does work that fills a shared folder (the cache, a run): first rank 0, then
 * all others, who find it done.
 *
 * @param communicator Connects the ranks.
 * @param work The work.
 * @returns What the work gave.
 */
export async function afterFirst<Result>(
  communicator: Communicator,
  work: () => Promise<Result>,
): Promise<Result> {
  const { rank } = communicator;
  if (rank > 0) await communicator.barrier();
  const result = await work();
  if (rank === 0) await communicator.barrier();
  return result;
}

/**
 * What rank 0 has, on all ranks.
 *
 * @param communicator Connects the ranks.
 * @param value Values of JSON; those of other ranks count for nothing.
 */
export async function fromFirst<Value>(
  communicator: Communicator,
  value: Value,
): Promise<Value> {
  if (communicator.size === 1) return value;
  const text = communicator.rank === 0 ? JSON.stringify(value) : "";
  const [first] = await communicator.gather(new TextEncoder().encode(text));
  return JSON.parse(new TextDecoder().decode(first));
}
