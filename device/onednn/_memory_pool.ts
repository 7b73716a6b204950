import { cannot, DeviceError } from "@unet/errors";
import { FreeRanges } from "./_free_ranges.ts";

const libc = {
  aligned_alloc: { parameters: ["usize", "usize"], result: "usize" },
  free: { parameters: ["usize"], result: "void" },
  mmap: {
    parameters: ["usize", "usize", "i32", "i32", "i32", "i64"],
    result: "usize",
  },
  munmap: { parameters: ["usize", "usize"], result: "i32" },
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
/** Blocks from this size on are parts of one stretch, in such units. */
const large = 2 ** 18, unit = 2 ** 16;
/** Flags of `mmap` and `madvise`. */
const memoryFlags = {
  readAndWrite: 3,
  privateUnreservedNothing: 0x4022,
  useHugePages: 14,
  forget: 4,
} as const;
/** What `mmap` answers when it fails. */
const refused = 2n ** 64n - 1n;

/**
 * Native memory in blocks that are lent again: large ones are parts of one
 * stretch of addresses, of which only what was ever used takes memory; small
 * ones come in a few sizes, and are kept by size.
 */
export class MemoryPool {
  /** The most that it lends at a time, in bytes. */
  readonly limit: number;
  /** Runs what waits to work on its memory, before that is used otherwise. */
  settle: () => void = () => {};
  readonly #libc = Deno.dlopen("libc.so.6", libc);
  readonly #small = new Map<number, Block[]>();
  readonly #ranges: FreeRanges;
  readonly #length: number;
  readonly #start: bigint;
  #lent = 0;
  #kept = 0;
  #peak = 0;

  /** @param limit In bytes; by default nine tenths of the machine's memory. */
  constructor(limit?: number) {
    this.limit = limit ?? 0.9 * this.#machineMemory();
    // Addresses cost nothing, and gaps between blocks need some.
    this.#length = Math.ceil(2 * this.limit / hugePage) * hugePage;
    this.#ranges = new FreeRanges(this.#length);
    const { mmap, madvise } = this.#libc.symbols;
    const bytes = BigInt(this.#length);
    const { readAndWrite, privateUnreservedNothing } = memoryFlags;
    this.#start = mmap(
      0n,
      bytes,
      readAndWrite,
      privateUnreservedNothing,
      -1,
      0n,
    );
    if (this.#start === refused) throw this.#full(this.#length);
    madvise(this.#start, bytes, memoryFlags.useHugePages);
  }

  /** Bytes lent out, small blocks kept for later, and the most lent at once. */
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
    if (this.#lent + size > this.limit) throw this.#full(size);
    const pointer = size >= large
      ? this.#takeLarge(size)
      : this.#takeSmall(size);
    if (pointer === null) throw this.#full(size);
    this.#lent += size;
    this.#peak = Math.max(this.#peak, this.#lent);
    return { pointer, bytes: size };
  }

  #takeLarge(size: number): bigint | null {
    const offset = this.#ranges.take(size);
    return offset === null ? null : this.#start + BigInt(offset);
  }

  #takeSmall(size: number): bigint | null {
    const block = this.#small.get(size)?.pop();
    if (block) {
      this.#kept -= size;
      return block.pointer;
    }
    const { aligned_alloc } = this.#libc.symbols;
    return aligned_alloc(BigInt(cacheLine), BigInt(size)) || null;
  }

  /** Takes a block back. */
  give(block: Block): void {
    const { pointer, bytes } = block;
    this.#lent -= bytes;
    if (bytes >= large) {
      this.#ranges.give(Number(pointer - this.#start), bytes);
      return;
    }
    this.#kept += bytes;
    const blocks = this.#small.get(bytes);
    if (blocks) blocks.push(block);
    else this.#small.set(bytes, [block]);
  }

  /** Gives back to the system what is not lent out. */
  trim(): void {
    this.settle();
    const { free, madvise } = this.#libc.symbols;
    for (const blocks of this.#small.values()) {
      for (const { pointer } of blocks) free(pointer);
    }
    this.#small.clear();
    this.#kept = 0;
    for (const { start, size } of this.#ranges.parts) {
      madvise(this.#start + BigInt(start), BigInt(size), memoryFlags.forget);
    }
  }

  /** Copies numbers in. */
  upload(pointer: bigint, values: ArrayBufferView<ArrayBuffer>): void {
    this.settle();
    const bytes = BigInt(values.byteLength);
    if (bytes > 0n) this.#libc.symbols.upload(pointer, values, bytes);
  }

  /** Copies numbers out. */
  download(pointer: bigint, values: ArrayBufferView<ArrayBuffer>): void {
    this.settle();
    const bytes = BigInt(values.byteLength);
    if (bytes > 0n) this.#libc.symbols.download(values, pointer, bytes);
  }

  /** Numbers where they lie, as long as that is lent. */
  floats(pointer: bigint, count: number): Float32Array<ArrayBuffer> {
    this.settle();
    const address = Deno.UnsafePointer.create(pointer)!;
    const { getArrayBuffer } = Deno.UnsafePointerView;
    return new Float32Array(getArrayBuffer(address, 4 * count));
  }

  /** Copies from block to block. */
  copy(to: bigint, from: bigint, bytes: number): void {
    this.settle();
    this.#libc.symbols.memcpy(to, from, BigInt(bytes));
  }

  /** Fills with zero bytes. */
  clear(pointer: bigint, bytes: number): void {
    this.settle();
    this.#libc.symbols.memset(pointer, 0, BigInt(bytes));
  }

  /** Gives everything back; nothing that was lent can be used any more. */
  close(): void {
    this.trim();
    this.#libc.symbols.munmap(this.#start, BigInt(this.#length));
    this.#libc.close();
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
          "`precision mixed`; UNET_MEMORY sets the limit in GiB",
      }),
    );
  }
}

/** Whole units, or of small blocks powers of two and seven sizes between. */
function classOf(bytes: number): number {
  if (bytes > large - unit) return Math.ceil(bytes / unit) * unit;
  const power = 2 ** Math.ceil(Math.log2(Math.max(bytes, 512)));
  const step = power / 16;
  return Math.ceil(Math.max(bytes, 512) / step) * step;
}
