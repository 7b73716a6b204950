/**
 * Times sums of so many values over the ranks that `mpiexec` started, in
 * buckets as a training has them; rank 0 prints one line of JSON. `bench
 * cluster` starts it.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { openMpi } from "@unet/mpi";

/** What is summed. */
export interface SumRequest {
  /** The library of MPI. */
  readonly library: string;
  /** Values of each sum. */
  readonly counts: readonly number[];
  /** Times that each is made, after one that is not timed. */
  readonly rounds: number;
}

/** Values of a bucket. */
const bucket = 2 ** 20;

async function measure(
  { library, counts, rounds }: SumRequest,
): Promise<void> {
  const communicator = openMpi({ path: library });
  const fastest: number[] = [];
  for (const count of counts) {
    const values = new Float32Array(count), seconds: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      await communicator.barrier();
      const began = performance.now();
      const sums: Promise<void>[] = [];
      for (let at = 0; at < count; at += bucket) {
        sums.push(communicator.sum(values.subarray(at, at + bucket)));
      }
      await Promise.all(sums);
      if (round > 0) seconds.push((performance.now() - began) / 1000);
    }
    // Whatever else the machine does only adds.
    fastest.push(Math.min(...seconds));
  }
  if (communicator.rank === 0) console.log(JSON.stringify(fastest));
  communicator.close();
}

if (import.meta.main) await measure(JSON.parse(Deno.args[0]!));
