import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/** Bytes that are read by ranges, of a file or in memory. */
export interface ByteSource extends Disposable {
  /** How many bytes there are. */
  readonly size: number;
  /**
   * Reads a range that lies inside.
   *
   * @returns Its bytes, less of them where the file has become shorter.
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
  /**
   * Makes sure that the bytes are those that were opened.
   *
   * @throws {FileError} If they are not.
   */
  requireUnchanged(): void;
}

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) =>
      new Uint8Array(bytes.subarray(offset, offset + length)),
    requireUnchanged: () => {},
    [Symbol.dispose]: () => {},
  };
}

/**
 * Opens a file.
 *
 * @throws {FileError} If it cannot be opened.
 */
export function fileSource(path: string): ByteSource {
  const file = attempt(path, () => Deno.openSync(path));
  let isClosed = false;
  const close = () => {
    if (!isClosed) file.close();
    isClosed = true;
  };
  let opened: Deno.FileInfo;
  try {
    opened = attempt(path, () => file.statSync());
  } catch (error) {
    close();
    throw error;
  }
  return {
    size: opened.size,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      let done = 0;
      attempt(path, () => {
        file.seekSync(offset, Deno.SeekMode.Start);
        while (done < length) {
          const count = file.readSync(bytes.subarray(done));
          if (count === null) break;
          done += count;
        }
      });
      return bytes.subarray(0, done);
    },
    requireUnchanged: () => requireUnchanged(path, opened),
    [Symbol.dispose]: close,
  };
}

/** Compares what is under a path now with what was: file, size, time of change. */
function requireUnchanged(path: string, was: Deno.FileInfo): void {
  const now = attempt(path, () => Deno.statSync(path));
  const isSame = now.size === was.size && now.ino === was.ino &&
    now.dev === was.dev && now.mtime?.getTime() === was.mtime?.getTime();
  if (isSame) return;
  throw new FileError(cannot("read", "image", path, {
    found: "a file that changed after it was opened",
    expected: "one that does not change during reading",
    remedy: "start again once it is complete",
  }));
}

/** Does what touches the disk, and words what the system has against it. */
function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new FileError(
      cannot("read", "image", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
