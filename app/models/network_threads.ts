import type { ImageBatch, Predict } from "@unet/infer";
import type { SavedModel } from "@unet/model";
import type { NetworkChoices } from "./network_messages.ts";
import type { NetworkPlace, PlacedNetwork } from "./network_place.ts";
import { NetworkThread } from "./network_thread.ts";

/**
 * From so many images on, a second network pays: it takes half a second of a
 * core to open.
 */
export const enoughImages = 24;

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
  /** The second network, which is open or about to be. */
  #opening: Promise<PlacedNetwork> | undefined;
  /** Whether both are used. */
  #isShared = false;
  #failure: unknown;

  /**
   * Starts the first thread, which loads its program while the caller continues.
   *
   * @param options How many are needed, as far as that is known.
   * @param options.program The worker's module; that of a network by default.
   * @param options.expectsBatch Whether a batch of images is likely: both
   * threads start then, and the second ends if it is not needed.
   */
  constructor(
    { program, expectsBatch = false }: {
      readonly program?: URL;
      readonly expectsBatch?: boolean;
    } = {},
  ) {
    this.#program = program;
    this.#first = new NetworkThread(program);
    if (expectsBatch) this.#second = new NetworkThread(program);
  }

  /** Opens a network, whose bytes move to its thread. */
  async open(
    saved: Pick<SavedModel, "path" | "bytes">,
    choices: NetworkChoices,
  ): Promise<PlacedNetwork> {
    const bytes = saved.bytes.slice();
    const openSecond = (thread: NetworkThread): Promise<PlacedNetwork> => {
      const opening = thread.open({ path: saved.path, bytes }, choices);
      // Whoever waits for it hears of a failure.
      opening.catch(() => {});
      return opening;
    };
    if (this.#second) this.#opening = openSecond(this.#second);
    const placed = await this.#first.open(saved, choices);
    this.#addLane(placed);
    const { heads, input, ahead } = placed.predict;
    const predict: Predict = (x, shape) => this.#predict(x, shape);
    return {
      ...placed,
      predict: Object.assign(predict, {
        ...{ heads: heads!, ahead: ahead!, ...(input && { input }) },
        prepare: (batch: ImageBatch) => this.#prepare(batch, openSecond),
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
    openSecond: (thread: NetworkThread) => Promise<PlacedNetwork>,
  ): void {
    const isSmall = images >= enoughImages && largestFile <= smallFile;
    const isShared = isSmall && this.#share > 0;
    const fail = (cause: unknown): void => {
      this.#failure ??= cause;
    };
    if (isShared !== this.#isShared) {
      const { threads } = this.#first;
      // Before the first windows, so that it is not the pace that decides.
      this.#first.useThreads(isShared ? this.#share : threads).catch(fail);
    }
    this.#isShared = isShared;
    if (this.#lanes.length > 1) return;
    if (!isShared) {
      this.#second?.[Symbol.asyncDispose]().catch(fail);
      this.#second = this.#opening = undefined;
      return;
    }
    const second = this.#second ??= new NetworkThread(this.#program);
    this.#opening ??= openSecond(second);
    this.#join(second, this.#opening).catch(fail);
  }

  async #join(
    second: NetworkThread,
    opening: Promise<PlacedNetwork>,
  ): Promise<void> {
    const opened = await opening;
    await second.useThreads(this.#share);
    // Unless it was not needed after all, or has joined already.
    if (this.#second === second && this.#lanes.length === 1) {
      this.#addLane(opened);
    }
  }

  async #predict(
    x: Float32Array,
    shape: Parameters<Predict>[1],
  ): Promise<Float32Array> {
    if (this.#failure) throw this.#failure;
    const lanes = this.#isShared ? this.#lanes : this.#lanes.slice(0, 1);
    const lane = lanes.reduce((least, each) =>
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
