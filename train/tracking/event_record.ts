import { crc32c } from "./crc32c.ts";

/**
 * Frames a message as a record of TensorFlow's TFRecord files: its length, the
 * masked checksum of the length, the message, and its masked checksum.
 *
 * @param message The bytes of the message.
 * @returns The record.
 */
export function recordOf(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(12 + message.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(message, 12);
  view.setUint32(12 + message.length, masked(crc32c(message)), true);
  return record;
}

/** A checksum that stays good where checksums are part of what is summed. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
