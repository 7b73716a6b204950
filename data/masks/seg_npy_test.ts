/** Files that Cellpose and NumPy wrote (`fixtures/make_seg.py`), and damaged ones. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import kinds from "../fixtures/seg_kinds.json" with { type: "json" };
import { findSegMasks } from "./seg_npy.ts";

const cells = await Deno.readFile(
  new URL("../fixtures/cells_seg.npy", import.meta.url),
);

const drawn = [
  "11.....22",
  "11..3..22",
  "...333...",
  "4.3.3.3.5",
  "44.333.55",
  "4...3...5",
].flatMap((row) => [...row].map((one) => Number(one) || 0));

Deno.test("findSegMasks() reads the masks that Cellpose wrote", () => {
  const { width, height, read } = findSegMasks(cells, "cells_seg.npy");
  assertEquals([width, height], [9, 6]);
  assertEquals([...read()], drawn);
});

for (const { name, file } of kinds) {
  Deno.test(`findSegMasks() reads masks of NumPy: ${name}`, () => {
    const { width, height, read } = findSegMasks(Uint8Array.fromHex(file), "a");
    assertEquals([width, height], [2, 3]);
    assertEquals([...read()], [0, 1, 2, 0, 3, 70000]);
  });
}

function refused(bytes: Uint8Array, words: string): void {
  const error = assertThrows(() => findSegMasks(bytes, "a").read(), FileError);
  assertStringIncludes(error.message, `Cannot read mask "a": found ${words}`);
}

/** Cellpose's file with a text replaced by one of the same length. */
function changed(from: string, to: string): Uint8Array {
  const hex = (text: string) => new TextEncoder().encode(text).toHex();
  return Uint8Array.fromHex(cells.toHex().replace(hex(from), hex(to)));
}

Deno.test("findSegMasks() refuses a pickle that calls anything else", () => {
  // As a pickle names them: nothing of it is imported or run.
  refused(
    changed("_reconstruct", "_unpickle_it"),
    'a call of "numpy._core.multiarray._unpickle_it"',
  );
  const call = "cos\nsystem\n(S'true'\ntR.";
  const header = cells.subarray(0, 128);
  const pickle = new TextEncoder().encode(call);
  refused(
    Uint8Array.of(...header, 0x80, 2, ...pickle),
    'a call of "os.system"',
  );
});

Deno.test("findSegMasks() refuses a file that is cut off, wherever that is", () => {
  for (let end = 0; end < cells.length; end += 7) {
    assertThrows(() => findSegMasks(cells.slice(0, end), "a"), FileError);
  }
});

Deno.test("findSegMasks() refuses other files of NumPy, and masks that are no plane of numbers", () => {
  refused(changed("|O", "<8"), "an array of <8");
  refused(changed("masks", "faces"), "no masks in it");
  refused(changed("u2", "f2"), "masks of type f2");
  refused(changed("u2", "i1"), "masks of type i1");
  refused(changed("u2", "u4"), "108 bytes of masks");
});

Deno.test("findSegMasks() copies no text for every time that a pickle names it", () => {
  const length = 2 ** 20, times = 50_000;
  const latin = (text: string) =>
    Uint8Array.from(text, (one) => one.charCodeAt(0));
  const start = latin("\x93NUMPY\x01\0v\0{'descr': '|O', 'shape': ()}");
  const pickle = [
    ...[0x80, 2],
    ...latin("c_codecs\nencode\nq\0"),
    ...[0x58, 0, 0, length >> 16, 0],
  ];
  const calls = [0x85, 0x71, 1, 0x30];
  for (let i = 0; i < times; i++) calls.push(0x68, 0, 0x68, 1, 0x52, 0x30);
  const file = new Uint8Array(
    10 + 0x76 + pickle.length + length + calls.length + 1,
  ).fill(0x20);
  file.set(start);
  file.set(pickle, 10 + 0x76);
  file.set(calls, 10 + 0x76 + pickle.length + length);
  file[file.length - 1] = 0x2e; // STOP
  // As many copies as calls would be 50 GiB.
  refused(file, "an object without names");
});
