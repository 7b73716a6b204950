import type { Layout } from "./_layouts.ts";
import type { Library } from "./_library.ts";
import type { Block } from "./_memory_pool.ts";
import { Primitive } from "./_primitive.ts";
import type { PrimitiveCache } from "./_primitive_cache.ts";
import { operand } from "./_symbols.ts";

/** Copies numbers from one layout to another. */
export class Reorder {
  readonly #library: Library;
  readonly #primitives: PrimitiveCache<Primitive>;

  constructor(library: Library, primitives: PrimitiveCache<Primitive>) {
    this.#library = library;
    this.#primitives = primitives;
  }

  /** Copies between layouts of the same sizes. */
  run(
    from: Layout,
    to: Layout,
    source: Pick<Block, "pointer">,
    destination: Pick<Block, "pointer">,
  ): void {
    const { engine } = this.#library;
    const primitive = this.#primitives.get(
      `reorder ${from.id} ${to.id}`,
      () => {
        const about = `reorder [${from.dims}]`;
        return new Primitive(this.#library, {
          about,
          descriptor: this.#library.create(
            "dnnl_reorder_primitive_desc_create",
            about,
            from.handle,
            engine,
            to.handle,
            engine,
            0n,
          ),
          operands: [[operand.source, from], [operand.destination, to]],
        });
      },
    );
    primitive.run(source.pointer, destination.pointer);
  }
}
