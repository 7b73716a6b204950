import type { Block, MemoryPool } from "../_memory_pool.ts";
import { argumentsOf, type Values } from "./arguments.ts";
import { vectorsOf } from "./assembly.ts";
import { convolveProgram, convolveScratch } from "./convolve_program.ts";
import { kernelGradientProgram, kernelProgram } from "./kernel_programs.ts";
import {
  groupedBlocks,
  largeKernelsProgram,
  largeKernelsScratch,
  windowsProgram,
  windowsScratch,
} from "./large_kernels.ts";
import type { Programs } from "./programs.ts";
import { blockBytes, products, stripWindows } from "./strips.ts";
import {
  channelsOf,
  type Features,
  geometryOf,
  lanesOf,
  type Sources,
  stripWidth,
  windowsOf,
} from "./winograd_geometry.ts";
import { areLargeKernels } from "./suits_winograd.ts";
import { type Direction, type Kernels, tapsOf } from "./taps.ts";
import { weightsProgram, weightsScratch } from "./weights_program.ts";

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

  /** Whether {@linkcode turnAndConvolve} is faster than both by themselves. */
  hasLargeKernels(shape: Features["shape"], outputs: number): boolean {
    return areLargeKernels(shape, outputs, this.#programs.threads);
  }

  /** Bytes of kernels that {@linkcode turn} transforms. */
  turnedBytes({ inputs, outputs }: Pick<Kernels, "inputs" | "outputs">) {
    return products * inputs * outputs * f32;
  }

  /** Transforms kernels for {@linkcode convolve}. */
  turn(kernels: Kernels, direction: Direction, to: bigint): void {
    const { inputs, outputs } = kernels;
    const lanes = lanesOf(kernels);
    const { values, laneBytes } = tapsOf(kernels, direction, lanes);
    this.#programs.trace.primitive(
      {
        about: `kernels for winograd ${direction} [${inputs},${outputs}]`,
        implementation: implementationOf(lanes),
        operations: 0,
        bytes: (9 + products) * inputs * outputs * f32,
      },
      () =>
        this.#run("kernel", lanes, {
          ...values,
          source: values.kernel,
          pieces: inputs * outputs / lanes,
          target: to,
        }, { laneBytes }),
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
   * Convolves by kernels that are not transformed yet, with the bits of
   * {@linkcode turn} and {@linkcode convolve}: faster where there are many
   * kernels and few windows, since transformed kernels stay in the cache.
   */
  turnAndConvolve(
    sources: Sources,
    target: Features,
    { kernels, direction, bias, relu }: {
      readonly kernels: Kernels;
      readonly direction: Direction;
      readonly bias: bigint | null;
      readonly relu: boolean;
    },
  ): void {
    const inputs = channelsOf(sources), outputs = target.shape[3];
    const lanes = lanesOf({ inputs, outputs }), vectors = vectorsOf(lanes);
    const most = stripWidth(target.shape[2] / 4);
    const geometry = geometryOf(sources, target, { lanes, most });
    const { allStrips, sourceBlocks, targetBlocks } = geometry;
    const stripBytes = sourceBlocks * blockBytes(vectors);
    const transformed = this.#pool.take(allStrips * stripBytes);
    const { values, laneBytes } = tapsOf(kernels, direction, lanes);
    try {
      // Windows that strips lack are multiplied as well.
      if (windowsOf(target.shape) < allStrips * most) {
        this.#pool.clear(transformed.pointer, allStrips * stripBytes);
      }
      this.#needZeros(sources, outputs);
      const scratch = this.#scratchOf(Math.max(
        windowsScratch(vectors),
        largeKernelsScratch(vectors, inputs),
      ));
      const shared = {
        ...geometry,
        ...scratch,
        stripBytes,
        transformed: transformed.pointer,
      };
      this.#programs.trace.primitive(
        workOf("convolution", inputs, target),
        () => {
          this.#programs.run(
            `winograd windows${lanes} ${most}`,
            () => windowsProgram(vectors, most),
            argumentsOf({ ...shared, pieces: allStrips }),
          );
          this.#programs.run(
            `winograd large kernels${lanes} ${most}`,
            () => largeKernelsProgram(vectors, most),
            argumentsOf({
              ...shared,
              ...values,
              pieces: Math.ceil(targetBlocks / groupedBlocks),
              bias: bias ?? this.#zeros.pointer,
            }, { floor: relu ? 0 : -Infinity, laneBytes }),
          );
        },
      );
    } finally {
      this.#pool.give(transformed);
    }
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

/** Many threads may not take any amount of memory for their sums. */
const mostPartsBytes = 2 ** 28;
