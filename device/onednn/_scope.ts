import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Layout } from "./_layouts.ts";
import type { Block, MemoryPool } from "./_memory_pool.ts";
import type { Reorder } from "./_reorder.ts";
import type { OnednnBackend } from "./onednn_backend.ts";

/** A kernel's output: the tensor, and where to compute it. */
export interface Output {
  /** The tensor. */
  readonly tensor: TensorInfo;
  /** Its address. */
  readonly address: bigint;
}

/** What a scope borrows from. */
export interface Lender {
  /** The tensors. */
  readonly backend: OnednnBackend;
  /** Copies from layout to layout. */
  readonly reorder: Reorder;
  /** Native memory. */
  readonly pool: MemoryPool;
}

/** The memory that one run of a kernel borrows. */
export class Scope {
  readonly #lender: Lender;
  readonly #borrowed: Block[] = [];
  readonly #outputs: TensorInfo[] = [];

  constructor(lender: Lender) {
    this.#lender = lender;
  }

  /** Where a tensor's numbers lie in a layout; copied if need be. */
  source(tensor: TensorInfo, layout: Layout): bigint {
    const { backend, reorder } = this.#lender;
    const native = backend.nativeOf(tensor);
    const from = native.layout ?? layout.rowMajor;
    if (from === layout) return native.block.pointer;
    const copy = this.#borrow(layout.bytes);
    reorder.run(from, layout, native.block, copy);
    return copy.pointer;
  }

  /** As {@linkcode source}; the tensor stays in that layout. */
  settled(tensor: TensorInfo, layout: Layout): bigint {
    const { backend, reorder, pool } = this.#lender;
    const native = backend.nativeOf(tensor);
    const from = native.layout ?? layout.rowMajor;
    if (from === layout) return native.block.pointer;
    const block = pool.take(layout.bytes);
    reorder.run(from, layout, native.block, block);
    backend.settle(tensor, { block, layout: stored(layout) });
    return block.pointer;
  }

  /** As {@linkcode source}; the copy stays as long as the tensor. */
  copied(tensor: TensorInfo, layout: Layout): bigint {
    const { backend, reorder } = this.#lender;
    const known = backend.copiesOf(tensor).get(layout);
    if (known) return known.pointer;
    const native = backend.nativeOf(tensor);
    const from = native.layout ?? layout.rowMajor;
    if (from === layout) return native.block.pointer;
    return this.derived(
      tensor,
      layout,
      layout.bytes,
      (pointer) => reorder.run(from, layout, native.block, { pointer }),
    );
  }

  /** What is made of a tensor, and kept under a key as long as the tensor. */
  derived(
    tensor: TensorInfo,
    key: object,
    bytes: number,
    make: (to: bigint) => void,
  ): bigint {
    const { backend, pool } = this.#lender;
    const copies = backend.copiesOf(tensor);
    const known = copies.get(key);
    if (known) return known.pointer;
    const block = pool.take(bytes);
    make(block.pointer);
    copies.set(key, block);
    backend.forget(tensor);
    return block.pointer;
  }

  /** A new tensor, its content undefined. */
  output(shape: readonly number[], layout: Layout): Output {
    const { backend, pool } = this.#lender;
    const block = pool.take(layout.bytes);
    const native = { block, layout: stored(layout) };
    const tensor = backend.adopt([...shape], native);
    this.#outputs.push(tensor);
    return { tensor, address: block.pointer };
  }

  /**
   * A tensor that takes the place of another: in its memory if nobody else
   * holds that, else new.
   */
  successor(of: TensorInfo, layout: Layout): Output {
    const { backend } = this.#lender;
    const block = backend.takeOver(of, stored(layout));
    if (block === null) return this.output(of.shape, layout);
    const { dataId, shape, dtype } = of;
    backend.incRef(dataId);
    return { tensor: { dataId, shape, dtype }, address: block.pointer };
  }

  /** Gives back an output that was only needed in between. */
  release({ dataId }: TensorInfo): void {
    const place = this.#outputs.findIndex((tensor) => tensor.dataId === dataId);
    this.#outputs.splice(place, 1);
    this.#lender.backend.disposeData(dataId, true);
  }

  /** Memory for as long as the kernel runs. */
  scratch(bytes: number): bigint {
    return this.#borrow(bytes).pointer;
  }

  /** Where these numbers lie, each for itself, as long as the kernel runs. */
  numbers(...values: readonly number[]): bigint[] {
    const address = this.scratch(4 * values.length);
    this.#lender.pool.upload(address, Float32Array.from(values));
    return values.map((_, i) => address + BigInt(4 * i));
  }

  /** The outputs are the caller's from now on. */
  succeed(): void {
    this.#outputs.length = 0;
  }

  /** Gives back what was borrowed, and the outputs of what failed. */
  end(): void {
    const { backend, pool } = this.#lender;
    for (const block of this.#borrowed) pool.give(block);
    for (const { dataId } of this.#outputs) backend.disposeData(dataId, true);
    this.#borrowed.length = 0;
    this.#outputs.length = 0;
  }

  #borrow(bytes: number): Block {
    const block = this.#lender.pool.take(bytes);
    this.#borrowed.push(block);
    return block;
  }
}

/** A layout as the backend stores it: null where it is tfjs' own order. */
function stored(layout: Layout): Layout | null {
  return layout.dense && layout.rowMajor === layout ? null : layout;
}
