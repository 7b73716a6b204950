import { type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Writes the fields of a message. */
export type Fill = (writer: BinaryWriter) => void;

/** Writes a field that is a message. */
export function putMessage(
  writer: BinaryWriter,
  field: number,
  fill: Fill,
): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
}

/** Writes a field of text. */
export function putText(
  writer: BinaryWriter,
  field: number,
  text: string,
): void {
  writer.tag(field, WireType.LengthDelimited).string(text);
}

/** Writes a field of bytes. */
export function putBytes(
  writer: BinaryWriter,
  field: number,
  bytes: Uint8Array,
): void {
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);
}

/** Writes a field that is a whole number, an enumeration or a truth value. */
export function putWhole(
  writer: BinaryWriter,
  field: number,
  value: number,
): void {
  writer.tag(field, WireType.Varint).int64(value);
}

/** Writes a field of double precision. */
export function putDouble(
  writer: BinaryWriter,
  field: number,
  value: number,
): void {
  writer.tag(field, WireType.Bit64).double(value);
}

/** Writes a field of single precision. */
export function putFloat(
  writer: BinaryWriter,
  field: number,
  value: number,
): void {
  // Beyond single precision, the writer would throw.
  writer.tag(field, WireType.Bit32).float(Math.fround(value));
}
