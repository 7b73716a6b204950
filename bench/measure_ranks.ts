/**
 * Times steps of a training on this process alone or on the ranks that
 * `mpiexec` started; rank 0 prints one line of JSON. `bench mpi` starts it.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import type { Batch, DataLoader } from "@unet/data";
import { openDevice } from "@unet/device";
import { createModel } from "@unet/model";
import { type MpiCommunicator, openMpi } from "@unet/mpi";
import { createRandom } from "@unet/random";
import {
  bceDiceLoss,
  bceWithLogits,
  type Communicator,
  constant,
  sgd,
  singleProcess,
  Trainer,
} from "@unet/train";

/** What is measured. */
export interface RankRequest {
  /** The library of MPI; null for a process alone. */
  readonly library: string | null;
  readonly device: string;
  readonly width: number;
  /** Tiles of the whole batch, and pixels a side of each. */
  readonly batch: number;
  readonly size: number;
  readonly loss: "bce" | "bce+dice";
  /** Steps that are timed, after one that is not. */
  readonly steps: number;
}

/** Steps of one way. */
export interface StepTimes {
  /** Seconds of each. */
  readonly seconds: readonly number[];
  /** Seconds of all ranks' threads on processors, of each. */
  readonly processor: readonly number[];
}

/** What came of it. */
export interface RankTimes {
  readonly ranks: number;
  /** Values of the gradient. */
  readonly values: number;
  /** With sums during the backward pass. */
  readonly overlapped: StepTimes;
  /** With sums after it. */
  readonly after: StepTimes;
  /** Seconds of each sum of a whole gradient, alone. */
  readonly sums: readonly number[];
}

async function measure(request: RankRequest): Promise<void> {
  const mpi: MpiCommunicator | null = request.library === null
    ? null
    : openMpi({ path: request.library });
  const communicator: Communicator = mpi ?? singleProcess;
  const device = await openDevice(request.device);
  const model = createModel({ width: request.width }, createRandom(0));
  const values = model.trainable.reduce(
    (sum, name) => sum + model.weights.get(name)!.size,
    0,
  );
  const loader = loaderOf(request, communicator);
  const time = async (overlap: boolean): Promise<StepTimes> => {
    const seconds: number[] = [], own: number[] = [];
    const enough = new AbortController();
    let done = 0, before = process.cpuUsage();
    await new Trainer({
      optimizer: sgd(),
      loss: request.loss === "bce" ? bceWithLogits : bceDiceLoss(),
      ...{ model, device, communicator, overlap, epochs: 1 },
      trainDataloader: loader,
      testDataloader: loader,
      scheduler: constant({ learningRate: 0.001 }),
      signal: enough.signal,
      onStep(step) {
        const { user, system } = process.cpuUsage(before);
        before = process.cpuUsage();
        if (done++ > 0) {
          seconds.push(step.seconds);
          own.push((user + system) / 1e6);
        }
        if (done > request.steps) enough.abort();
      },
    }).fit();
    const processor = Float64Array.from(own);
    await communicator.sum(processor);
    return { seconds, processor: [...processor] };
  };
  const overlapped = await time(true), after = await time(false);
  const sums: number[] = [], gradient = new Float32Array(values);
  for (let i = 0; i < request.steps; i++) {
    await communicator.barrier();
    const began = performance.now();
    await communicator.sum(gradient);
    sums.push((performance.now() - began) / 1000);
  }
  const { rank, size: ranks } = communicator;
  const result: RankTimes = { ranks, values, overlapped, after, sums };
  if (rank === 0) console.log(JSON.stringify(result));
  model.dispose();
  await device.close();
  mpi?.close();
}

/** The same batch of noise in every step, or a rank's share of it. */
function loaderOf(
  { batch, size, steps }: RankRequest,
  { rank, size: ranks }: Communicator,
): DataLoader {
  const from = Math.floor(rank * batch / ranks);
  const to = Math.floor((rank + 1) * batch / ranks);
  const random = createRandom(1, rank), tiles = to - from;
  const own: Batch = {
    shape: [tiles, size, size],
    x: new Float32Array(tiles * size * size * 3).map(() => random.next()),
    targets: {
      object: new Float32Array(tiles * size * size)
        .map(() => random.next() < 0.2 ? 1 : 0),
    },
    ids: Array.from({ length: tiles }, (_, i) => String(from + i)),
    ...(ranks > 1 && { share: { from, to, of: batch } }),
  };
  return {
    length: steps + 2,
    tiles: batch * (steps + 2),
    async *batches() {
      for (let i = 0; i < steps + 2; i++) yield await Promise.resolve(own);
    },
    close() {},
  };
}

if (import.meta.main) await measure(JSON.parse(Deno.args[0]!));
