import { cannot, DeviceError } from "@unet/errors";
import type { Layout } from "./_layouts.ts";
import type { Attributes } from "./_attributes.ts";
import type { Layouts } from "./_layouts.ts";
import type { Library } from "./_library.ts";
import type { Block, MemoryPool } from "./_memory_pool.ts";
import { Primitive } from "./_primitive.ts";
import type { PrimitiveCache } from "./_primitive_cache.ts";
import { operand } from "./_symbols.ts";

/** What a {@linkcode Reorder} works with. */
export interface ReorderParts {
  /** oneDNN. */
  readonly library: Library;
  /** How tensors lie. */
  readonly layouts: Layouts;
  /** Where they lie. */
  readonly pool: MemoryPool;
  /** What may be added to primitives. */
  readonly attributes: Attributes;
  /** What was compiled. */
  readonly primitives: PrimitiveCache<Primitive>;
}

/** Copies numbers from one layout to another. */
export class Reorder {
  readonly #parts: ReorderParts;
  /** Pairs of layouts that oneDNN has no copy between. */
  readonly #detours = new Set<string>();

  /** @param parts What it works with. */
  constructor(parts: ReorderParts) {
    this.#parts = parts;
  }

  /**
   * Copies between layouts of the same sizes, by way of tfjs' order where
   * oneDNN has no other: a trained kernel lies in blocks, and Winograd's way of
   * inference takes kernels that do not.
   */
  run(
    from: Layout,
    to: Layout,
    source: Pick<Block, "pointer">,
    destination: Pick<Block, "pointer">,
  ): void {
    if (from.dims.length !== to.dims.length) {
      // The same numbers in a row: where tfjs' order is asked for, as by an
      // optimizer, it has no sizes.
      this.run(from, rowsOf(from, to), source, destination);
      return;
    }
    const primitive = this.#primitive(from, to);
    if (primitive === null) {
      const { pool } = this.#parts;
      const between = pool.take(from.rowMajor.bytes);
      this.run(from, from.rowMajor, source, between);
      this.run(from.rowMajor, to, between, destination);
      pool.give(between);
      return;
    }
    if (from.scale === to.scale) {
      primitive.run(source.pointer, destination.pointer);
      return;
    }
    const { layouts, pool } = this.#parts;
    const factor = pool.take(layouts.vector([1]).bytes);
    pool.upload(factor.pointer, Float32Array.of(from.scale / to.scale));
    primitive.run(source.pointer, destination.pointer, factor.pointer);
    pool.give(factor);
  }

  /** What copies at once; null where only a detour does. */
  #primitive(from: Layout, to: Layout): Primitive | null {
    const { library, layouts, attributes, primitives } = this.#parts;
    const key = `reorder ${from.id} ${to.id}`;
    if (this.#detours.has(key)) return null;
    return primitives.find(key, () => {
      const { engine } = library;
      const isScaled = from.scale !== to.scale;
      const about = `reorder [${from.dims}]`;
      const descriptor = library.tryCreate(
        "dnnl_reorder_primitive_desc_create",
        about,
        from.handle,
        engine,
        to.handle,
        engine,
        isScaled ? attributes.sourceScale : 0n,
      );
      if (descriptor === null) {
        this.#leaveDirectWay(from, to, key);
        return null;
      }
      return new Primitive(library, {
        about,
        descriptor,
        operands: [
          [operand.source, from],
          [operand.destination, to],
          ...isScaled
            ? [[operand.scales | operand.source, layouts.vector([1])] as const]
            : [],
        ],
      });
    });
  }

  /** Notes that only a detour leads there; tfjs' order itself has none. */
  #leaveDirectWay(from: Layout, to: Layout, key: string): void {
    const { rowMajor } = from;
    if (rowMajor === from || rowMajor === to) {
      throw new DeviceError(
        cannot("compute with", "oneDNN", `reorder [${from.dims}]`, {
          found: "no copy between two layouts",
          expected: "one to and from rows",
        }),
      );
    }
    this.#detours.add(key);
  }
}

/** Tfjs' order in the sizes of a tensor, for the same order without them. */
function rowsOf(from: Layout, to: Layout): Layout {
  const { rowMajor } = from;
  if (to.rowMajor === to && to.dense && rowMajor.dense) return rowMajor;
  throw new TypeError(
    `Cannot copy [${from.dims}] to [${to.dims}]: expected numbers in rows`,
  );
}
