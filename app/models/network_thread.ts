import { cannot, DeviceError } from "@unet/errors";
import { unpackError } from "@unet/errors/packed-error";
import type { Predict } from "@unet/infer";
import type { SavedModel } from "@unet/model";
import type {
  NetworkChoices,
  NetworkReply,
  NetworkRequest,
  OpenedNetwork,
} from "./network_messages.ts";
import type { NetworkPlace, PlacedNetwork } from "./network_place.ts";

/**
 * Batches that wait for the network. The last windows of a row complete it, and
 * what is found in it takes as long as some of the next ones: with two, the
 * network was idle for a tenth of a large image.
 */
const ahead = 4;

/** Blocks of memory that are kept for windows to come. */
const mostSpare = 4;

interface Waiting {
  readonly resolve: (reply: NetworkReply) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A thread for a network: on a processor, a network holds the thread that runs
 * it, and reading, cutting, finding objects and writing would wait for it. Its
 * numbers are those of a network in the caller's thread.
 */
export class NetworkThread implements NetworkPlace {
  readonly #worker: Worker;
  /** Requests without an answer, in order. */
  readonly #waiting: Waiting[] = [];
  /** Memory of earlier windows, to be filled again. */
  readonly #spare: Float32Array<ArrayBuffer>[] = [];
  #failure: DeviceError | undefined;
  #isOpen = false;
  #threads = 1;

  /**
   * Starts the thread, which loads its program while the caller continues.
   *
   * @param program The worker's module.
   */
  constructor(program: URL = new URL("./network_worker.ts", import.meta.url)) {
    this.#worker = new Worker(program, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<NetworkReply>) => {
      // V8 frees array buffers when it allocates one, not when one arrives.
      new ArrayBuffer(1024);
      const { resolve, reject } = this.#waiting.shift()!;
      if ("error" in data) reject(unpackError(data.error));
      else resolve(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
    };
  }

  /** Opens a network, whose bytes move to the thread. */
  async open(
    { path, bytes }: Pick<SavedModel, "path" | "bytes">,
    choices: NetworkChoices,
  ): Promise<PlacedNetwork> {
    const { device, precision, context, window, overlap, blend } = choices;
    const request = {
      ...{ path, bytes },
      choices: { device, precision, context, window, overlap, blend },
    } as NetworkRequest;
    const reply = await this.#ask(request, [bytes.buffer as ArrayBuffer]);
    this.#isOpen = true;
    const { opened } = reply as { readonly opened: OpenedNetwork };
    const { heads, input } = opened;
    this.#threads = opened.threads;
    const predict: Predict = (x, shape) => this.#predict(x, shape);
    return {
      ...{ device: opened.device, window: opened.window },
      predict: Object.assign(predict, {
        ...{ heads, ahead, ...(input && { input }) },
      }),
    };
  }

  /** The threads that the network opened with; 1 if it cannot take fewer. */
  get threads(): number {
    return this.#threads;
  }

  /** Computes with so many threads from now on, at most {@linkcode threads}. */
  async useThreads(threads: number): Promise<void> {
    await this.#ask({ threads });
  }

  async #predict(
    x: Float32Array,
    shape: Parameters<Predict>[1],
  ): Promise<Float32Array> {
    const own = this.#spareOf(x.length);
    own.set(x);
    const reply = await this.#ask({ x: own, shape }, [own.buffer]);
    const answer = reply as Extract<NetworkReply, { values: unknown }>;
    this.#spare.push(answer.x);
    if (this.#spare.length > mostSpare) this.#spare.shift();
    return answer.values;
  }

  #spareOf(length: number): Float32Array<ArrayBuffer> {
    const place = this.#spare.findIndex((spare) => spare.length === length);
    if (place < 0) return new Float32Array(length);
    return this.#spare.splice(place, 1)[0]!;
  }

  #ask(
    request: NetworkRequest,
    transfer: Transferable[] = [],
  ): Promise<NetworkReply> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request, transfer);
    });
  }

  #fail(found: string): void {
    this.#failure = new DeviceError(
      cannot("compute with", "network", "in a thread of its own", {
        found: `the thread's end: ${found}`,
      }),
    );
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }

  /** Closes the network, after what is under way, and ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#isOpen && !this.#failure) await this.#ask("close");
    } finally {
      this.#worker.terminate();
    }
  }
}
