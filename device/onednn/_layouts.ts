import { type Blocks, blocksOf } from "./_blocks_of.ts";
import type { Handle, Library } from "./_library.ts";
import { dataType } from "./_symbols.ts";

/** What a number in memory is. */
export type NumberType = keyof typeof dataType;

/**
 * How the numbers of a tensor lie in memory. Two layouts are the same exactly
 * if they are the same object.
 */
export interface Layout {
  /** oneDNN's description. */
  readonly handle: Handle;
  /** Sizes in oneDNN's order: features `N, C, H, W`, kernels `O, I, h, w`. */
  readonly dims: readonly number[];
  /** What a number is. */
  readonly type: NumberType;
  /** What a step of one stands for; 1 but for numbers of eight bits. */
  readonly scale: number;
  /** Bytes in memory, gaps and padding included. */
  readonly bytes: number;
  /** Distinguishes layouts in the keys of caches. */
  readonly id: number;
  /** Whether there is no gap and no padding. */
  readonly dense: boolean;
  /**
   * How floats lie, in words that are the same in every process; null where
   * oneDNN does not say, and of other numbers.
   */
  readonly order: string | null;
  /** The same numbers in the order of tfjs, as float32. */
  readonly rowMajor: Layout;
}

const bytesOf: Record<NumberType, number> = { bf16: 2, f32: 4, s8: 1, u8: 1 };
/** In oneDNN's words: let the primitive choose. */
const anyTag = 1;

/** Makes layouts, each once. */
export class Layouts {
  readonly #library: Library;
  readonly #known = new Map<string, Layout[]>();
  #count = 0;
  #blockedTag = 0;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Numbers one after the other in the order of `dims`. */
  vector(dims: readonly number[], type: NumberType = "f32"): Layout {
    return this.strided(dims, stridesOf(dims), type);
  }

  /** Features `[N, H, W, C]` in tfjs' order. */
  features(shape: readonly number[], type: NumberType = "f32"): Layout {
    const [n, h, w, c] = shape as [number, number, number, number];
    return this.strided([n, c, h, w], [h * w * c, 1, w * c, c], type);
  }

