import type { Block, MemoryPool } from "../_memory_pool.ts";
import {
  blockChannels,
  planesParameters,
  planesProgram,
  type PlanesVariant,
} from "./planes_convolution.ts";
import { planesConstants } from "./planes_constants.ts";
import { type Grid, type GridShape, hasGroups } from "./planes_grid.ts";
import {
  planesPoolProgram,
  planesUpProgram,
  rowsParameters,
} from "./planes_rows.ts";
import {
  planesWinogradParameters,
  planesWinogradScratch,
  productBytesOf,
  winogradBlock,
} from "./planes_strip.ts";
import { PlanesTables } from "./planes_tables.ts";
import { planesWinogradProgram } from "./planes_winograd.ts";
import type { Programs } from "./programs.ts";

/** Planes that lie one after the other. */
export interface PlaneSet {
  /** Where the first lies. */
  readonly address: bigint;
  /** How many. */
  readonly planes: number;
}

/** Kernels as programs multiply by them. */
export interface PlaneKernels {
  /** The numbers, in the program's order. */
  readonly kernel: bigint;
  /** What a step of each output's sum stands for, in steps of the output. */
  readonly scale: bigint;
  /** What is added, in steps of the output. */
  readonly bias: bigint;
}

/** A convolution on planes. */
export interface PlanesConvolution extends PlaneKernels {
  /** The planes that are read, at most two sets. */
  readonly sources: readonly PlaneSet[];
  /** Where the result goes. */
  readonly target: bigint;
  /** Output channels. */
  readonly outputs: number;
}

/** Convolutions, pooling and up-convolutions on planes, in machine code. */
export class Planes {
  readonly #programs: Programs;
  readonly #pool: MemoryPool;
  readonly #tables: PlanesTables;
  readonly #constants: bigint;
  #image: { key: string; block: Block } | null = null;

  constructor(programs: Programs, pool: MemoryPool) {
    this.#programs = programs;
    this.#pool = pool;
    this.#tables = new PlanesTables(pool, programs.threads);
    // It goes with the pool, as everything here does.
    this.#constants = this.#tables.uploaded(planesConstants()).pointer;
  }

  /** How planes of a size lie. */
  grid(shape: GridShape): Grid {
    return this.#tables.of(shape).grid;
  }

  /** Float planes whose padding is zero, to put an image of a size into. */
  image(grid: Grid, channels: number): bigint {
    const key = `${grid.images},${grid.height},${grid.width},${channels}`;
    if (this.#image?.key === key) return this.#image.block.pointer;
    if (this.#image) this.#pool.give(this.#image.block);
    this.#image = null;
    const block = this.#pool.take(grid.plane * channels);
    this.#pool.clear(block.pointer, block.bytes);
    this.#image = { key, block };
    return block.pointer;
  }

  /** Convolves. */
  convolve(
    shape: GridShape,
    variant: PlanesVariant,
    given: PlanesConvolution,
  ): void {
    const { grid, masks, places } = this.#tables.of(shape);
    const { from, taps, to } = variant, { outputs } = given;
    const blocks = Math.ceil(outputs / blockChannels);
    const packed = planesParameters.pack(grid.pieces, {
      ...this.#common(grid, given),
      blocks,
      logits: outputs,
      first: grid.first,
      groups: grid.groups,
      ...{ masks, places },
    });
    const planes = planesOf(given);
    const inputs = from === "bytes" ? 4 * planes : planes;
    const pixels = shape[0] * shape[1] * shape[2];
    this.#programs.trace.primitive(
      {
        about: `convolution of ${from} to ${to} [${shape}] · ` +
          `[${taps},${inputs},${outputs}]`,
        implementation: "machine code:planes",
        operations: 2 * pixels * taps * inputs * outputs,
        bytes: pixels * (4 * planes + outputs * (to === "bytes" ? 1 : 4)),
      },
      () =>
        this.#programs.run(
          `planes ${from} ${taps} ${to}`,
          () => planesProgram(variant),
          packed,
        ),
    );
  }

