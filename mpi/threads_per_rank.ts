import type { Communicator } from "@unet/train/communicator";
import { allowedCores } from "./_libc.ts";

/** The cores that a process may run on, and where it runs. */
interface Place {
  readonly host: string;
  /** Their numbers; null where the system does not say. */
  readonly cores: readonly number[] | null;
  /** How many there are. */
  readonly count: number;
}

/**
 * How many threads a rank should compute with: the cores that it may run on,
 * divided among the ranks of its machine that may run on the same. Where the
 * launcher bound each rank to cores of its own, it keeps them all.
 *
 * @param communicator Connects the ranks.
 * @param host This machine's name.
 * @returns The number, from 1.
 */
export async function threadsPerRank(
  communicator: Communicator,
  host: string,
): Promise<number> {
  const cores = allowedCores();
  const own: Place = {
    ...{ host, cores, count: cores?.length ?? navigator.hardwareConcurrency },
  };
  const all = await communicator.gather(
    new TextEncoder().encode(JSON.stringify(own)),
  );
  const places = all.map((bytes): Place =>
    JSON.parse(new TextDecoder().decode(bytes))
  );
  const rivals = places.filter((other) => overlap(own, other)).length;
  return Math.max(1, Math.floor(own.count / rivals));
}

function overlap(a: Place, b: Place): boolean {
  if (a.host !== b.host) return false;
  if (a.cores === null || b.cores === null) return true;
  const others = new Set(b.cores);
  return a.cores.some((core) => others.has(core));
}