  /**
   * Features `[N, H, W, C]` as convolutions like them: in blocks of 16
   * channels where they fill such blocks, else in tfjs' order.
   */
  preferred(shape: readonly number[], type: NumberType = "f32"): Layout {
    const [n, h, w, c] = shape as [number, number, number, number];
    if (c % 16 !== 0) return this.features(shape, type);
    const dims = [n, c, h, w];
    return this.#remember(`b${type}${dims}`, () => {
      this.#blockedTag ||= this.#findBlockedTag();
      const handle = this.#tagged(dims, type, this.#blockedTag);
      return this.intern(handle, this.features(shape), type);
    });
  }

  /** Features `[N, H, W, C]` of eight bits, in tfjs' order. */
  eightBits(
    shape: readonly number[],
    type: "s8" | "u8",
    scale: number,
  ): Layout {
    const features = this.features(shape, type);
    return this.#remember(
      `8${features.id}*${scale}`,
      () => ({ ...features, scale, id: this.#count++ }),
    );
  }

  /** A kernel `[h, w, in, out]` in tfjs' order. */
  kernel(shape: readonly number[]): Layout {
    const [h, w, i, o] = shape as [number, number, number, number];
    return this.strided([o, i, h, w], this.kernelStrides(shape));
  }

  /** Strides of a kernel `[h, w, in, out]` in oneDNN's order of dimensions. */
  kernelStrides([, w, i, o]: readonly number[]): number[] {
    return [1, o!, w! * i! * o!, i! * o!];
  }

  /** Numbers with a stride for each of `dims`. */
  strided(
    dims: readonly number[],
    strides: readonly number[],
    type: NumberType = "f32",
  ): Layout {
    return this.#remember(`s${type}${dims}/${strides}`, () => {
      const handle = this.#library.create(
        "dnnl_memory_desc_create_with_strides",
        "a layout",
        dims.length,
        dimsOf(dims),
        dataType[type],
        dimsOf(strides),
      );
      if (type === "f32") return this.#add(handle, dims, type, null);
      return this.#add(handle, dims, type, this.strided(dims, strides));
    });
  }

  /** A description that leaves the layout to the primitive. */
  any(dims: readonly number[], type: NumberType = "f32"): Handle {
    return this.#remember(`a${type}${dims}`, () => {
      const handle = this.#tagged(dims, type, anyTag);
      return this.#add(handle, dims, type, null);
    }).handle;
  }

  /** A part of a layout's memory, from these places on and of these sizes. */
  part(
    of: Layout,
    offsets: readonly number[],
    dims: readonly number[],
  ): Layout {
    return this.#remember(`p${of.id}/${offsets}/${dims}`, () => {
      const handle = this.#library.create(
        "dnnl_memory_desc_create_submemory",
        "a part of a tensor",
        of.handle,
        dimsOf(dims),
        dimsOf(offsets),
      );
      return this.#add(handle, dims, of.type, null);
    });
  }

  /** Some channels of features. */
  channels(of: Layout, from: number, count: number): Layout {
    const [n, , h, w] = of.dims as [number, number, number, number];
    return this.part(of, [0, from, 0, 0], [n, count, h, w]);
  }

  /** All numbers of a layout in a row, gaps and padding included. */
  flat(of: Layout): Layout {
    return this.vector([of.bytes / bytesOf[of.type]], of.type);
  }

  /**
   * The layout that oneDNN describes; the description stays its owner's.
   *
   * @param rowMajor The same numbers in tfjs' order.
   */
  intern(
    handle: Handle,
    rowMajor: Layout,
    type: NumberType = "f32",
  ): Layout {
    const { functions } = this.#library;
    const same = this.#ofKind(`i${type}${rowMajor.id}`);
    if (type === "f32" && !same.includes(rowMajor)) same.push(rowMajor);
    const known = same.find((layout) =>
      functions.dnnl_memory_desc_equal(layout.handle, handle) === 1
    );
    if (known) return known;
    const copy = this.#library.create(
      "dnnl_memory_desc_clone",
      "a layout",
      handle,
    );
    const layout = this.#add(copy, rowMajor.dims, type, rowMajor);
    same.push(layout);
    return layout;
  }

  /** Frees oneDNN's descriptions. */
  close(): void {
    const layouts = [...this.#known.values()].flat();
    for (const handle of new Set(layouts.map(({ handle }) => handle))) {
      this.#library.functions.dnnl_memory_desc_destroy(handle);
    }
    this.#known.clear();
  }

  #ofKind(key: string): Layout[] {
    const kind = this.#known.get(key);
    if (kind) return kind;
    const fresh: Layout[] = [];
    this.#known.set(key, fresh);
    return fresh;
  }

  #remember(key: string, make: () => Layout): Layout {
    const kind = this.#ofKind(key);
    return kind[0] ??= make();
  }

  #add(
    handle: Handle,
    dims: readonly number[],
    type: NumberType,
    rowMajor: Layout | null,
  ): Layout {
    const bytes = Number(
      this.#library.functions.dnnl_memory_desc_get_size(handle),
    );
    const size = dims.reduce((a, b) => a * b, 1);
    const layout = {
      handle,
      dims,
      type,
      scale: 1,
      bytes,
      id: this.#count++,
      dense: bytes === size * bytesOf[type],
      order: type === "f32" ? this.#order(handle, dims) : null,
    };
    const self: Layout = { ...layout, rowMajor: null! };
    return Object.assign(self, { rowMajor: rowMajor ?? self });
  }

  #order(handle: Handle, dims: readonly number[]): string | null {
    const blocks = blocksOf(this.#library, handle, dims.length);
    return blocks && `${dims}/${blocks.strides}/${inner(blocks)}`;
  }

  #tagged(dims: readonly number[], type: NumberType, tag: number): Handle {
    return this.#library.create(
      "dnnl_memory_desc_create_with_tag",
      "a layout",
      dims.length,
      dimsOf(dims),
      dataType[type],
      tag,
    );
  }

  /**
   * The number of the tag nChw16c, which differs from release to release:
   * found by what it does to a tensor.
   */
  #findBlockedTag(): number {
    const highest = 1024;
    for (let tag = 2; tag < highest; tag++) {
      if (this.#isBlocked(tag)) return tag;
    }
    throw new Error("no layout in blocks of 16 channels in this oneDNN");
  }

  #isBlocked(tag: number): boolean {
    const { functions } = this.#library;
    const result = new BigUint64Array(1);
    const status = functions.dnnl_memory_desc_create_with_tag(
      result,
      4,
      dimsOf([2, 64, 4, 4]),
      dataType.f32,
      tag,
    );
    if (status !== 0) return false;
    const whole = result[0]!;
    try {
      const order = blocksOf(this.#library, whole, 4);
      return order !== null && describe(order) === "0123/1:16";
    } finally {
      functions.dnnl_memory_desc_destroy(whole);
    }
  }
}

/** Dimensions by falling stride, then the inner blocks. */
function describe(blocks: Blocks): string {
  const { strides } = blocks;
  const order = strides.map((_, i) => i)
    .sort((a, b) => strides[b]! - strides[a]! || a - b);
  return `${order.join("")}/${inner(blocks)}`;
}

function inner({ sizes, axes }: Blocks): string {
  return axes.map((axis, i) => `${axis}:${sizes[i]}`).join();
}

/** Strides of numbers without gaps, the last dimension innermost. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let i = dims.length - 2; i >= 0; i--) {
    strides[i] = strides[i + 1]! * dims[i + 1]!;
  }
  return strides;
}

/** An array of oneDNN's type `dnnl_dims_t`. */
export function dimsOf(sizes: readonly number[]): BigInt64Array<ArrayBuffer> {
  const dims = new BigInt64Array(12);
  sizes.forEach((size, i) => dims[i] = BigInt(size));
  return dims;
}
