import type { Block, MemoryPool } from "../_memory_pool.ts";
import {
  type Grid,
  gridOf,
  type GridShape,
  groupPlaces,
  pixelTables,
} from "./planes_grid.ts";

/** What follows from a grid, in native memory. */
export interface Tables {
  readonly grid: Grid;
  readonly block: Block;
  readonly masks: bigint;
  readonly places: bigint;
  /** Groups of windows and how many strips they make, once they are wanted. */
  groups?: { readonly block: Block; readonly strips: number };
}

/** Sizes of features that are remembered: those of a few networks. */
const mostTables = 64;

/** What programs on planes read of the sizes of features, made once. */
export class PlanesTables {
  readonly #pool: MemoryPool;
  readonly #threads: number;
  readonly #tables = new Map<string, Tables>();
  readonly #rowMasks = new Map<string, Block>();

  /**
   * @param pool Lends the memory, which goes with it.
   * @param threads How many a program runs on.
   */
  constructor(pool: MemoryPool, threads: number) {
    this.#pool = pool;
    this.#threads = threads;
  }

  /** What follows from N, H and W. */
  of(shape: GridShape): Tables {
    const key = shape.join();
    const known = this.#tables.get(key);
    if (known) return known;
    if (this.#tables.size >= mostTables) {
      for (const { block, groups } of this.#tables.values()) {
        this.#pool.give(block);
        if (groups) this.#pool.give(groups.block);
      }
      this.#tables.clear();
    }
    const grid = gridOf(shape, this.#threads);
    const { masks, places } = pixelTables(grid);
    const bytes = new Uint8Array(masks.byteLength + places.byteLength);
    bytes.set(new Uint8Array(places.buffer));
    bytes.set(new Uint8Array(masks.buffer), places.byteLength);
    const block = this.uploaded(bytes);
    const tables = {
      ...{ grid, block },
      places: block.pointer,
      masks: block.pointer + BigInt(places.byteLength),
    };
    this.#tables.set(key, tables);
    return tables;
  }

  /** A grid's groups of windows, and how many strips they make. */
  groupsOf(tables: Tables): { block: Block; strips: number } {
    if (!tables.groups) {
      const places = groupPlaces(tables.grid);
      tables.groups = {
        block: this.uploaded(places),
        strips: places.length / 4,
      };
    }
    return tables.groups;
  }

  /** Which pixels of each register of a row of so many pixels there are. */
  rowMasksOf(width: number, vectors: number): bigint {
    const key = `${width},${vectors}`;
    const known = this.#rowMasks.get(key);
    if (known) return known.pointer;
    const block = this.uploaded(
      Uint16Array.from({ length: vectors }, (_, vector) => {
        const left = Math.min(16, Math.max(0, width - 16 * vector));
        return 2 ** left - 1;
      }),
    );
    this.#rowMasks.set(key, block);
    return block.pointer;
  }

  /** Numbers in native memory. */
  uploaded(values: ArrayBufferView<ArrayBuffer>): Block {
    const block = this.#pool.take(values.byteLength);
    this.#pool.upload(block.pointer, values);
    return block;
  }
}
