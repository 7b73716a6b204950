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

  /** @param parts What it works with. */
  constructor(parts: ReorderParts) {
    this.#parts = parts;
  }

  /** Copies between layouts of the same sizes. */
  run(
    from: Layout,
    to: Layout,
    source: Pick<Block, "pointer">,
    destination: Pick<Block, "pointer">,
  ): void {
    const { library, layouts, pool, attributes, primitives } = this.#parts;
    const { engine } = library;
    const isScaled = from.scale !== to.scale;
    const number = layouts.vector([1]);
    const key = `reorder ${from.id} ${to.id}`;
    const primitive = primitives.get(key, () => {
      const about = `reorder [${from.dims}]`;
      return new Primitive(library, {
        about,
        descriptor: library.create(
          "dnnl_reorder_primitive_desc_create",
          about,
          from.handle,
          engine,
          to.handle,
          engine,
          isScaled ? attributes.sourceScale : 0n,
        ),
        operands: [
          [operand.source, from],
          [operand.destination, to],
          ...isScaled
            ? [[operand.scales | operand.source, number] as const]
            : [],
        ],
      });
    });
    if (!isScaled) {
      primitive.run(source.pointer, destination.pointer);
      return;
    }
    const factor = pool.take(number.bytes);
    pool.upload(factor.pointer, Float32Array.of(from.scale / to.scale));
    primitive.run(source.pointer, destination.pointer, factor.pointer);
    pool.give(factor);
  }
}
