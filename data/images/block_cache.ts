/** A decoded block, or one that is being decoded. */
interface CachedBlock<T> {
  readonly row: number;
  readonly content: Promise<T>;
  bytes: number;
}

/**
 * Keeps decoded blocks up to so many bytes.
 *
 * Whoever walks down an image needs the lowest rows of blocks again, the next
 * window up to them; so what lies farthest from the current rows goes first,
 * and of these what was longest unused. The block made last always stays, for
 * the next window most likely needs it again, however large it is.
 */
export class BlockCache<T extends ArrayBufferView> {
  readonly #most: number;
  // In the order of their last use.
  readonly #blocks = new Map<number, CachedBlock<T>>();
  #bytes = 0;

  /** Makes an empty cache of at most so many bytes. */
  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  /** Bytes of all decoded blocks kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Gives a block, decoded now if it is not there.
   *
   * @param key Names the block.
   * @param row Its row, counted in blocks.
   * @param decode Makes it; a failure is not kept.
   */
  get(key: number, row: number, decode: () => Promise<T>): Promise<T> {
    const known = this.#blocks.get(key);
    if (known) {
      this.#blocks.delete(key);
      this.#blocks.set(key, known);
      return known.content;
    }
    const block: CachedBlock<T> = { row, content: decode(), bytes: 0 };
    this.#blocks.set(key, block);
    block.content.then((content) => {
      if (this.#blocks.get(key) !== block) return;
      block.bytes = content.byteLength;
      this.#bytes += block.bytes;
      this.#makeRoom(key, row);
    }, () => this.#blocks.delete(key));
    return block.content;
  }

  /** Forgets blocks until the rest fits, but not the one made last. */
  #makeRoom(last: number, row: number): void {
    while (this.#bytes > this.#most) {
      let farthest: number | undefined, distance = -1;
      for (const [key, block] of this.#blocks) {
        const away = Math.abs(block.row - row);
        if (key !== last && block.bytes > 0 && away > distance) {
          farthest = key;
          distance = away;
        }
      }
      if (farthest === undefined) return;
      this.#bytes -= this.#blocks.get(farthest)!.bytes;
      this.#blocks.delete(farthest);
    }
  }
}
