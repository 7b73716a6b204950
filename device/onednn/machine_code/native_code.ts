/**
 * Machine code in memory of its own, run on OpenMP's threads.
 *
 * @module
 */
import { gompLibrary } from "../_find_gomp.ts";
import { Assembly } from "./assembly.ts";

const libc = {
  mmap: {
    parameters: ["usize", "usize", "i32", "i32", "i32", "i64"],
    result: "usize",
  },
  munmap: { parameters: ["usize", "usize"], result: "i32" },
  mprotect: { parameters: ["usize", "usize", "i32"], result: "i32" },
  memcpy: { parameters: ["usize", "buffer", "usize"], result: "usize" },
} as const satisfies Deno.ForeignLibraryInterface;

const gomp = {
  GOMP_parallel: {
    parameters: ["usize", "buffer", "u32", "u32"],
    result: "void",
  },
  omp_get_max_threads: { parameters: [], result: "i32" },
  omp_set_num_threads: { parameters: ["i32"], result: "void" },
  omp_set_dynamic: { parameters: ["i32"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** What `mmap` and `mprotect` are given. */
const flags = { readAndWrite: 3, readAndExecute: 5, privateNothing: 0x22 };
/** What `mmap` answers when it fails. */
const refused = 2n ** 64n - 1n;

/** A program that lies in memory. */
export interface LoadedCode {
  /** Where it begins. */
  readonly address: bigint;
  /** Bytes. */
  readonly length: number;
}

/** Loads programs, and runs them on the threads that oneDNN computes with. */
export class NativeCode {
  readonly #libc = Deno.dlopen("libc.so.6", libc);
  readonly #gomp = Deno.dlopen(gompLibrary, gomp);
  readonly #loaded: LoadedCode[] = [];
  readonly #allThreads: number;
  #threads: number;

  constructor() {
    const { omp_get_max_threads, omp_set_dynamic } = this.#gomp.symbols;
    // As many threads as are asked for, whatever else is running.
    omp_set_dynamic(0);
    this.#threads = this.#allThreads = omp_get_max_threads();
  }

  /** How many threads run a program. */
  get threads(): number {
    return this.#threads;
  }

  /** Runs programs, and oneDNN's primitives to come, on so many threads. */
  useThreads(count: number): void {
    this.#gomp.symbols.omp_set_num_threads(count);
    this.#threads = count;
  }

  /**
   * Loads a program; its memory can be written before and never after.
   *
   * @returns The program; null where the system does not let programs make
   * code.
   */
  load(bytes: Uint8Array<ArrayBuffer>): LoadedCode | null {
    const { mmap, munmap, mprotect, memcpy } = this.#libc.symbols;
    const length = BigInt(bytes.length);
    const address = mmap(
      0n,
      length,
      flags.readAndWrite,
      flags.privateNothing,
      -1,
      0n,
    );
    if (address === refused) return null;
    memcpy(address, bytes, length);
    if (mprotect(address, length, flags.readAndExecute) !== 0) {
      munmap(address, length);
      return null;
    }
    const code = { address, length: bytes.length };
    this.#loaded.push(code);
    return code;
  }

  /** Whether a program is run by as many threads as are asked for. */
  hasAllThreads(): boolean {
    const counting = new Assembly();
    counting.emit("mov rax, 1", "lock xadd [rdi], rax", "ret");
    const program = this.load(counting.bytes());
    if (!program) return false;
    const count = new BigInt64Array(16);
    this.run(program, new Uint8Array(count.buffer));
    return count[0] === BigInt(this.#threads);
  }

  /** Runs a program on all threads, each of which is given the arguments. */
  run({ address }: LoadedCode, given: Uint8Array<ArrayBuffer>): void {
    this.#gomp.symbols.GOMP_parallel(address, given, this.#threads, 0);
  }

  /** Gives the memory back. */
  close(): void {
    for (const { address, length } of this.#loaded) {
      this.#libc.symbols.munmap(address, BigInt(length));
    }
    this.#loaded.length = 0;
    // Whoever opens the library next in this thread of the program has all.
    if (this.#threads < this.#allThreads) this.useThreads(this.#allThreads);
    this.#libc.close();
    this.#gomp.close();
  }
}
