import type { Block, MemoryPool } from "../_memory_pool.ts";
import { argumentsOf, type Values } from "./arguments.ts";
import { vectorsOf } from "./assembly.ts";
import { convolveProgram, convolveScratch } from "./convolve_program.ts";
import { kernelGradientProgram, kernelProgram } from "./kernel_programs.ts";
import type { Programs } from "./programs.ts";
import { products, stripWindows } from "./strips.ts";
import {
  channelsOf,
  type Features,
  geometryOf,
  lanesOf,
  type Sources,
  stripWidth,
} from "./winograd_geometry.ts";
import { weightsProgram, weightsScratch } from "./weights_program.ts";

/** Kernels `[3, 3, in, out]` as tfjs has them. */
export interface Kernels {
  /** Where they lie. */
  readonly address: bigint;
  /** Input channels. */
  readonly inputs: number;
  /** Output channels. */
  readonly outputs: number;
}

/** Convolves with a kernel turned around to get an input's gradient. */
export type Direction = "forward" | "data";

const programs = {
  weights: weightsProgram,
  kernel: kernelProgram,
  kernelGradient: kernelGradientProgram,
} as const;

/** Zeros that are there from the start, in bytes; enough for most. */
const fewestZeros = 2 ** 16;
const f32 = 4;

/**
 * Convolutions of 3×3, stride 1 and padding 1 by Winograd's F(4×4, 3×3) in
 * machine code that is made on first use: for the few channels of narrow
 * networks, where oneDNN's own are slow.
 */
export class Winograd {
  readonly #programs: Programs;
  readonly #pool: MemoryPool;
  /** A row of pixels beyond the image, and the bias where there is none. */
  #zeros: Block;
  /**
   * The threads' own memory. Windows that a strip lacks are multiplied as well,
   * so what lies there has to be numbers that take no longer than others: what
   * strips left, or zeros.
   */
  #scratch: Block;

  constructor(programs: Programs, pool: MemoryPool) {
    this.#programs = programs;
    this.#pool = pool;
    // Goes with the pool.
    this.#zeros = cleared(pool, fewestZeros);
    this.#scratch = cleared(pool, fewestZeros);
  }

  /** Bytes of kernels that {@linkcode turn} transforms. */
  turnedBytes({ inputs, outputs }: Pick<Kernels, "inputs" | "outputs">) {
    return products * inputs * outputs * f32;
  }

