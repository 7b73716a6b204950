import { assert, assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { serializeTorch } from "./serialize_torch.ts";
import { zipRecords } from "./zip_records.ts";

const values = Float32Array.of(1, 2, 3, 4);

/** A zip as PyTorch writes it, with a comment at its end. */
function archive(comment = 0): Uint8Array {
  const pieces = serializeTorch(new Map([["a", { shape: [4], values }]]));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(length + comment).fill(0x20);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  new DataView(bytes.buffer).setUint16(length - 2, comment, true);
  return bytes;
}

const bad = (found: string, expected: string): ModelError =>
  new ModelError(`found ${found}, expected ${expected}`);

/** The record of the values, and where it begins. */
function recordOf(bytes: Uint8Array): Uint8Array {
  const stored = new Uint8Array(values.buffer);
  return [...zipRecords(bytes, bad).values()].find((record) =>
    record.length === stored.length &&
    record.every((byte, at) => byte === stored[at])
  )!;
}

Deno.test("zipRecords() reads records in place", () => {
  const bytes = archive(), record = recordOf(bytes);
  assert(record.buffer === bytes.buffer);
});

Deno.test("zipRecords() finds the directory before a comment of any length", () => {
  for (const comment of [1, 300, 65_535]) {
    assertEquals(
      [...zipRecords(archive(comment), bad).keys()],
      [...zipRecords(archive(), bad).keys()],
    );
  }
});

Deno.test("zipRecords() refuses a record of other bytes than were written", () => {
  const bytes = archive();
  bytes[recordOf(bytes).byteOffset + 5]! ^= 1;
  assertThrows(
    () => zipRecords(bytes, bad),
    ModelError,
    "that its checksum does not fit, expected a complete file",
  );
});

Deno.test("zipRecords() refuses a zip that is cut off", () => {
  const bytes = archive();
  assertThrows(
    () => zipRecords(bytes.subarray(0, -1), bad),
    ModelError,
    "a zip file that is cut off",
  );
});
