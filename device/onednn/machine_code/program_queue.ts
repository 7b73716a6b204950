import type { LoadedCode, NativeCode } from "./native_code.ts";
import { queueProgram } from "./queue_program.ts";

/** Programs of a queue at most, and bytes that all their arguments take. */
const most = 128, mostBytes = 2 ** 17;
/** Bytes of what the queue's program is given, and of an entry of its list. */
const header = 32, entry = 16;
const argumentsAt = header + most * entry;

/**
 * Programs that wait to be run one after the other in a single parallel region.
 * Whoever reads or writes the memory that they work on runs them first.
 */
export class ProgramQueue {
  readonly #code: NativeCode;
  readonly #program: LoadedCode;
  /** What the program is given, its list, and the arguments of all. */
  readonly #given = new Uint8Array(argumentsAt + mostBytes);
  readonly #numbers = new BigInt64Array(this.#given.buffer);
  readonly #address: bigint;
  #count = 0;
  #end = argumentsAt;

  /**
   * @param code Loads and runs programs.
   * @param program The queue's own program.
   */
  private constructor(code: NativeCode, program: LoadedCode) {
    this.#code = code;
    this.#program = program;
    const { of, value } = Deno.UnsafePointer;
    this.#address = BigInt(value(of(this.#given)));
  }

  /**
   * Makes a queue.
   *
   * @returns The queue; null where fewer threads come than are asked for, which
   * would wait for one another forever.
   */
  static open(code: NativeCode): ProgramQueue | null {
    if (!code.hasAllThreads()) return null;
    const program = code.load(queueProgram());
    return program && new ProgramQueue(code, program);
  }

  /**
   * Adds a program.
   *
   * @param program The program.
   * @param given What each thread is given, at most 4096 bytes.
   */
  add({ address }: LoadedCode, given: Uint8Array<ArrayBuffer>): void {
    if (this.#count === most || this.#end + given.length > this.#given.length) {
      this.run();
    }
    this.#given.set(given, this.#end);
    const at = (header + this.#count * entry) / 8;
    this.#numbers[at] = address;
    this.#numbers[at + 1] = this.#address + BigInt(this.#end);
    this.#count++;
    // Arguments of two programs share no line of the cache.
    this.#end += Math.ceil(given.length / 64) * 64;
  }

  /** Runs all that were added, in their order. */
  run(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    this.#end = argumentsAt;
    this.#numbers[0] = 0n;
    this.#numbers[1] = BigInt(count);
    this.#numbers[2] = this.#address + BigInt(header);
    this.#numbers[3] = BigInt(this.#code.threads);
    this.#code.run(this.#program, this.#given);
  }
}
