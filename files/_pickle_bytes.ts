/** The longest integer that is read, in bytes. */
const longestInteger = 16;

/** Words a refusal: what was found, and what is expected. */
export type Bad = (found: string, expected: string) => Error;

/** Reads the arguments of a pickle's opcodes, one after the other. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #bad: Bad;
  #at: number;

  /** Starts at a place. */
  constructor(bytes: Uint8Array, start: number, bad: Bad) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#bad = bad;
    this.#at = start;
  }

  /** Where the next byte lies. */
  get at(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** A float, whose high byte comes first. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** An integer of so many bytes: a number where one holds it exactly. */
  integer(length: number): number | bigint {
    if (length > longestInteger) {
      throw this.#bad(
        `an integer of ${length} bytes`,
        `at most ${longestInteger}`,
      );
    }
    const from = this.#take(length);
    let value = 0n;
    for (let at = length; at-- > 0;) {
      value = (value << 8n) | BigInt(this.#bytes[from + at]!);
    }
    value = BigInt.asIntN(8 * length, value);
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }

  /** A text of so many bytes. */
  text(length: number): string {
    const from = this.#take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
        .decode(this.#bytes.subarray(from, from + length));
    } catch (cause) {
      throw Object.assign(this.#bad("a name that is not text", "UTF-8"), {
        cause,
      });
    }
  }

  /** So many bytes, as a view of the file. */
  bytes(length: number | bigint): Uint8Array {
    if (length > this.left) {
      throw this.#bad("a pickle that is cut off", "its end");
    }
    const from = this.#take(Number(length));
    return this.#bytes.subarray(from, from + Number(length));
  }

  /** A text up to the end of its line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#bad("a pickle that is cut off", "a line's end");
    const found = this.text(end - this.#at);
    this.#at++;
    return found;
  }

  #take(count: number): number {
    if (count > this.left) {
      throw this.#bad("a pickle that is cut off", "its end");
    }
    const from = this.#at;
    this.#at += count;
    return from;
  }
}
