import type { Trace } from "../_trace.ts";
import type { LoadedCode, NativeCode } from "./native_code.ts";

/** Programs in machine code, each made when it is first run. */
export class Programs {
  readonly #code: NativeCode;
  readonly #loaded = new Map<string, LoadedCode>();
  /** Counts what is computed. */
  readonly trace: Trace;

  /**
   * @param code Loads programs and runs them.
   * @param trace Counts what is computed.
   */
  constructor(code: NativeCode, trace: Trace) {
    this.#code = code;
    this.trace = trace;
  }

  /** How many threads run a program. */
  get threads(): number {
    return this.#code.threads;
  }

  /**
   * Runs a program on all threads.
   *
   * @param name The program's name, unique to its code.
   * @param make Makes its code.
   * @param given What each thread is given.
   */
  run(
    name: string,
    make: () => Uint8Array<ArrayBuffer>,
    given: Uint8Array<ArrayBuffer>,
  ): void {
    let program = this.#loaded.get(name);
    if (!program) {
      // That code can be loaded was tried on opening.
      program = this.#code.load(make())!;
      this.#loaded.set(name, program);
    }
    this.#code.run(program, given);
  }

  /** Gives the code back. */
  close(): void {
    this.#code.close();
    this.#loaded.clear();
  }
}
