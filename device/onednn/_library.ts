import { cannot, DeviceError } from "@unet/errors";
import { keepLoaded } from "@unet/native";
import { Trace } from "./_trace.ts";
import { type Creator, statuses, symbols } from "./_symbols.ts";
import { withThreads } from "./_with_threads.ts";

/** A handle of oneDNN's: a pointer that only oneDNN looks into. */
export type Handle = bigint;

/** oneDNN, opened, with an engine on the processor. */
export class Library {
  /** As in "3.1.0". */
  readonly version: string;
  /** The widest instructions that it uses here, as in "AVX-512 with bf16". */
  readonly instructions: string;
  /** The processor. */
  readonly engine: Handle;
  /** The queue of work; it works at once. */
  readonly stream: Handle;
  /** Counts what is computed. */
  readonly trace = new Trace();
  /** Runs what waits, before a primitive of oneDNN is run. */
  settle: () => void = () => {};
  /** The C functions. */
  readonly functions: Deno.DynamicLibrary<typeof symbols>["symbols"];
  readonly #library: Deno.DynamicLibrary<typeof symbols>;
  readonly #result = new BigUint64Array(1);

  /**
   * Opens the library.
   *
   * @param path Where it lies.
   * @throws {DeviceError} If it cannot be loaded or is not of version 3.
   */
  constructor(path: string) {
    this.#library = load(path);
    this.functions = this.#library.symbols;
    this.version = readVersion(this.functions.dnnl_version()!);
    if (!this.version.startsWith("3.")) {
      this.#library.close();
      throw new DeviceError(
        cannot("open", "oneDNN", path, {
          found: `version ${this.version}`,
          expected: "version 3.1, or a later one of version 3",
          remedy: "run `installDevice onednn`",
        }),
      );
    }
    this.instructions = describeInstructions(
      this.functions.dnnl_get_effective_cpu_isa(),
    );
    const cpu = 1, inOrder = 1;
    this.engine = this.create("dnnl_engine_create", "the engine", cpu, 0n);
    this.stream = this.create(
      "dnnl_stream_create",
      "the stream",
      this.engine,
      inOrder,
    );
  }

  /** Whether it uses vectors of 512 bits here. */
  get hasAvx512(): boolean {
    return /AVX-512|AMX/.test(this.instructions);
  }

  /** Whether it multiplies numbers of eight bits in such vectors. */
  get hasVnni(): boolean {
    return /AVX-512 with|AMX/.test(this.instructions);
  }

  /**
   * Calls a function that creates something.
   *
   * @param name The function.
   * @param about What is created, for the error.
   * @returns Its handle.
   */
  create(name: Creator, about: string, ...inputs: unknown[]): Handle {
    const handle = this.tryCreate(name, about, ...inputs);
    if (handle !== null) return handle;
    throw refused(name, about, "unimplemented");
  }

  /** As {@linkcode create}; null where oneDNN has no implementation. */
  tryCreate(name: Creator, about: string, ...inputs: unknown[]): Handle | null {
    const call = this.functions[name] as (...inputs: unknown[]) => number;
    const status = call(this.#result, ...inputs);
    if (status === 0) return this.#result[0]!;
    const text = statuses[status];
    if (text === "unimplemented") return null;
    throw refused(name, about, text ?? `status ${status}`);
  }

  /** Throws unless a function succeeded. */
  check(status: number, name: string, about: string): void {
    if (status === 0) return;
    throw refused(name, about, statuses[status] ?? `status ${status}`);
  }

  /** Gives the engine back and unloads the library. */
  close(): void {
    this.functions.dnnl_stream_destroy(this.stream);
    this.functions.dnnl_engine_destroy(this.engine);
    this.#library.close();
  }
}

function load(path: string): Deno.DynamicLibrary<typeof symbols> {
  try {
    const library = withThreads(() => Deno.dlopen(path, symbols));
    keepLoaded(path);
    return library;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      throw new DeviceError(
        cannot("open", "oneDNN", path, {
          found: "no permission to load native code",
          remedy: "run Deno with --allow-ffi",
        }),
        { cause },
      );
    }
    const found = (cause as Error).message;
    const gomp = found.includes("libgomp");
    throw new DeviceError(
      cannot("open", "oneDNN", path, {
        found: gomp ? "no libgomp.so.1 on this system" : found,
        remedy: gomp
          ? "install the system's package libgomp1"
          : "run `installDevice onednn`",
      }),
      { cause },
    );
  }
}

function readVersion(pointer: Deno.PointerObject): string {
  const view = new Deno.UnsafePointerView(pointer);
  return [0, 4, 8].map((offset) => view.getInt32(offset)).join(".");
}

/** By the bits of oneDNN's `dnnl_cpu_isa_t`. */
function describeInstructions(isa: number): string {
  if ((isa & 0xfef) === 0xfef) return "AMX";
  if ((isa & 0xe7) === 0xe7) return "AVX-512 with bf16";
  if ((isa & 0x67) === 0x67) return "AVX-512 with VNNI";
  if ((isa & 0x27) === 0x27) return "AVX-512";
  if ((isa & 0x7) === 0x7) return "AVX2";
  return "SSE4.1";
}

function refused(name: string, about: string, found: string): DeviceError {
  const call = name.replace(/^dnnl_/, "").replaceAll("_", " ");
  const message = cannot("compute with oneDNN", about, call, { found });
  return new DeviceError(message);
}
