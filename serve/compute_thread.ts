import { cannot, DeviceError } from "@unet/errors";
import { unpackError } from "@unet/errors/packed-error";
import type {
  ComputeReply,
  ComputeRequest,
  ComputeResults,
  ComputeWork,
} from "./compute_messages.ts";

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A thread of its own for a model, so that the server answers while a network
 * computes.
 */
export class ComputeThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onFailure: (error: Error) => void;
  #failure: Error | undefined;
  #last = 0;

  /**
   * Starts the thread.
   *
   * @param onFailure Called if the thread ends: nothing can be computed then.
   * @param program The worker's module.
   */
  constructor(
    onFailure: (error: Error) => void,
    program: URL = new URL("./compute_worker.ts", import.meta.url),
  ) {
    this.#onFailure = onFailure;
    this.#worker = new Worker(program, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<ComputeReply>) => {
      // V8 frees array buffers when it allocates one, not when one arrives.
      new ArrayBuffer(1024);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) waiting?.reject(unpackError(data.error));
      else waiting?.resolve(data.result as never);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
    };
  }

  /**
   * Has the thread do a piece of work.
   *
   * @param work The work.
   * @param signal Ends it between two batches of windows; the promise settles
   * only when it has ended.
   * @returns What it comes to.
   * @throws The signal's reason, when it is aborted; and what the work throws.
   */
  async do<Type extends ComputeWork["type"]>(
    work: ComputeWork & { readonly type: Type },
    signal?: AbortSignal,
  ): Promise<ComputeResults[Type]> {
    signal?.throwIfAborted();
    if (this.#failure) throw this.#failure;
    const id = ++this.#last;
    const cancel = () => this.#send({ type: "cancel", id });
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise<ComputeResults[Type]>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#send({ ...work, id } as ComputeRequest, buffersOf(work));
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  #send(request: ComputeRequest, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #fail(found: string): void {
    this.#failure = new DeviceError(
      cannot("compute with", "model", "in a thread of its own", {
        found: `the thread's end: ${found}`,
      }),
    );
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
    this.#onFailure(this.#failure);
  }

  /** Closes the model, after what is under way, and ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.#failure) await this.do({ type: "close" });
    } finally {
      this.#worker.terminate();
    }
  }
}

/** Images move to the thread. */
function buffersOf(work: ComputeWork): Transferable[] {
  return work.type === "infer"
    ? [...new Set(work.images.map(({ data }) => data.buffer as ArrayBuffer))]
    : [];
}
