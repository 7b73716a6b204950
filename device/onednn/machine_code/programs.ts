import type { Trace } from "../_trace.ts";
import type { LoadedCode, NativeCode } from "./native_code.ts";
import { ProgramQueue } from "./program_queue.ts";

/** Programs in machine code, each made when it is first run. */
export class Programs {
  readonly #code: NativeCode;
  readonly #loaded = new Map<string, LoadedCode>();
  readonly #queue: ProgramQueue | null;
  /** Counts what is computed. */
  readonly trace: Trace;

  /**
   * @param code Loads programs and runs them.
   * @param trace Counts what is computed.
   */
  constructor(code: NativeCode, trace: Trace) {
    this.#code = code;
    this.#queue = ProgramQueue.open(code);
    this.trace = trace;
  }

  /** How many threads run a program. */
  get threads(): number {
    return this.#code.threads;
  }

  /** Runs programs on so many threads from now on, at most those of the start. */
  useThreads(count: number): void {
    this.settle();
    this.#code.useThreads(count);
  }

  /**
   * Runs a program on all threads: at once while a trace counts, else at the
   * latest when {@linkcode settle} is called, after those before it.
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
    if (!this.#queue) return this.#code.run(program, given);
    this.#queue.add(program, given);
    if (this.trace.isOn) this.settle();
  }

  /** Runs the programs that wait. */
  settle(): void {
    this.#queue?.run();
  }

  /** Gives the code back; what waits is not run. */
  close(): void {
    this.#code.close();
    this.#loaded.clear();
  }
}
