import type { Trial } from "./_try_apart.ts";
import { whyNotOpen } from "./_why_not_open.ts";

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: (event: MessageEvent<Trial>) => void;
  postMessage(fault: string | null): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage(await whyNotOpen(data));
  } catch (cause) {
    scope.postMessage(cause instanceof Error ? cause.message : String(cause));
  }
};
