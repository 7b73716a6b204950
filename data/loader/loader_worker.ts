import { packError } from "@unet/errors/packed-error";
import { createBatchMaker, type MakeBatch } from "./batch_maker.ts";
import type { LoaderReply, LoaderRequest } from "./loader_messages.ts";

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: (event: MessageEvent<LoaderRequest>) => void;
  postMessage(reply: LoaderReply, transfer?: Transferable[]): void;
  addEventListener(type: "unload", listener: () => void): void;
}

const scope = globalThis as unknown as WorkerScope;
let maker: Promise<MakeBatch> | undefined;

scope.onmessage = ({ data }) => {
  if ("plan" in data) {
    maker = createBatchMaker(data.plan);
    // A failure is reported in answer to the first job.
    maker.catch(() => {});
  } else {
    answer(data.epoch, data.tiles);
  }
};

// Deno.exit() in a transform would end this worker without another sign.
scope.addEventListener("unload", () => scope.postMessage({ ended: true }));

async function answer(epoch: number, tiles: readonly number[]): Promise<void> {
  try {
    const make = await maker!;
    const batch = make(epoch, tiles);
    const { x, targets, weights } = batch;
    scope.postMessage({ batch }, [
      x.buffer,
      ...Object.values(targets).map(({ buffer }) => buffer),
      ...(weights ? [weights.buffer] : []),
    ]);
  } catch (error) {
    scope.postMessage({ error: packError(error) });
  }
}
