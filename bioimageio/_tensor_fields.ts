import type { FieldReader, Fields } from "./_fields.ts";
import type {
  FileReference,
  PackageDescription,
} from "./package_description.ts";

/** Channels and pixels of a side that a description may claim. */
export const mostChannels = 1000, longestSide = 2 ** 20;

/** What goes in and what comes out. */
export type Tensors = Pick<PackageDescription, "input" | "output">;

/** A file that a description names. */
export function fileOf(
  fields: Fields,
  reader: FieldReader,
  place: string,
): FileReference {
  const source = reader.text(fields.source, `${place} source`);
  const { sha256 } = fields;
  if (sha256 === undefined || sha256 === null) return { source };
  return { source, sha256: reader.text(sha256, `${place} sha256`) };
}

/** The only tensor of a list. */
export function only(
  value: unknown,
  reader: FieldReader,
  place: string,
): Fields {
  const tensors = reader.list(value, place);
  if (tensors.length !== 1) {
    throw reader.bad(`${tensors.length}`, place, "one");
  }
  return reader.record(tensors[0], place);
}

/** A margin on each side, from what an output is larger than the input. */
export function halved(offset: number, reader: FieldReader): number {
  if (offset <= 0 && offset % 2 === 0) return -offset / 2;
  throw reader.bad("outputs size", offset, "an even number of pixels less");
}

/** The number that two sides share. */
export function same(
  values: readonly number[],
  reader: FieldReader,
  place: string,
): number {
  if (values[0] === values[1]) return values[0]!;
  throw reader.bad(place, values, "the same for y and x");
}