  /**
   * Convolves planes of bytes by Winograd's F(4×4, 3×3).
   *
   * @param shape N, H and W; a grid that {@linkcode hasGroups}.
   * @param given Kernels that `windowKernel` made, of a multiple of 16 outputs.
   */
  winograd(
    shape: GridShape,
    given: PlanesConvolution,
  ): void {
    const { outputs } = given;
    const tables = this.#tables.of(shape), { grid } = tables;
    const groups = this.#tables.groupsOf(tables);
    const planes = planesOf(given), inputs = 4 * planes;
    // Not a power of two, so that threads do not meet in the same cache sets.
    const bytes = Math.ceil(planesWinogradScratch(planes) / 4096) * 4096 + 64;
    const scratch = this.#pool.take(bytes * this.#programs.threads);
    const packed = planesWinogradParameters.pack(
      groups.strips + outputs / 4,
      {
        ...this.#common(grid, given),
        targetPlanes: outputs / 4,
        blocks: outputs / winogradBlock,
        rows: grid.images * (grid.height + 1) + 1,
        images: grid.images,
        cells: grid.width + 1,
        imageBytes: grid.image,
        groups: groups.block.pointer,
        steps: inputs / 8,
        chunk: exactInputs / 8,
        productBytes: productBytesOf(planes),
      },
      { address: scratch.pointer, bytes },
    );
    const pixels = shape[0] * shape[1] * shape[2];
    try {
      this.#programs.trace.primitive(
        {
          about: `convolution of bytes to bytes [${shape}] · ` +
            `[9,${inputs},${outputs}]`,
          implementation: "machine code:planes winograd_4x4",
          operations: 18 * pixels * inputs * outputs,
          bytes: pixels * (inputs + outputs),
        },
        () =>
          this.#programs.run("planes winograd", planesWinogradProgram, packed),
      );
    } finally {
      this.#pool.give(scratch);
    }
  }

  /** What every convolution of planes reads and writes. */
  #common(
    grid: Grid,
    { sources: [first, second], target, kernel, scale, bias }:
      PlanesConvolution,
  ) {
    return {
      source: first!.address,
      planes: first!.planes,
      source2: second?.address ?? 0,
      planes2: second?.planes ?? 0,
      sourcePlane: grid.plane,
      targetPlane: grid.plane,
      row: grid.row,
      ...{ target, kernel, scale, bias },
      constants: this.#constants,
    };
  }

  /** Max pooling of 2×2. */
  pool(shape: GridShape, source: PlaneSet, target: bigint): void {
    const [n, height, width] = shape;
    const smaller: GridShape = [n, height / 2, width / 2];
    const from = this.grid(shape), to = this.grid(smaller);
    const vectors = Math.ceil(smaller[2] / 16);
    const given = rowsParameters.pack(n * smaller[1], {
      ...rowsOf(from, to, source, target),
      height: smaller[1],
      targetPlanes: source.planes,
      border: 0,
      vectors,
      masks: this.#tables.rowMasksOf(smaller[2], vectors),
      ...{ kernel: 0, scale: 0, bias: 0 },
      constants: this.#constants,
    });
    this.#programs.trace.primitive(
      {
        about: `max pool of bytes [${shape}] · ${4 * source.planes}`,
        implementation: "machine code:planes",
        operations: 0,
        bytes: 5 * source.planes * n * height * width,
      },
      () => this.#programs.run("planes pool", planesPoolProgram, given),
    );
  }

  /** The up-convolution; its result's bytes are 128 more than the numbers. */
  up(
    shape: GridShape,
    source: PlaneSet,
    { target, kernel, scale, bias }:
      & PlaneKernels
      & { readonly target: PlaneSet },
  ): void {
    const [n, height, width] = shape;
    const larger: GridShape = [n, 2 * height, 2 * width];
    const from = this.grid(shape), to = this.grid(larger);
    const vectors = Math.ceil(width / 32);
    const given = rowsParameters.pack(n * height, {
      ...rowsOf(from, to, source, target.address),
      height,
      targetPlanes: target.planes,
      border: 0x80808080,
      vectors,
      masks: this.#tables.rowMasksOf(larger[2], 4 * vectors),
      ...{ kernel, scale, bias },
      constants: this.#constants,
    });
    const [inputs, outputs] = [4 * source.planes, 4 * target.planes];
    this.#programs.trace.primitive(
      {
        about: `up-convolution of bytes [${shape}] · [4,${inputs},${outputs}]`,
        implementation: "machine code:planes",
        operations: 8 * n * height * width * inputs * outputs,
        bytes: n * height * width * (inputs + 4 * outputs),
      },
      () => this.#programs.run("planes up", planesUpProgram, given),
    );
  }
}

/** How two grids lie, for a program that works row by row. */
function rowsOf(from: Grid, to: Grid, source: PlaneSet, target: bigint) {
  return {
    images: from.images,
    source: source.address + BigInt(from.first),
    sourceRow: from.row,
    sourceImage: from.image,
    sourcePlane: from.plane,
    planes: source.planes,
    target: target + BigInt(to.first),
    targetRow: to.row,
    targetImage: to.image,
    targetPlane: to.plane,
    // The cell behind a row of padding belongs to the next one, if there is one.
    cells: to.width + 2,
  };
}

/** Inputs whose products add up in 32 bits, however large they are. */
const exactInputs = 64;
/** Measured: with fewer, inputs by outputs, transforms cost what they save. */
const fewestPairs = 512;

/**
 * Whether Winograd is the faster way for a convolution of 3×3 from bytes to
 * bytes: of enough channels, in whole groups of windows.
 */
export function suitsPlanesWinograd(
  [, height, width]: GridShape,
  inputs: number,
  outputs: number,
): boolean {
  return inputs * outputs >= fewestPairs && inputs % 8 === 0 &&
    outputs % winogradBlock === 0 &&
    hasGroups({ height, width });
}

/** How many planes a convolution reads. */
function planesOf({ sources: [first, second] }: PlanesConvolution): number {
  return first!.planes + (second?.planes ?? 0);
}
