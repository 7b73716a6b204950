import { cannot, DeviceError } from "@unet/errors";

const libc = {
  aligned_alloc: { parameters: ["usize", "usize"], result: "usize" },
  free: { parameters: ["usize"], result: "void" },
  madvise: { parameters: ["usize", "usize", "i32"], result: "i32" },
  sysconf: { parameters: ["i32"], result: "i64" },
  memcpy: { parameters: ["usize", "usize", "usize"], result: "usize" },
  memset: { parameters: ["usize", "i32", "usize"], result: "usize" },
  upload: {
    name: "memcpy",
    parameters: ["usize", "buffer", "usize"],
    result: "usize",
  },
  download: {
    name: "memcpy",
    parameters: ["buffer", "usize", "usize"],
    result: "usize",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** A block of native memory. */
export interface Block {
  /** Its address, a multiple of 64. */
  readonly pointer: bigint;
  /** Its size in bytes, that of its class. */
  readonly bytes: number;
}

const cacheLine = 64, hugePage = 2 ** 21;

/**
 * Native memory in blocks of a few sizes, which are kept and lent again. What
 * is lent out and what is kept together stay below a limit.
 */
export class MemoryPool {
  /** The most that it takes from the system, in bytes. */
  readonly limit: number;
  readonly #libc = Deno.dlopen("libc.so.6", libc);
  readonly #free = new Map<number, Block[]>();
  #lent = 0;
  #kept = 0;
  #peak = 0;

  /** @param limit In bytes; by default nine tenths of the machine's memory. */
  constructor(limit?: number) {
    this.limit = limit ?? 0.9 * this.#machineMemory();
  }

  /** Bytes lent out, bytes kept for later, and the most of both at once. */
  get use(): { lent: number; kept: number; peak: number } {
    return { lent: this.#lent, kept: this.#kept, peak: this.#peak };
  }

  /**
   * Lends a block, its content undefined.
   *
   * @param bytes At least so many.
   * @throws {DeviceError} If the limit would be passed or the system has no
   * more.
   */
  take(bytes: number): Block {
    const size = classOf(bytes);
    const block = this.#reuse(size);
    if (block) {
      this.#kept -= block.bytes;
      this.#lent += block.bytes;
      return block;
    }
    if (this.#lent + this.#kept + size > this.limit) this.trim();
    if (this.#lent + size > this.limit) throw this.#full(size);
    const { aligned_alloc, madvise } = this.#libc.symbols;
    const large = size >= hugePage;
    const pointer = aligned_alloc(
      BigInt(large ? hugePage : cacheLine),
      BigInt(size),
    );
    if (pointer === 0n) throw this.#full(size);
    const useHugePages = 14;
    if (large) madvise(pointer, BigInt(size), useHugePages);
    this.#lent += size;
    this.#peak = Math.max(this.#peak, this.#lent + this.#kept);
    return { pointer, bytes: size };
  }

  /** Takes a block back. */
  give(block: Block): void {
    this.#lent -= block.bytes;
    this.#kept += block.bytes;
    const blocks = this.#free.get(block.bytes);
    if (blocks) blocks.push(block);
    else this.#free.set(block.bytes, [block]);
  }

  /** Gives back to the system what is kept. */
  trim(): void {
    for (const blocks of this.#free.values()) {
      for (const { pointer } of blocks) this.#libc.symbols.free(pointer);
    }
    this.#free.clear();
    this.#kept = 0;
  }

  /** Copies numbers in. */
  upload(pointer: bigint, values: ArrayBufferView<ArrayBuffer>): void {
    const bytes = BigInt(values.byteLength);
    if (bytes > 0n) this.#libc.symbols.upload(pointer, values, bytes);
  }

  /** Copies numbers out. */
  download(pointer: bigint, values: ArrayBufferView<ArrayBuffer>): void {
    const bytes = BigInt(values.byteLength);
    if (bytes > 0n) this.#libc.symbols.download(values, pointer, bytes);
  }

  /** Copies from block to block. */
  copy(to: bigint, from: bigint, bytes: number): void {
    this.#libc.symbols.memcpy(to, from, BigInt(bytes));
  }

  /** Fills with zero bytes. */
  clear(pointer: bigint, bytes: number): void {
    this.#libc.symbols.memset(pointer, 0, BigInt(bytes));
  }

  /** Gives everything back that is not lent out. */
  close(): void {
    this.trim();
    this.#libc.close();
  }

  /** The smallest block kept that is large enough, and not twice too large. */
  #reuse(size: number): Block | undefined {
    let best = Infinity;
    for (const [kept, blocks] of this.#free) {
      if (kept < size || kept > 2 * size || kept >= best) continue;
      if (blocks.length > 0) best = kept;
    }
    return this.#free.get(best)?.pop();
  }

  #machineMemory(): number {
    const pageSize = 30, pages = 85;
    const { sysconf } = this.#libc.symbols;
    return Number(sysconf(pageSize)) * Number(sysconf(pages));
  }

  #full(bytes: number): DeviceError {
    const mebibytes = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`;
    return new DeviceError(
      cannot("allocate", "tensor on device", "onednn", {
        found: `${mebibytes(bytes)} more than fit beside ` +
          `${mebibytes(this.#lent)} in use`,
        expected: `at most ${mebibytes(this.limit)} in all`,
        remedy: "use a smaller batch, a smaller tile, a narrower model or " +
          "--precision mixed; UNET_MEMORY sets the limit in GiB",
      }),
    );
  }
}

/** Powers of two, and seven sizes between each and the next. */
function classOf(bytes: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(bytes, 512)));
  const step = power / 16;
  return Math.ceil(Math.max(bytes, 512) / step) * step;
}
