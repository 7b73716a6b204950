import { Buffer } from "node:buffer";
import { gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { registry as zarritaRegistry } from "zarrita";

/** What a codec is given of the array. */
interface ChunkMeta {
  readonly shape: readonly number[];
}

/** A codec as zarrita calls it. */
interface BytesCodec {
  readonly kind: "bytes_to_bytes";
  encode(bytes: Uint8Array): never;
  decode(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Bytes of the largest values, and of what codecs add to a chunk. */
const bytesPerValue = 8, spare = 4096;

/** The header of Blosc: its sizes are at 4 and 12. */
const bloscHeader = 16;

/** The packages that unpack what the runtime does not. */
const packages = {
  blosc: () => import("numcodecs/blosc"),
  lz4: () => import("numcodecs/lz4"),
} as const;

/**
 * Replaces the codecs of zarrita that unpack bytes by ones that unpack no more
 * than a chunk has: Deflate and Zstandard are the runtime's, Blosc and LZ4 are
 * numcodecs', whose headers say first how much they hold.
 */
export function boundCodecs(registry: typeof zarritaRegistry): void {
  const decoders: Record<string, Decode> = {
    zlib: (bytes, most) => inflateSync(bytes, limited(most)),
    gzip: (bytes, most) => gunzipSync(bytes, limited(most)),
    zstd: (bytes, most) => zstdDecompressSync(bytes, limited(most)),
    blosc: async (bytes, most) => {
      const view = viewOf(bytes, bloscHeader);
      requireSize(view.getUint32(4, true), most);
      if (view.getUint32(12, true) > bytes.length) {
        throw new Error("a chunk that is cut off");
      }
      return await numcodec("blosc", bytes);
    },
    lz4: async (bytes, most) => {
      requireSize(viewOf(bytes, 4).getUint32(0, true), most);
      return await numcodec("lz4", bytes);
    },
  };
  for (const [name, decode] of Object.entries(decoders)) {
    const codec = {
      fromConfig: (_config: unknown, meta: ChunkMeta) => codecOf(decode, meta),
    };
    for (const alias of [name, `numcodecs.${name}`]) {
      // Its type asks for codecs that can encode, too.
      registry.set(alias, () => codec as never);
    }
  }
}

/** Unpacks bytes to no more than so many. */
type Decode = (
  bytes: Uint8Array,
  most: number,
) => Uint8Array | Promise<Uint8Array>;

function codecOf(decode: Decode, { shape }: ChunkMeta): BytesCodec {
  const values = shape.reduce((product, size) => product * size, 1);
  const most = values * bytesPerValue + spare;
  return {
    kind: "bytes_to_bytes",
    encode: () => {
      throw new Error("found a chunk to pack, expected one to unpack");
    },
    decode: async (bytes) => {
      const out = await decode(bytes, most);
      // A buffer of its own: zarrita makes views of it.
      return out instanceof Buffer ? Uint8Array.from(out) : out;
    },
  };
}

async function numcodec(
  name: keyof typeof packages,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const { default: codec } = await packages[name]();
  return await codec.fromConfig({ id: name }).decode(bytes);
}

function limited(most: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, most) };
}

function viewOf(bytes: Uint8Array, least: number): DataView {
  if (bytes.length < least) throw new Error(`a chunk of ${bytes.length} bytes`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function requireSize(size: number, most: number): void {
  if (size > most) throw new Error(`a chunk that unpacks to ${size} bytes`);
}
