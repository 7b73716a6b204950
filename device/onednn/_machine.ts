import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { DeviceThreads, Precision } from "../device.ts";
import { type Attributes, createAttributes } from "./_attributes.ts";
import { Layouts } from "./_layouts.ts";
import { Library } from "./_library.ts";
import { MemoryPool } from "./_memory_pool.ts";
import type { Primitive } from "./_primitive.ts";
import { PrimitiveCache } from "./_primitive_cache.ts";
import { Reorder } from "./_reorder.ts";
import { Scope } from "./_scope.ts";
import type { Trace } from "./_trace.ts";
import { OnednnBackend } from "./onednn_backend.ts";
import { openPrograms } from "./machine_code/open_programs.ts";
import type { Programs } from "./machine_code/programs.ts";
import { Planes } from "./machine_code/planes.ts";
import { UpConvolution } from "./machine_code/up_convolution.ts";
import { Winograd } from "./machine_code/winograd.ts";

/** How many compiled primitives are kept. */
const primitiveLimit = 2048;

/** How a machine computes. */
export interface MachineOptions {
  /** What activations are stored as. */
  readonly precision: Precision;
  /** Whether Winograd's convolutions are taken where they are faster. */
  readonly winograd: boolean;
  /** The most native memory in bytes; a default if left out. */
  readonly memoryLimit?: number | undefined;
}

/** What kernels of this folder work with. */
export class Machine {
  /** oneDNN. */
  readonly library: Library;
  /** Counts what is computed. */
  readonly trace: Trace;
  /** How tensors lie. */
  readonly layouts: Layouts;
  /** What may be added to primitives. */
  readonly attributes: Attributes;
  /** Where they lie. */
  readonly pool: MemoryPool;
  /** What was compiled. */
  readonly primitives: PrimitiveCache<Primitive>;
  /** Copies from layout to layout. */
  readonly reorder: Reorder;
  /** The tensors. */
  readonly backend: OnednnBackend;
  /** Convolutions in machine code of the program's own, where it can be. */
  readonly winograd: Winograd | null;
  /** Up-convolutions in machine code, where it can be. */
  readonly upConvolution: UpConvolution | null;
  /** Computing in eight bits in machine code, where it can be. */
  readonly planes: Planes | null;
  /** How it computes. */
  readonly options: MachineOptions;
  readonly #programs: Programs | null;

  /** Opens the library at a path. */
  constructor(path: string, options: MachineOptions) {
    this.options = options;
    this.library = new Library(path);
    this.trace = this.library.trace;
    this.layouts = new Layouts(this.library);
    this.attributes = createAttributes(this.library);
    this.pool = new MemoryPool(options.memoryLimit);
    this.primitives = new PrimitiveCache(primitiveLimit);
    this.reorder = new Reorder(this);
    this.backend = new OnednnBackend(this.pool, this.reorder);
    const programs = openPrograms(this);
    this.#programs = programs;
    const settle = () => programs?.settle();
    this.library.settle = this.pool.settle = settle;
    this.winograd = options.winograd && programs
      ? new Winograd(programs, this.pool)
      : null;
    this.upConvolution = programs && new UpConvolution(programs);
    this.planes = programs && this.library.hasVnni
      ? new Planes(programs, this.pool)
      : null;
  }

  /** The threads that it computes with; null where only oneDNN knows them. */
  get threads(): DeviceThreads | null {
    const programs = this.#programs;
    if (!programs) return null;
    const count = programs.threads;
    return { count, use: (fewer) => programs.useThreads(fewer) };
  }

  /** Whether activations are stored as bfloat16. */
  get mixed(): boolean {
    return this.options.precision === "mixed";
  }

  /** Runs a kernel's work and gives back what it borrowed for it. */
  compute<Result extends TensorInfo | TensorInfo[]>(
    work: (scope: Scope) => Result,
  ): Result {
    const scope = new Scope(this);
    try {
      const result = work(scope);
      scope.succeed();
      return result;
    } finally {
      scope.end();
    }
  }

  /** Gives everything back. */
  close(): void {
    this.#programs?.settle();
    this.#programs?.close();
    this.primitives.clear();
    this.attributes.destroy();
    this.layouts.close();
    this.pool.close();
    this.library.close();
  }
}
