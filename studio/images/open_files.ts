interface Entry<Resource> {
  readonly opening: Promise<Resource>;
  uses: number;
  isDropped: boolean;
}

/**
 * Files that stay open for the next request, the latest few of them. One that
 * is in use stays open until that ends.
 */
export class OpenFiles<Resource extends AsyncDisposable>
  implements AsyncDisposable {
  readonly #most: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry<Resource>>();

  /** @param most How many stay open, at least 1. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Does something with an open file.
   *
   * @param key Names the file and its version: a file that changed has another.
   * @param open Opens it.
   * @param work What is done with it.
   * @returns What the work gives.
   * @throws What opening or the work throws.
   */
  async use<Result>(
    key: string,
    open: () => Promise<Resource>,
    work: (resource: Resource) => Promise<Result>,
  ): Promise<Result> {
    const entry = this.#entries.get(key) ??
      { opening: open(), uses: 0, isDropped: false };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.uses++;
    try {
      return await work(await entry.opening);
    } catch (error) {
      // What could not be opened is tried again.
      if (await isFailed(entry.opening)) this.#entries.delete(key);
      throw error;
    } finally {
      entry.uses--;
      if (entry.isDropped) await close(entry);
      await this.#dropOldest();
    }
  }

  async #dropOldest(): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#most) return;
      this.#entries.delete(key);
      entry.isDropped = true;
      await close(entry);
    }
  }

  /** Closes all files, those in use when that ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of entries) {
      entry.isDropped = true;
      await close(entry);
    }
  }
}

async function close(
  { opening, uses }: Entry<AsyncDisposable>,
): Promise<void> {
  if (uses > 0 || await isFailed(opening)) return;
  await (await opening)[Symbol.asyncDispose]();
}

function isFailed(opening: Promise<unknown>): Promise<boolean> {
  return opening.then(() => false, () => true);
}
