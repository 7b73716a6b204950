import { RequestError } from "./request_error.ts";

/** Work that waits. */
interface Waiting {
  readonly begin: () => void;
}

/**
 * Lets so many pieces of work run at once; others wait their turn, and are
 * refused where too many wait.
 *
 * @example
 * ```ts
 * import { RequestError, Turns } from "@unet/http";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const turns = new Turns(1, 0);
 * const first = turns.run(() => Promise.resolve("done"));
 * await assertRejects(() => turns.run(() => first), RequestError);
 * assertEquals(await first, "done");
 * ```
 */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: Waiting[] = [];
  readonly #mostWaiting: number;
  #running = 0;

  /**
   * Starts without any work.
   *
   * @param atOnce How many run at once, at least 1.
   * @param mostWaiting How many may wait.
   */
  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  /** How much work runs. */
  get running(): number {
    return this.#running;
  }

  /** How much work waits. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Does a piece of work when its turn has come.
   *
   * @param work The work.
   * @param signal Gives up waiting; work that has begun sees to that itself.
   * @returns Its result.
   * @throws {RequestError} With status 503, if too many wait already.
   * @throws The signal's reason, if it is aborted before the turn has come.
   */
  async run<Result>(
    work: () => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mostWaiting) {
        throw new RequestError(
          503,
          `Cannot answer request: found ${this.#waiting.length} others waiting; try again`,
          { retryAfter: 1 },
        );
      }
      await this.#wait(signal);
    } else this.#running++;
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next) next.begin();
      else this.#running--;
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal!.reason);
      };
      const waiting: Waiting = {
        begin() {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }
}
