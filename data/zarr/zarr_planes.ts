import { decodeBudgets, requireBacked } from "../images/decode_budget.ts";
import { emptyValues } from "../images/window.ts";
import type { BlockGrid, PageBacking, PageBlocks } from "../tiff/block_grid.ts";
import type { Image } from "../types.ts";
import type { ZarrArray, ZarrChunk, ZarrType } from "./zarr_array.ts";
import type { ZarrAxis } from "./zarr_scale.ts";

/** Chunks that hold several planes are kept for the next ones, so many. */
const mostKept = 4;

/** How values of a type are given. */
export function depthOfType(type: ZarrType): Image["depth"] {
  return type === "uint8" || type === "bool" ? 8 : type === "uint16" ? 16 : 32;
}

/** The chunks of one level, which its planes share. */
export class ZarrChunks {
  readonly path: string;
  readonly array: ZarrArray;
  readonly axes: readonly ZarrAxis[];
  /** Bytes of the level's files, and how many there are. */
  readonly stored: { readonly bytes: number; readonly files: number };
  readonly #kept = new Map<string, Promise<ZarrChunk>>();

  constructor(
    { path, array, axes, stored }: Pick<
      ZarrChunks,
      "path" | "array" | "axes" | "stored"
    >,
  ) {
    this.path = path;
    this.array = array;
    this.axes = axes;
    this.stored = stored;
  }

  /** How large a chunk is along an axis; 1 where there is no such axis. */
  chunkAlong(name: string): number {
    const at = this.axes.findIndex((axis) => axis.name === name);
    return at < 0 ? 1 : this.array.chunk[at]!;
  }

  /** How large the image is along an axis. */
  sizeAlong(name: string): number {
    const at = this.axes.findIndex((axis) => axis.name === name);
    return at < 0 ? 1 : this.array.shape[at]!;
  }

  /** How far apart neighbors along an axis are in a chunk. */
  strideAlong({ stride }: ZarrChunk, name: string): number {
    const at = this.axes.findIndex((axis) => axis.name === name);
    return at < 0 ? 0 : stride[at]!;
  }

  /**
   * Reads the chunk at a place, by the names of its axes.
   *
   * @throws {FileError} If it is damaged, or the files do not back it.
   */
  read(place: Readonly<Record<string, number>>): Promise<ZarrChunk> {
    const at = this.axes.map(({ name }) => place[name] ?? 0);
    const key = at.join(), known = this.#kept.get(key);
    if (known) return known;
    const { chunkBytes } = this.array, { bytes } = this.stored;
    const read = Promise.try(() => {
      requireBacked(this.path, {
        ...{ kind: "piece", decoded: chunkBytes, stored: bytes },
      });
      return this.array.chunkAt(at);
    });
    const isShared = this.chunkAlong("z") > 1 || this.chunkAlong("t") > 1;
    if (isShared) {
      this.#kept.set(key, read);
      read.catch(() => this.#kept.delete(key));
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > mostKept) this.#kept.delete(oldest!);
    }
    return read;
  }
}

/** The plane of some channels that lie in the same chunks. */
export class ZarrPlane implements PageBlocks {
  readonly grid: BlockGrid;
  readonly #chunks: ZarrChunks;
  readonly #place: {
    readonly c: number;
    readonly z: number;
    readonly t: number;
  };

  /**
   * Names a plane; reads nothing.
   *
   * @param place Channels by the chunk that they lie in, plane and time.
   */
  constructor(
    chunks: ZarrChunks,
    place: { readonly c: number; readonly z: number; readonly t: number },
  ) {
    const width = chunks.chunkAlong("x"), height = chunks.chunkAlong("y");
    this.#chunks = chunks;
    this.#place = place;
    this.grid = {
      ...{ width, height },
      across: Math.ceil(chunks.sizeAlong("x") / width),
      down: Math.ceil(chunks.sizeAlong("y") / height),
    };
  }

  backing(): PageBacking {
    const { array, stored } = this.#chunks;
    const { across, down } = this.grid;
    const decoded = array.chunkBytes * across * down;
    const filled = Math.min(1, stored.files / array.files);
    return {
      ...{ decoded, stored: stored.bytes },
      empty: decoded * (1 - filled),
    };
  }

  async read(
    column: number,
    row: number,
    wanted: readonly number[],
  ): Promise<Image["data"]> {
    const { array } = this.#chunks;
    return await decodeBudgets().pieces.use(
      3 * array.chunkBytes,
      () => this.#decode(column, row, wanted),
    );
  }

  async #decode(
    column: number,
    row: number,
    wanted: readonly number[],
  ): Promise<Image["data"]> {
    const chunks = this.#chunks, { c, z, t } = this.#place;
    const deep = chunks.chunkAlong("z"), long = chunks.chunkAlong("t");
    const chunk = await chunks.read({
      ...{ c, x: column, y: row },
      z: Math.floor(z / deep),
      t: Math.floor(t / long),
    });
    const along = (name: string) => chunks.strideAlong(chunk, name);
    const start = z % deep * along("z") + t % long * along("t");
    const { width, height } = this.grid, { type } = chunks.array;
    const out = emptyValues(
      depthOfType(type),
      width * height * wanted.length,
    );
    const right = along("x"), down = along("y");
    const scale = type === "bool" ? 255 : 1;
    for (const [place, sample] of wanted.entries()) {
      const first = start + sample * along("c");
      for (let y = 0, to = place; y < height; y++) {
        for (let x = 0, from = first + y * down; x < width; x++) {
          out[to] = Number(chunk.data[from]!) * scale;
          from += right;
          to += wanted.length;
        }
      }
    }
    return out;
  }
}
