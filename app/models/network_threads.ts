import type { ImageBatch, Predict } from "@unet/infer";
import type { SavedModel } from "@unet/model";
import type { NetworkChoices } from "./network_messages.ts";
import type { NetworkPlace, PlacedNetwork } from "./network_place.ts";
import { NetworkThread } from "./network_thread.ts";

/**
 * From so many images on, a second network pays: it takes half a second of a
 * core to open.
 */
const enoughImages = 24;

/**
 * Bytes of a file that is surely small enough: each network has memory for the
 * windows that it sees.
 */
const smallFile = 2 ** 20;

/** A network in a thread, and the windows that wait for it. */
interface Lane {
  readonly predict: Predict;
  waiting: number;
}

/**
 * A network in a thread of its own or, for a batch of small images, two of them
 * in two threads, each with half of the processor: windows of different images
 * do not depend on one another, while threads that share one window wait for
 * each other in every layer.
 */
export class NetworkThreads implements NetworkPlace {
  readonly #program: URL | undefined;
  readonly #first: NetworkThread;
  readonly #lanes: Lane[] = [];
  #second: NetworkThread | undefined;
  #failure: unknown;

  /**
   * Starts the first thread, which loads its program while the caller continues.
   *
   * @param program The worker's module; that of a network by default.
   */
  constructor(program?: URL) {
    this.#program = program;
    this.#first = new NetworkThread(program);
  }

  /** Opens a network, whose bytes move to its thread. */
  async open(
    saved: Pick<SavedModel, "path" | "bytes">,
    choices: NetworkChoices,
  ): Promise<PlacedNetwork> {
    const bytes = saved.bytes.slice();
    const placed = await this.#first.open(saved, choices);
    this.#addLane(placed);
    const { heads, input, ahead } = placed.predict;
    const predict: Predict = (x, shape) => this.#predict(x, shape);
    const open = async (thread: NetworkThread): Promise<void> => {
      const again = { path: saved.path, bytes };
      const opened = await thread.open(again, choices);
      await thread.useThreads(this.#share);
      this.#addLane(opened);
    };
    return {
      ...placed,
      predict: Object.assign(predict, {
        ...{ heads: heads!, ahead: ahead!, ...(input && { input }) },
        prepare: (batch: ImageBatch) => this.#prepare(batch, open),
      }),
    };
  }

  /** The threads that each of two networks computes with; 0 for a single one. */
  get #share(): number {
    return Math.floor(this.#first.threads / 2);
  }

  #addLane({ predict }: PlacedNetwork): void {
    this.#lanes.push({ predict, waiting: 0 });
  }

  #prepare(
    { images, largestFile }: ImageBatch,
    open: (thread: NetworkThread) => Promise<void>,
  ): void {
    const isSmall = images >= enoughImages && largestFile <= smallFile;
    if (!isSmall || this.#share === 0 || this.#second) return;
    const fail = (cause: unknown): void => {
      this.#failure ??= cause;
    };
    // Before the first windows, so that it is not the pace that decides.
    this.#first.useThreads(this.#share).catch(fail);
    this.#second = new NetworkThread(this.#program);
    open(this.#second).catch(fail);
  }

  async #predict(
    x: Float32Array,
    shape: Parameters<Predict>[1],
  ): Promise<Float32Array> {
    if (this.#failure) throw this.#failure;
    const lane = this.#lanes.reduce((least, each) =>
      each.waiting < least.waiting ? each : least
    );
    lane.waiting++;
    try {
      return await lane.predict(x, shape);
    } finally {
      lane.waiting--;
    }
  }

  /** Closes the networks, after what is under way, and ends the threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    await using _first = this.#first;
    await this.#second?.[Symbol.asyncDispose]();
  }
}
