import { crc32 } from "node:zlib";
import { FileWriter } from "./file_writer.ts";

/** 1980-01-01, the first day that a zip can store: the same content, the same file. */
const firstDay = 0x21;

/** Set where a name is UTF-8. */
const utf8 = 0x800;

const most16 = 0xffff, most32 = 0xffffffff;

/**
 * Writes a zip of many small files, uncompressed, piece by piece. It keeps the
 * zip's directory alone, some 70 bytes per file. Sizes stand before the files,
 * for Java's reader of zip streams needs them there.
 *
 * @example
 * ```ts
 * import { StoredZip } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/notes.zip`;
 * await using zip = await StoredZip.open(path, "notes");
 * await zip.add("note.txt", new TextEncoder().encode("one line"));
 * await zip.finish();
 * const bytes = await Deno.readFile(path);
 * assertEquals(new TextDecoder().decode(bytes.subarray(30, 38)), "note.txt");
 * ```
 */
export class StoredZip implements AsyncDisposable {
  readonly #file: FileWriter;
  #directory = new Uint8Array(1 << 12);
  #used = 0;
  #count = 0;

  private constructor(file: FileWriter) {
    this.#file = file;
  }

  /**
   * Begins a zip. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param thing What it is to the person who reads a message, as in "ROIs".
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   */
  static async open(path: string, thing: string): Promise<StoredZip> {
    return new StoredZip(await FileWriter.open(path, thing));
  }

  /**
   * Adds a file.
   *
   * @param name Its path in the zip, with "/" between the parts.
   * @param content Its bytes.
   * @throws {FileError} If the system refuses; nothing of the zip is left then.
   */
  async add(name: string, content: Uint8Array): Promise<void> {
    const nameBytes = new TextEncoder().encode(name);
    const at = this.#file.length, isFar = at >= most32;
    const entry = new DataView(new ArrayBuffer(26));
    entry.setUint16(0, isFar ? 45 : 20, true);
    entry.setUint16(2, utf8, true);
    entry.setUint16(8, firstDay, true);
    entry.setUint32(10, crc32(content), true);
    entry.setUint32(14, content.length, true);
    entry.setUint32(18, content.length, true);
    entry.setUint16(22, nameBytes.length, true);
    const common = new Uint8Array(entry.buffer);
    for (const part of [signed(0x04034b50), common, nameBytes, content]) {
      await this.#file.write(part);
    }
    const record = new DataView(new ArrayBuffer(46));
    record.setUint32(0, 0x02014b50, true);
    record.setUint16(4, 45, true);
    new Uint8Array(record.buffer).set(common, 6);
    record.setUint32(42, Math.min(at, most32), true);
    const far = new DataView(new ArrayBuffer(isFar ? 12 : 0));
    if (isFar) {
      record.setUint16(30, 12, true);
      far.setUint16(0, 1, true);
      far.setUint16(2, 8, true);
      far.setBigUint64(4, BigInt(at), true);
    }
    this.#keep(new Uint8Array(record.buffer));
    this.#keep(nameBytes);
    this.#keep(new Uint8Array(far.buffer));
    this.#count++;
  }

  /**
   * Adds the directory, completes the file and gives it its name.
   *
   * @throws {FileError} If the system refuses; nothing of the zip is left then.
   */
  async finish(): Promise<void> {
    const at = this.#file.length, count = this.#count, length = this.#used;
    await this.#file.write(this.#directory.subarray(0, length));
    if (count >= most16 || at >= most32 || length >= most32) {
      const end = new DataView(new ArrayBuffer(76));
      end.setUint32(0, 0x06064b50, true);
      end.setBigUint64(4, 44n, true);
      end.setUint16(12, 45, true);
      end.setUint16(14, 45, true);
      end.setBigUint64(24, BigInt(count), true);
      end.setBigUint64(32, BigInt(count), true);
      end.setBigUint64(40, BigInt(length), true);
      end.setBigUint64(48, BigInt(at), true);
      end.setUint32(56, 0x07064b50, true);
      end.setBigUint64(64, BigInt(at + length), true);
      end.setUint32(72, 1, true);
      await this.#file.write(new Uint8Array(end.buffer));
    }
    const end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, 0x06054b50, true);
    end.setUint16(8, Math.min(count, most16), true);
    end.setUint16(10, Math.min(count, most16), true);
    end.setUint32(12, Math.min(length, most32), true);
    end.setUint32(16, Math.min(at, most32), true);
    await this.#file.write(new Uint8Array(end.buffer));
    await this.#file.finish();
  }

  /** Removes what was written; does nothing once it is finished. */
  async abort(): Promise<void> {
    await this.#file.abort();
  }

  /** Does what {@linkcode StoredZip.abort} does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  #keep(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#directory.length) {
      const larger = new Uint8Array(2 * this.#directory.length);
      larger.set(this.#directory);
      this.#directory = larger;
    }
    this.#directory.set(bytes, this.#used);
    this.#used += bytes.length;
  }
}

function signed(signature: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, signature, true);
  return new Uint8Array(view.buffer);
}
