import type { Layout, Layouts } from "./_layouts.ts";
import type { Handle, Library } from "./_library.ts";
import { query } from "./_symbols.ts";

/** An operand of a primitive: which one, and how it lies in memory. */
export type Operand = readonly [operand: number, layout: Layout];

/** Which layout of a primitive is asked for. */
export type LayoutQuery = Exclude<keyof typeof query, "implementation">;

/** What a primitive is made from. */
export interface PrimitiveParts {
  /** oneDNN's primitive descriptor; the primitive frees it. */
  readonly descriptor: Handle;
  /** What it computes, as in "convolution forward [4,64,256,256]". */
  readonly about: string;
  /** Its operands, in the order that `run` takes their addresses. */
  readonly operands: readonly Operand[];
  /** Floating-point operations of a run, or 0. */
  readonly operations?: number;
}

/** Something that oneDNN computes, compiled for its shapes and layouts. */
export class Primitive {
  /** What it computes. */
  readonly about: string;
  /** oneDNN's name of the implementation, as in "jit_wino_4x3:avx512_core". */
  readonly implementation: string;
  /** Floating-point operations of a run, or 0. */
  readonly operations: number;
  /** Bytes that a run reads and writes. */
  readonly bytes: number;
  /** How each operand lies in memory. */
  readonly operands: readonly Operand[];
  readonly #library: Library;
  readonly #descriptor: Handle;
  readonly #primitive: Handle;
  readonly #memories: readonly Handle[];
  readonly #arguments: BigUint64Array<ArrayBuffer>;

  constructor(library: Library, parts: PrimitiveParts) {
    const { descriptor, about, operands, operations = 0 } = parts;
    this.about = about;
    this.operations = operations;
    this.operands = operands;
    this.bytes = operands.reduce((sum, [, { bytes }]) => sum + bytes, 0);
    this.#library = library;
    this.#descriptor = descriptor;
    this.implementation = implementationOf(library, descriptor);
    this.#primitive = library.create(
      "dnnl_primitive_create",
      about,
      descriptor,
    );
    this.#memories = operands.map(([, layout]) =>
      library.create(
        "dnnl_memory_create",
        about,
        layout.handle,
        library.engine,
        0n,
      )
    );
    // Pairs of an operand's number and its memory. An array of 64 bytes or
    // fewer may lie where V8 moves it.
    this.#arguments = new BigUint64Array(Math.max(operands.length * 2, 16));
    operands.forEach(([operand], i) => {
      this.#arguments[2 * i] = BigInt(operand);
      this.#arguments[2 * i + 1] = this.#memories[i]!;
    });
  }

  /**
   * Computes.
   *
   * @param addresses Where the operands lie, in their order.
   */
  run(...addresses: readonly bigint[]): void {
    const { functions, stream, trace } = this.#library;
    this.#library.settle();
    for (let i = 0; i < addresses.length; i++) {
      functions.dnnl_memory_set_data_handle(this.#memories[i]!, addresses[i]!);
    }
    trace.primitive(this, () => {
      const status = functions.dnnl_primitive_execute(
        this.#primitive,
        stream,
        addresses.length,
        this.#arguments,
      );
      this.#library.check(status, "dnnl_primitive_execute", this.about);
    });
  }

  /** Frees what oneDNN holds for it. */
  destroy(): void {
    const { functions } = this.#library;
    for (const memory of this.#memories) functions.dnnl_memory_destroy(memory);
    functions.dnnl_primitive_destroy(this.#primitive);
    functions.dnnl_primitive_desc_destroy(this.#descriptor);
  }

  /** The descriptor, as a hint for the primitive of its gradient. */
  get descriptor(): Handle {
    return this.#descriptor;
  }
}

/**
 * The layout that a primitive descriptor asks for.
 *
 * @param rowMajor The same numbers in tfjs' order.
 */
export function wantedLayout(
  library: Library,
  layouts: Layouts,
  descriptor: Handle,
  [which, rowMajor, type = "f32"]: readonly [
    which: LayoutQuery,
    rowMajor: Layout,
    type?: Layout["type"],
  ],
): Layout {
  const handle = library.functions.dnnl_primitive_desc_query_md(
    descriptor,
    query[which],
    0,
  );
  return layouts.intern(handle, rowMajor, type);
}

/** oneDNN's name of what a descriptor would run. */
export function implementationOf(library: Library, descriptor: Handle): string {
  const pointer = new BigUint64Array(1);
  library.functions.dnnl_primitive_desc_query(
    descriptor,
    query.implementation,
    0,
    pointer,
  );
  const address = Deno.UnsafePointer.create(pointer[0]!)!;
  return new Deno.UnsafePointerView(address).getCString();
}
