/**
 * Machine code of x64 processors, made of text.
 *
 * @module
 */
import { AssemblyState } from "@defasm/core";

/** What of the assembler is used here; it brings no types. */
interface Assembler {
  readonly errors: readonly { readonly message: string }[];
  readonly head: { dump(): Uint8Array };
  compile(source: string, options: { haltOnError: boolean }): void;
}

/** A program that grows line by line, in Intel's syntax. */
export class Assembly {
  readonly #lines: string[] = [];
  #labels = 0;

  /** Adds lines. */
  emit(...lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  /** A name for a place that no other place has. */
  label(about: string): string {
    return `${about}_${this.#labels++}`;
  }

  /**
   * Repeats what `body` emits, as many times as the register says, which
   * counts down; not at all if it is zero.
   */
  repeat(register: string, body: () => void): void {
    const begin = this.label("repeat"), end = this.label("end");
    this.emit(`test ${register}, ${register}`, `jz ${end}`, `${begin}:`);
    body();
    this.emit(`sub ${register}, 1`, `jnz ${begin}`, `${end}:`);
  }

  /**
   * The machine code.
   *
   * @throws {TypeError} If a line is no instruction.
   */
  bytes(): Uint8Array<ArrayBuffer> {
    const state = new AssemblyState({
      syntax: { intel: true, prefix: false },
    }) as Assembler;
    state.compile(this.#lines.join("\n"), { haltOnError: false });
    const [error] = state.errors;
    if (error) throw new TypeError(`Cannot assemble: ${error.message}`);
    return new Uint8Array(state.head.dump());
  }
}

/** Registers for vectors of 8 or 16 numbers of 32 bits, and how to use them. */
export interface Vectors {
  /** Numbers a vector. */
  readonly lanes: 8 | 16;
  /** Bytes a vector. */
  readonly bytes: number;
  /** What follows an address whose one number fills all lanes. */
  readonly broadcast: string;
  /** The n-th register, n in 0…31. */
  register(n: number): string;
}

/** The vectors of so many lanes. */
export function vectorsOf(lanes: 8 | 16): Vectors {
  const kind = lanes === 16 ? "zmm" : "ymm";
  return {
    lanes,
    bytes: 4 * lanes,
    broadcast: `{1to${lanes}}`,
    register: (n) => `${kind}${n}`,
  };
}
