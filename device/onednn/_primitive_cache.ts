/** Something that must be destroyed. */
interface Destroyable {
  destroy(): void;
}

/**
 * Keeps what is costly to make, up to a number; what was not used for the
 * longest goes first.
 */
export class PrimitiveCache<Value extends Destroyable> {
  readonly #limit: number;
  readonly #kept = new Map<string, Value>();

  /** @param limit How many are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** What is kept under a key, made if it is not there. */
  get(key: string, make: () => Value): Value {
    return this.find(key, make)!;
  }

  /** As {@linkcode get}; null, which is not kept, where it cannot be made. */
  find(key: string, make: () => Value | null): Value | null {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const fresh = make();
    if (fresh === null) return null;
    this.#kept.set(key, fresh);
    if (this.#kept.size > this.#limit) {
      const [oldest, value] = this.#kept.entries().next().value!;
      this.#kept.delete(oldest);
      value.destroy();
    }
    return fresh;
  }

  /** Destroys everything. */
  clear(): void {
    for (const value of this.#kept.values()) value.destroy();
    this.#kept.clear();
  }
}
