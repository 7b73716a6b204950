import { brief, cannot, FileError } from "@unet/errors";
import { isObject } from "../json_object.ts";
import type { ZarrNode } from "./zarr_node.ts";
import type { ZarrStore } from "./zarr_store.ts";

/** No chunk passes through more codecs. */
const mostCodecs = 32;

/** What version 2 calls two codecs of version 3. */
const scaling = "numcodecs.fixedscaleoffset";

/**
 * Makes sure that all that stands between an array and its files is known:
 * codecs by their names, the orders of bytes and values, what separates the
 * numbers in the names of chunks, and no storage transformers. An array of
 * which one of these is not known must not be read, as the specification of
 * Zarr 3 says.
 *
 * @param store For the message.
 * @param known The names of codecs that can be decoded.
 * @throws {FileError} If something is not known.
 */
export function requireKnownCodecs(
  store: Pick<ZarrStore, "path">,
  node: ZarrNode,
  known: ReadonlySet<string>,
): void {
  const refuse = (found: string, expected: string): FileError =>
    new FileError(
      cannot("read", "image", store.path, {
        found: `${found} in ${node.key}`,
        expected,
      }),
    );
  const { metadata, version } = node;
  const lists = version === 3 ? listsOf(metadata) : [namedOf(metadata)];
  for (const list of lists) {
    if (!Array.isArray(list) || list.length > mostCodecs) {
      throw refuse(
        `codecs ${brief(list)}`,
        `a list of at most ${mostCodecs}`,
      );
    }
    for (const codec of list) {
      const { name, configuration } = isObject(codec) ? codec : {};
      if (name === "sharding_indexed") {
        throw refuse("a shard beside or within other codecs", "shards alone");
      }
      if (typeof name !== "string" || !known.has(name)) {
        throw refuse(`the codec ${brief(name ?? codec)}`, expectedOf(known));
      }
      const { endian } = isObject(configuration) ? configuration : {};
      if (name !== "bytes" || isOrder(endian)) continue;
      throw refuse(`bytes of endian ${brief(endian)}`, '"little" or "big"');
    }
  }
  const separator = separatorOf(node);
  if (!["/", ".", undefined, null].includes(separator as string)) {
    throw refuse(`the separator ${brief(separator)} of chunks`, '"/" or "."');
  }
  const { storage_transformers: transformers, order } = metadata;
  if (version === 2 && !["C", "F", undefined].includes(order as string)) {
    throw refuse(`the order ${brief(order)}`, '"C" or "F"');
  }
  const isPlain = version === 2 || transformers === undefined ||
    Array.isArray(transformers) && transformers.length === 0;
  if (isPlain) return;
  throw refuse(`storage transformers ${brief(transformers)}`, "none");
}

/** The codecs of an array; those of a shard's chunks and index in their place. */
function listsOf(
  { codecs }: Readonly<Record<string, unknown>>,
): readonly unknown[] {
  const [shard, ...others] = Array.isArray(codecs) ? codecs : [];
  const isSharded = isObject(shard) && shard.name === "sharding_indexed" &&
    isObject(shard.configuration) && others.length === 0;
  if (!isSharded) return [codecs];
  const { configuration } = shard;
  const { codecs: inner, index_codecs: index } = configuration as Readonly<
    Record<string, unknown>
  >;
  return [inner, index];
}

/** The codecs of version 2, by the names that they have in version 3. */
function namedOf(
  { filters, compressor }: Readonly<Record<string, unknown>>,
): unknown {
  if (!Array.isArray(filters ?? [])) return filters;
  const named = [...filters as unknown[] ?? [], compressor ?? undefined]
    .filter((one) => one !== undefined)
    .map((one) => isObject(one) ? { name: `numcodecs.${one.id}` } : one);
  return named.filter((one) => !isObject(one) || one.name !== scaling);
}

/** What stands between the numbers in the name of a chunk. */
function separatorOf({ metadata, version }: ZarrNode): unknown {
  if (version === 2) return metadata.dimension_separator;
  const { chunk_key_encoding: encoding } = metadata;
  const { configuration } = isObject(encoding) ? encoding : {};
  return isObject(configuration) ? configuration.separator : undefined;
}

function isOrder(endian: unknown): boolean {
  return endian === undefined || endian === "little" || endian === "big";
}

function expectedOf(known: ReadonlySet<string>): string {
  const names = [...known].filter((name) => !name.startsWith("numcodecs."));
  return `one of ${names.join(", ")}`;
}
