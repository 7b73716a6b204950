import { dirname } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, flushFolderSync } from "@unet/files";

const newline = 10;
const chunkSize = 1 << 22;

/** A system's call failed on a journal. */
function fault(verb: string, path: string, cause: unknown): FileError {
  return new FileError(
    cannot(verb, "journal", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}

/**
 * The bytes of a file from an offset to the end that it has now, a few at a
 * time; none if there is no file.
 *
 * @throws {FileError} If it cannot be read, or ends before the offset.
 */
export function* readFrom(
  path: string,
  offset: number,
): Generator<Uint8Array> {
  try {
    using file = openForReading(path, offset);
    if (!file) return;
    const size = file.statSync().size;
    if (size < offset) {
      throw new FileError(
        cannot("read", "journal", path, {
          found: `${size} bytes`,
          expected: `the ${offset} that were read before`,
          remedy: "it was replaced; open it again",
        }),
      );
    }
    file.seekSync(offset, Deno.SeekMode.Start);
    let rest = size - offset;
    while (rest > 0) {
      const chunk = new Uint8Array(Math.min(rest, chunkSize));
      const count = file.readSync(chunk);
      if (count === null) return;
      rest -= count;
      yield chunk.subarray(0, count);
    }
  } catch (cause) {
    throw cause instanceof FileError ? cause : fault("read", path, cause);
  }
}

function openForReading(path: string, offset: number): Deno.FsFile | null {
  try {
    return Deno.openSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound && offset === 0) return null;
    throw cause;
  }
}

/**
 * Appends a line and flushes it to the disk. What a writer that died left
 * after the last line's end is cut off before, for nobody has read it, and a
 * line behind it would be lost with it.
 *
 * @param path The file, made if there is none.
 * @param line The line, without its end.
 * @throws {FileError} If it cannot be written; nothing of it stays then.
 */
export function appendLine(path: string, line: string): void {
  try {
    using file = Deno.openSync(path, {
      read: true,
      append: true,
      create: true,
    });
    const size = file.statSync().size;
    const end = endOfLastLine(file, size);
    if (end < size) Deno.truncateSync(path, end);
    try {
      const bytes = new TextEncoder().encode(line + "\n");
      for (let done = 0; done < bytes.length;) {
        done += file.writeSync(bytes.subarray(done));
      }
      file.syncSync();
      // A new file has a name to keep, too.
      if (size === 0) flushFolderSync(dirname(path));
    } catch (cause) {
      Deno.truncateSync(path, end);
      throw cause;
    }
  } catch (cause) {
    throw fault("append to", path, cause);
  }
}

/** Where the last complete line ends, looking back from the end of the file. */
function endOfLastLine(file: Deno.FsFile, size: number): number {
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - 4096);
    const chunk = new Uint8Array(end - start);
    file.seekSync(start, Deno.SeekMode.Start);
    for (let done = 0; done < chunk.length;) {
      const count = file.readSync(chunk.subarray(done));
      if (count === null) break;
      done += count;
    }
    const last = chunk.lastIndexOf(newline);
    if (last >= 0) return start + last + 1;
    end = start;
  }
  return 0;
}
