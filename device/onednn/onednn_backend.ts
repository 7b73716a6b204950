import {
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { FloatLender, LentFloats } from "../lend_floats.ts";
import type { Layout } from "./_layouts.ts";
import type { Block, MemoryPool } from "./_memory_pool.ts";
import type { Reorder } from "./_reorder.ts";
import type { Companion, Entry, Joint, Native, Part } from "./_tensor_entry.ts";

/**
 * tfjs' backend whose tensors lie in native memory, in the layouts that
 * oneDNN likes; they are put in tfjs' order when somebody reads them. Numbers
 * that no kernel of oneDNN asked for yet stay in JavaScript's memory.
 */
export class OnednnBackend extends KernelBackend implements FloatLender {
  readonly #pool: MemoryPool;
  readonly #reorder: Reorder;
  readonly #data: DataStorage<Entry>;
  /** Blocks that several tensors hold: how many besides the first. */
  readonly #shared = new Map<Block, number>();

  /**
   * @param pool Lends the memory.
   * @param reorder Copies numbers from one layout to another.
   */
  constructor(pool: MemoryPool, reorder: Reorder) {
    super();
    this.#pool = pool;
    this.#reorder = reorder;
    this.#data = new DataStorage<Entry>(this, engine());
  }

  override write(
    values: BackendValues,
    shape: number[],
    dtype: DataType,
  ): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: DataId,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    references: number,
  ): void {
    const size = shape.reduce((a, b) => a * b, 1);
    const native = null, compute = null;
    this.#add(dataId, { dtype, size, values, native, compute, references });
  }

  /** Makes a tensor of what a kernel computed. */
  adopt(shape: number[], native: Native): TensorInfo {
    const dataId = {}, dtype = "float32";
    const size = shape.reduce((a, b) => a * b, 1);
    const values = null, compute = null, references = 1;
    this.#add(dataId, { dtype, size, values, native, compute, references });
    return { dataId, shape, dtype };
  }

  /**
   * Makes a tensor whose numbers are computed when somebody needs them, and
   * again after {@linkcode forget}.
   *
   * @param compute Fills in the numbers in tfjs' order, always the same ones.
   */
  adoptLazily(
    shape: number[],
    compute: (to: Float32Array) => void,
  ): TensorInfo {
    const dataId = {}, dtype = "float32";
    const size = shape.reduce((a, b) => a * b, 1);
    const values = null, native = null, references = 1;
    this.#add(dataId, { dtype, size, values, native, compute, references });
    return { dataId, shape, dtype };
  }

  /**
   * Makes a tensor of two whose channels follow one another, and takes over
   * their memory: it is copied when somebody needs all numbers in one piece.
   *
   * @param join Copies them.
   */
  adoptJoint(
    shape: number[],
    parts: readonly [Part, Part],
    join: () => Native,
  ): TensorInfo {
    const dataId = {}, dtype = "float32";
    const size = shape.reduce((a, b) => a * b, 1);
    const values = null, native = null, compute = null, references = 1;
    this.#add(dataId, { dtype, size, values, native, compute, references });
    this.#data.get(dataId).joint = { parts, join };
    return { dataId, shape, dtype };
  }

  /** The parts that a tensor is joined of, while it is in parts. */
  partsOf({ dataId }: TensorInfo): readonly Part[] | null {
    return this.#data.get(dataId).joint?.parts ?? null;
  }

  /** Gives back the memory of numbers that can be computed again. */
  forget({ dataId }: TensorInfo): void {
    const entry = this.#data.get(dataId);
    if (!entry.compute || !entry.native) return;
    this.#giveBack(entry.native.block);
    entry.native = null;
  }

  #add(
    dataId: DataId,
    entry: Omit<Entry, "copies" | "companion" | "joint">,
  ): void {
    const copies = new Map(), companion = null, joint = null;
    this.#data.set(dataId, { ...entry, copies, companion, joint });
  }

  /**
   * A tensor's numbers in native memory, wherever they were.
   *
   * @throws {DeviceError} If there is no room.
   */
  nativeOf({ dataId }: TensorInfo): Native {
    const entry = this.#data.get(dataId);
    if (entry.native) return entry.native;
    if (entry.joint) return this.#join(entry, entry.joint);
    if (entry.compute) {
      const block = this.#pool.take(4 * entry.size);
      entry.compute(this.#pool.floats(block.pointer, entry.size));
      entry.native = { block, layout: null };
      return entry.native;
    }
    const values = entry.values as Float32Array<ArrayBuffer>;
    const floats = values instanceof Float32Array
      ? values
      : Float32Array.from(values as ArrayLike<number>);
    const block = this.#pool.take(floats.byteLength);
    this.#pool.upload(block.pointer, floats);
    entry.native = { block, layout: null };
    // tfjs' tensors never change, but the array that one was made of may.
    entry.values = null;
    return entry.native;
  }

  #join(entry: Entry, { parts, join }: Joint): Native {
    entry.native = join();
    entry.joint = null;
    for (const { native } of parts) this.#giveBack(native.block);
    return entry.native;
  }

  /**
   * Lends a tensor's memory to be changed in place, if nobody else holds its
   * data and the numbers lie in that layout; what was derived of them goes.
   *
   * @param layout The layout; null: tfjs' order.
   * @returns The memory, or null.
   */
  takeOver({ dataId }: TensorInfo, layout: Layout | null): Block | null {
    const entry = this.#data.get(dataId);
    const { native, compute, references } = entry;
    const fits = native?.layout === layout && references <= 1;
    if (!native || !fits || compute) return null;
    for (const block of entry.copies.values()) this.#pool.give(block);
    entry.copies.clear();
    if (entry.companion) this.#pool.give(entry.companion.block);
    entry.companion = null;
    return native.block;
  }

  /** Lends a tensor's numbers where they lie, as {@linkcode FloatLender} says. */
  lendFloats(tensor: TensorInfo): LentFloats | null {
    const { native, size } = this.#data.get(tensor.dataId);
    if (!native || this.#shared.has(native.block)) return null;
    const { layout } = native, order = layout ? layout.order : "rows";
    const block = order === null ? null : this.takeOver(tensor, layout);
    if (order === null || block === null) return null;
    const count = layout ? layout.bytes / 4 : size;
    return { values: this.#pool.floats(block.pointer, count), order };
  }

  /** The tensor's numbers in JavaScript's memory, if they are there. */
  valuesOf({ dataId }: TensorInfo): BackendValues | null {
    return this.#data.get(dataId).values;
  }

  /** Puts a tensor's numbers in another layout for good. */
  settle({ dataId }: TensorInfo, native: Native): void {
    const entry = this.#data.get(dataId);
    if (entry.native) this.#pool.give(entry.native.block);
    entry.native = native;
  }

  /** Copies of a tensor, by layout or another key, which go with it. */
  copiesOf({ dataId }: TensorInfo): Map<object, Block> {
    return this.#data.get(dataId).copies;
  }

  /** What goes with a tensor, if it is of that kind. */
  companionOf({ dataId }: TensorInfo, key: string): Block | null {
    const { companion } = this.#data.get(dataId);
    return companion?.key === key ? companion.block : null;
  }

  /** Lends a tensor's memory to another one, until that is disposed too. */
  share(tensor: TensorInfo): Block {
    const { block } = this.nativeOf(tensor);
    this.#shared.set(block, (this.#shared.get(block) ?? 0) + 1);
    return block;
  }

  #giveBack(block: Block): void {
    const others = this.#shared.get(block) ?? 0;
    if (others === 0) this.#pool.give(block);
    else if (others === 1) this.#shared.delete(block);
    else this.#shared.set(block, others - 1);
  }

  /** Lets something go with a tensor. */
  accompany({ dataId }: TensorInfo, companion: Companion): void {
    this.#data.get(dataId).companion = companion;
  }

  override readSync(dataId: DataId): BackendValues {
    const entry = this.#data.get(dataId);
    if (entry.joint) this.#join(entry, entry.joint);
    const { values, native, compute, size } = entry;
    if (values) return values;
    const result = new Float32Array(size);
    if (size === 0) return result;
    if (!native && compute) {
      compute(result);
      return result;
    }
    const { block, layout } = native!;
    if (layout === null) {
      this.#pool.download(block.pointer, result);
      return result;
    }
    const plain = this.#pool.take(layout.rowMajor.bytes);
    try {
      this.#reorder.run(layout, layout.rowMajor, block, plain);
      this.#pool.download(plain.pointer, result);
    } finally {
      this.#pool.give(plain);
    }
    return result;
  }

  override read(dataId: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).references : 0;
  }

  override incRef(dataId: DataId): void {
    this.#data.get(dataId).references++;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const entry = this.#data.get(dataId);
    if (--entry.references > 0 && !force) return false;
    if (entry.native) this.#giveBack(entry.native.block);
    for (const { native } of entry.joint?.parts ?? []) {
      this.#giveBack(native.block);
    }
    if (entry.companion) this.#giveBack(entry.companion.block);
    for (const block of entry.copies.values()) this.#pool.give(block);
    this.#data.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override time(run: () => void): Promise<{ kernelMs: number }> {
    const begin = performance.now();
    run();
    return Promise.resolve({ kernelMs: performance.now() - begin });
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {}
}
