import type * as zarrita from "zarrita";
import { brief, cannot, FileError } from "@unet/errors";
import { requireBacked } from "../images/decode_budget.ts";
import { firstLine } from "../images/first_line.ts";
import { isObject } from "../json_object.ts";
import { boundCodecs } from "./bounded_codecs.ts";
import { requireKnownCodecs } from "./zarr_codecs.ts";
import type { ZarrNode } from "./zarr_node.ts";
import type { ZarrStore } from "./zarr_store.ts";

/** The types of values that are read, and their bytes. */
const byteSizes = {
  ...{ bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4 },
  ...{ int64: 8, uint64: 8, float16: 2, float32: 4, float64: 8 },
} as const;

/** A type of values. */
export type ZarrType = keyof typeof byteSizes;

/** The values of a chunk, and how they lie. */
export interface ZarrChunk {
  readonly data: ZarrValues;
  /** How far apart neighbors along each axis are. */
  readonly stride: readonly number[];
}

/** Numbers as they are stored; a chunk of truth values has bytes. */
export type ZarrValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** An array of which chunks are read. */
export interface ZarrArray {
  readonly shape: readonly number[];
  /** The size of a chunk along each axis. */
  readonly chunk: readonly number[];
  readonly type: ZarrType;
  /** Bytes of a chunk, decoded. */
  readonly chunkBytes: number;
  /** How many chunks, or shards of them, there may be files for. */
  readonly files: number;
  /**
   * Reads and decodes a chunk. One that is not stored has the array's fill
   * value.
   *
   * @throws {FileError} If it is damaged.
   */
  chunkAt(place: readonly number[]): Promise<ZarrChunk>;
}

/** No axis is longer, and no array has more axes. */
const longest = 2 ** 31, mostAxes = 8;

/** Compression makes a chunk larger by some bytes, if at all. */
const mostPerByte = 2, spareBytes = 64 * 2 ** 10;

let loading: Promise<typeof zarrita> | undefined;

/** Loads the library on first use, and bounds what its codecs unpack. */
function loadZarrita(): Promise<typeof zarrita> {
  return loading ??= import("zarrita").then((loaded) => {
    boundCodecs(loaded.registry);
    return loaded;
  });
}

/**
 * Opens an array. Its sizes are judged before anything is made of them.
 *
 * @throws {FileError} If it is no array of numbers that can be read.
 */
export async function openZarrArray(
  store: ZarrStore,
  node: ZarrNode,
): Promise<ZarrArray> {
  const { shape, chunk, type, stored, index } = layoutOf(store, node);
  const values = productOf(chunk), chunkBytes = values * byteSizes[type];
  const opened = await attempt(store, node.path, async () => {
    const zarr = await loadZarrita();
    // Of several that it does not know, zarrita reports one to nobody.
    requireKnownCodecs(store, node, new Set(zarr.registry.keys()));
    const source = new ChunkSource(store, { node, chunkBytes, index });
    const open = node.version === 3 ? zarr.open.v3 : zarr.open.v2;
    return await open(zarr.root(source), { kind: "array" });
  });
  return {
    ...{ shape, chunk, type, chunkBytes },
    files: productOf(shape.map((size, at) => Math.ceil(size / stored[at]!))),
    chunkAt: (place) =>
      attempt(store, `${node.path} ${place.join(",")}`, async () => {
        const { data, stride } = await opened.getChunk([...place]);
        const plain = plainOf(data);
        if (plain.length !== values) {
          throw new Error(`${plain.length} values of ${values}`);
        }
        return { data: plain, stride };
      }),
  };
}

/** What the metadata of an array say of its sizes. */
interface ArrayLayout {
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  readonly type: ZarrType;
  /** The size of what a file holds: a chunk, or a shard. */
  readonly stored: readonly number[];
  /** Where the index of a shard lies. */
  readonly index: "start" | "end";
}

function layoutOf(store: ZarrStore, node: ZarrNode): ArrayLayout {
  const { metadata, version } = node;
  const refuse = (found: string, expected: string): FileError =>
    new FileError(
      cannot("read", "image", store.path, {
        found: `${found} in ${node.key}`,
        expected,
      }),
    );
  const sizes = (value: unknown, what: string, least: number): number[] => {
    const isRight = Array.isArray(value) && value.length >= 2 &&
      value.length <= mostAxes &&
      value.every((one) =>
        Number.isSafeInteger(one) && one >= least && one <= longest
      );
    if (isRight) return value;
    throw refuse(
      `${what} ${brief(value)}`,
      `2 to ${mostAxes} whole numbers from ${least}`,
    );
  };
  if (version === 3 ? metadata.node_type !== "array" : !metadata.dtype) {
    throw refuse("a group", "an array");
  }
  const shape = sizes(metadata.shape, "shape", 1);
  const type = typeOf(version === 3 ? metadata.data_type : metadata.dtype);
  if (!type) {
    const named = version === 3 ? metadata.data_type : metadata.dtype;
    throw refuse(`values of type ${brief(named)}`, "numbers");
  }
  const stored = sizes(
    version === 3 ? chunkShapeOf(metadata.chunk_grid) : metadata.chunks,
    "chunks of",
    1,
  );
  const shard = version === 3 ? shardOf(metadata.codecs) : undefined;
  const chunk = shard ? sizes(shard.chunk_shape, "chunks of", 1) : stored;
  if (chunk.length !== shape.length || stored.length !== shape.length) {
    throw refuse(
      `chunks of ${chunk.length} axes`,
      `${shape.length}, as the array has`,
    );
  }
  if (shard && !chunk.every((size, at) => stored[at]! % size === 0)) {
    throw refuse(
      `shards of ${stored.join("×")} with chunks of ${chunk.join("×")}`,
      "a whole number of chunks in a shard",
    );
  }
  const index = shard?.index_location ?? "end";
  if (index !== "start" && index !== "end") {
    throw refuse(`an index at ${brief(index)}`, "one at the start or end");
  }
  return { shape, chunk, type, stored, index };
}

