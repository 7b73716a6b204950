/** Bytes that a {@linkcode ByteBudget} has lent; disposing gives them back. */
export interface Loan extends Disposable {
  /** How many. */
  readonly bytes: number;
}

/** A call that waits for its turn. */
interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Bytes of memory that several tasks of a process share: each asks for what it
 * is about to take, and waits until that fits beside what the others hold. The
 * order of the calls is kept, so that large tasks get their turn. A task larger
 * than the whole budget runs alone.
 *
 * A task must not ask for a loan of the same budget while it holds one: two
 * such tasks could wait for each other forever.
 *
 * @example
 * ```ts
 * import { ByteBudget } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const budget = new ByteBudget(100);
 * let most = 0;
 * await Promise.all([60, 60, 250, 30].map((bytes) =>
 *   budget.use(bytes, async () => {
 *     most = Math.max(most, Math.min(budget.lent, 100));
 *     await new Promise((resolve) => setTimeout(resolve, 1));
 *   })
 * ));
 * assertEquals([most, budget.lent], [100, 0]);
 * ```
 */
export class ByteBudget {
  /** How many bytes are lent at once, but for a task that is alone. */
  readonly total: number;
  readonly #waiting: Waiting[] = [];
  #lent = 0;

  /**
   * Makes a budget of which nothing is lent.
   *
   * @param total Bytes, above 0.
   * @throws {RangeError} If that is no budget.
   */
  constructor(total: number) {
    if (!(total > 0)) {
      throw new RangeError(
        `Cannot make budget: found ${total} bytes, expected more than 0`,
      );
    }
    this.total = total;
  }

  /** How many bytes are lent now. */
  get lent(): number {
    return this.#lent;
  }

  /**
   * Waits for bytes; whoever gets them gives them back by disposing of the
   * loan, even when the work fails.
   *
   * @param bytes How many, from 0.
   * @returns The loan.
   * @throws {RangeError} If that is no number of bytes.
   */
  async lend(bytes: number): Promise<Loan> {
    if (!(bytes >= 0 && bytes < Infinity)) {
      throw new RangeError(
        `Cannot lend bytes: found ${bytes}, expected a number from 0`,
      );
    }
    if (this.#waiting.length === 0 && this.#fits(bytes)) this.#lent += bytes;
    else {
      await new Promise<void>((start) => this.#waiting.push({ bytes, start }));
    }
    let isHeld = true;
    return {
      bytes,
      [Symbol.dispose]: () => {
        if (isHeld) this.#giveBack(bytes);
        isHeld = false;
      },
    };
  }

  /**
   * Does some work while bytes are lent for it.
   *
   * @param bytes How many the work takes.
   * @param work The work.
   * @returns What the work gives.
   */
  async use<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    using _loan = await this.lend(bytes);
    return await work();
  }

  #fits(bytes: number): boolean {
    return this.#lent === 0 || this.#lent + bytes <= this.total;
  }

  #giveBack(bytes: number): void {
    this.#lent -= bytes;
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.bytes)) {
      const { bytes, start } = this.#waiting.shift()!;
      this.#lent += bytes;
      start();
    }
  }
}