  /** Transforms kernels for {@linkcode convolve}. */
  turn(kernels: Kernels, direction: Direction, to: bigint): void {
    const { address, inputs, outputs } = kernels;
    const lanes = lanesOf(kernels), tap = inputs * outputs * f32;
    const isForward = direction === "forward";
    const [read, written] = isForward ? [inputs, outputs] : [outputs, inputs];
    this.#programs.trace.primitive(
      {
        about: `kernels for winograd ${direction} [${inputs},${outputs}]`,
        implementation: implementationOf(lanes),
        operations: 0,
        bytes: (9 + products) * inputs * outputs * f32,
      },
      () =>
        this.#run("kernel", lanes, {
          pieces: read * written / lanes,
          inputs: read,
          target: to,
          ...isForward
            ? { source: address, tap, input: outputs * f32, block: lanes * f32 }
            : {
              // The last of the nine first.
              source: address + BigInt(8 * tap),
              ...{ tap: -tap, input: f32, block: lanes * outputs * f32 },
            },
        }, { laneBytes: isForward ? f32 : outputs * f32 }),
    );
  }

  /**
   * Convolves.
   *
   * @param sources What is read.
   * @param target Where the result goes.
   * @param options Kernels that {@linkcode turn} made, the bias or null, and
   * whether ReLU follows, which lets NaN pass.
   */
  convolve(
    sources: Sources,
    target: Features,
    { kernel, bias, relu }: {
      readonly kernel: bigint;
      readonly bias: bigint | null;
      readonly relu: boolean;
    },
  ): void {
    const inputs = channelsOf(sources), outputs = target.shape[3];
    const lanes = lanesOf({ inputs, outputs });
    const scratch = convolveScratch(vectorsOf(lanes), inputs / lanes);
    const most = stripWidth(target.shape[2] / 4);
    const geometry = geometryOf(sources, target, { lanes, most });
    this.#needZeros(sources, outputs);
    const values = {
      ...geometry,
      ...this.#scratchOf(scratch),
      pieces: geometry.allStrips,
      kernel,
      bias: bias ?? this.#zeros.pointer,
    };
    this.#programs.trace.primitive(
      workOf("convolution", inputs, target),
      () =>
        this.#programs.run(
          `winograd convolve${lanes} ${most}`,
          () => convolveProgram(vectorsOf(lanes), most),
          argumentsOf(values, { floor: relu ? 0 : -Infinity }),
        ),
    );
  }

  /**
   * The gradient by the kernels.
   *
   * @param x What was read.
   * @param dy The gradient by the result.
   * @param to Where the gradient goes, as tfjs has kernels.
   */
  gradient(x: Sources, dy: Features, to: bigint): void {
    const inputs = channelsOf(x), outputs = dy.shape[3];
    const lanes = lanesOf({ inputs, outputs });
    const blocks = (inputs + outputs) / lanes;
    const geometry = geometryOf(x, dy, { lanes, most: stripWindows });
    const sumsBytes = this.turnedBytes({ inputs, outputs });
    this.#needZeros(x, 0);
    const parts = Math.min(
      this.#programs.threads,
      geometry.allStrips,
      Math.max(1, Math.floor(mostPartsBytes / sumsBytes)),
    );
    const sums = this.#pool.take(parts * sumsBytes);
    const scratch = weightsScratch(vectorsOf(lanes), blocks);
    try {
      const memory = this.#scratchOf(scratch);
      this.#programs.trace.primitive(
        workOf("convolution weights", inputs, dy),
        () => {
          this.#run("weights", lanes, {
            ...geometry,
            ...memory,
            pieces: parts,
            sums: sums.pointer,
            sumsBytes,
          });
          this.#run("kernelGradient", lanes, {
            pieces: inputs * outputs / lanes,
            inputs,
            blocks: outputs / lanes,
            parts,
            sums: sums.pointer,
            sumsBytes,
            target: to,
          });
        },
      );
    } finally {
      this.#pool.give(sums);
    }
  }

  /** Has zeros for a strip's row of pixels, and for so many biases. */
  #needZeros(sources: Sources, biases: number): void {
    const pixel = f32 *
      Math.max(...sources.map(({ shape, blocked }) => blocked ? 16 : shape[3]));
    const bytes = Math.max(pixel * (4 * stripWindows + 2), biases * f32);
    if (bytes <= this.#zeros.bytes) return;
    const more = cleared(this.#pool, bytes);
    this.#pool.give(this.#zeros);
    this.#zeros = more;
  }

  /** Has memory of each thread's own. */
  #scratchOf(
    bytes: number,
  ): Pick<Values, "scratch" | "scratchBytes" | "zeros"> {
    // Not a power of two, so that threads do not meet in the same cache sets.
    const each = Math.ceil(bytes / 4096) * 4096 + 64;
    const all = each * this.#programs.threads;
    if (all > this.#scratch.bytes) {
      const more = cleared(this.#pool, all);
      this.#pool.give(this.#scratch);
      this.#scratch = more;
    }
    return {
      scratch: this.#scratch.pointer,
      scratchBytes: each,
      zeros: this.#zeros.pointer,
    };
  }

  #run(
    name: keyof typeof programs,
    lanes: 8 | 16,
    values: Values,
    options?: Parameters<typeof argumentsOf>[1],
  ): void {
    this.#programs.run(
      `winograd ${name}${lanes}`,
      () => programs[name](vectorsOf(lanes)),
      argumentsOf(values, options),
    );
  }
}

/** What a trace counts of a convolution, or of its gradient. */
function workOf(kind: string, inputs: number, target: Features) {
  const [n, h, w, outputs] = target.shape;
  return {
    about: `${kind} [${n},${h},${w},${inputs}] · [3,3,${inputs},${outputs}]`,
    implementation: implementationOf(lanesOf({ inputs, outputs })),
    operations: 2 * 9 * n * h * w * inputs * outputs,
    bytes: f32 * n * h * w * (inputs + outputs),
  };
}

function implementationOf(lanes: 8 | 16): string {
  return `winograd_4x4:${lanes} lanes`;
}

function cleared(pool: MemoryPool, bytes: number): Block {
  const block = pool.take(bytes);
  pool.clear(block.pointer, block.bytes);
  return block;
}

/**
 * Whether there is a program for a convolution: whole windows, whole vectors,
 * and enough windows to fill a strip.
 */
export function suitsWinograd(
  [n, height, width, inputs]: Features["shape"],
  outputs: number,
): boolean {
  return inputs % 8 === 0 && outputs % 8 === 0 && height % 4 === 0 &&
    width % 4 === 0 && n * (height / 4) * (width / 4) >= stripWindows;
}

/**
 * Whether, of a convolution that has programs, that for the gradient by the
 * kernel is faster than oneDNN's: its sums have to stay in the cache, unless
 * oneDNN has no Winograd either.
 */
export function suitsWinogradGradient(
  [n, height, width, inputs]: Features["shape"],
  outputs: number,
): boolean {
  const isSmall = inputs * outputs <= mostSums;
  const windows = n * (height / 4) * (width / 4);
  return isSmall || windows < fewWindows;
}

/** Many threads may not take any amount of memory for their sums. */
const mostPartsBytes = 2 ** 28;
/** Measured: 128 by 384 channels are as fast as oneDNN's, more are slower. */
const mostSums = 49_152;
/** With fewer, oneDNN convolves directly. */
const fewWindows = 32;
