import { assert, assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { isFullDisk, WriteFaults } from "./write_faults.ts";

const full = new FileError('Cannot write mask "a": found a full disk', {
  cause: new Error("No space left on device (os error 28): write"),
});
const unreadable = new FileError('Cannot read image "a": found a text file');

Deno.test("isFullDisk() knows a disk that takes no more by its cause, however deep", () => {
  for (
    const message of [
      "No space left on device (os error 28)",
      "Read-only file system (os error 30): open 'a'",
      "Disk quota exceeded (os error 122)",
      "ENOSPC: no space left on device, write",
    ]
  ) {
    const cause = new Error(message);
    assert(isFullDisk(cause), message);
    assert(isFullDisk(new FileError("a", { cause })), message);
    assert(
      isFullDisk(new FileError("a", { cause: new FileError("b", { cause }) })),
    );
  }
  for (
    const other of [unreadable, new Error("(os error 2)"), undefined, "28"]
  ) {
    assert(!isFullDisk(other));
  }
});

Deno.test("WriteFaults ends the batch at the third file in a row that a full disk fails", () => {
  const faults = new WriteFaults("results");
  for (const error of [full, unreadable, full, undefined, full, full]) {
    faults.add(error);
  }
  const error = assertThrows(() => faults.add(full), FileError);
  assertEquals(
    error.message,
    'Cannot continue writing into output folder "results": found a full disk, 3 ' +
      "files in a row; free some space; the same command then segments the rest",
  );
  assertEquals(error.cause, full);
});

Deno.test("WriteFaults never ends the batch for files that cannot be read", () => {
  const faults = new WriteFaults("results");
  for (let file = 0; file < 100; file++) faults.add(unreadable);
});