function chunkShapeOf(grid: unknown): unknown {
  const isRegular = isObject(grid) && grid.name === "regular" &&
    isObject(grid.configuration);
  return isRegular
    ? (grid.configuration as Record<string, unknown>).chunk_shape
    : grid;
}

function shardOf(
  codecs: unknown,
): Readonly<Record<string, unknown>> | undefined {
  const found = (Array.isArray(codecs) ? codecs : []).find((codec) =>
    isObject(codec) && codec.name === "sharding_indexed"
  );
  return found && isObject(found.configuration)
    ? found.configuration
    : undefined;
}

/** The type by its name of version 3, or by numpy's of version 2. */
function typeOf(name: unknown): ZarrType | undefined {
  if (typeof name !== "string") return undefined;
  if (Object.hasOwn(byteSizes, name)) return name as ZarrType;
  const [, kind, bytes] = /^[<>|]([buif])([1248])$/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  const named = kind === "b"
    ? "bool"
    : `${{ u: "uint", i: "int", f: "float" }[kind]}${Number(bytes) * 8}`;
  return Object.hasOwn(byteSizes, named) ? named as ZarrType : undefined;
}

function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/** Numbers of zarrita's chunks; truth values become 0 and 1. */
function plainOf(data: unknown): ZarrValues {
  if (ArrayBuffer.isView(data)) return data as ZarrValues;
  return Uint8Array.from(data as Iterable<boolean>, Number);
}

/** The files of one array, as zarrita asks for them. */
class ChunkSource implements zarrita.AsyncReadable {
  readonly #store: ZarrStore;
  readonly #node: ZarrNode;
  readonly #chunkBytes: number;
  readonly #index: "start" | "end";

  constructor(store: ZarrStore, { node, chunkBytes, index }: {
    readonly node: ZarrNode;
    readonly chunkBytes: number;
    readonly index: "start" | "end";
  }) {
    this.#store = store;
    this.#node = node;
    this.#chunkBytes = chunkBytes;
    this.#index = index;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    if (/^\/(zarr\.json|\.zarray)$/.test(key)) {
      return new TextEncoder().encode(JSON.stringify(this.#node.metadata));
    }
    if (key === "/.zattrs") return undefined;
    const place = this.#placeOf(key), size = this.#store.sizeOf(place);
    this.#requireBacked(size ?? 0);
    if (size === undefined) return undefined;
    const most = mostPerByte * this.#chunkBytes + spareBytes;
    if (size > most) throw new Error(`${size} bytes for a chunk`);
    return await this.#store.read(place, 0, most);
  }

  async getRange(
    key: string,
    range: zarrita.RangeQuery,
  ): Promise<Uint8Array | undefined> {
    const place = this.#placeOf(key), size = this.#store.sizeOf(place);
    if (size === undefined) {
      this.#requireBacked(0);
      return undefined;
    }
    if ("suffixLength" in range) {
      const { suffixLength: length } = range;
      if (!(length <= size)) throw new Error(`a shard of ${size} bytes`);
      const offset = this.#index === "end" ? size - length : 0;
      return await this.#store.read(place, offset, length);
    }
    const { offset, length } = range;
    if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
      throw new Error(`a chunk outside of its shard of ${size} bytes`);
    }
    this.#requireBacked(length);
    return await this.#store.read(place, offset, length);
  }

  #placeOf(key: string): string {
    const { path } = this.#node;
    return path === "" ? key.slice(1) : path + key;
  }

  #requireBacked(stored: number): void {
    requireBacked(this.#store.path, {
      ...{ kind: "piece", decoded: this.#chunkBytes, stored },
    });
  }
}

/** Whatever the library throws is about the file. */
async function attempt<T>(
  store: Pick<ZarrStore, "path">,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof FileError) throw thrown;
    const cause = thrown instanceof Error && thrown.cause instanceof Error
      ? thrown.cause
      : thrown;
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("read", "image", store.path, {
        found: `a damaged or unknown array (${what}: ${firstLine(cause)})`,
        expected: "one that can be decoded",
      }),
      { cause: thrown },
    );
  }
}
