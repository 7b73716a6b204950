import { RequestError } from "./request_error.ts";

/**
 * Lets so many pieces of work run at once; others wait their turn, and are
 * refused where too many wait.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: (() => void)[] = [];
  readonly #mostWaiting: number;
  #running = 0;

  /**
   * @param atOnce How many run at once, at least 1.
   * @param mostWaiting How many may wait.
   */
  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Does a piece of work when its turn has come.
   *
   * @param work The work.
   * @returns Its result.
   * @throws {RequestError} With status 503, if too many wait already.
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mostWaiting) {
        throw new RequestError(
          503,
          `Cannot answer request: found ${this.#waiting.length} others waiting; try again`,
        );
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
