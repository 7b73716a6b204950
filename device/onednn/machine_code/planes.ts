import type { Block, MemoryPool } from "../_memory_pool.ts";
import {
  blockChannels,
  planesParameters,
  planesProgram,
  type PlanesVariant,
} from "./planes_convolution.ts";
import { planesConstants } from "./planes_constants.ts";
import { type Grid, gridOf, pixelTables } from "./planes_grid.ts";
import {
  planesPoolProgram,
  planesUpProgram,
  rowsParameters,
} from "./planes_rows.ts";
import type { Programs } from "./programs.ts";

/** N, H and W. */
export type GridShape = readonly [n: number, height: number, width: number];

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

/** What follows from a grid, in native memory. */
interface Tables {
  readonly grid: Grid;
  readonly block: Block;
  readonly masks: bigint;
  readonly places: bigint;
}

/** Sizes of features that are remembered: those of a few networks. */
const mostTables = 64;

/** Convolutions, pooling and up-convolutions on planes, in machine code. */
export class Planes {
  readonly #programs: Programs;
  readonly #pool: MemoryPool;
  readonly #tables = new Map<string, Tables>();
  readonly #rowMasks = new Map<string, Block>();
  readonly #constants: bigint;
  #image: { key: string; block: Block } | null = null;

  constructor(programs: Programs, pool: MemoryPool) {
    this.#programs = programs;
    this.#pool = pool;
    // It goes with the pool, as everything here does.
    this.#constants = this.#uploaded(planesConstants()).pointer;
  }

  /** How planes of a size lie. */
  grid(shape: GridShape): Grid {
    return this.#tablesOf(shape).grid;
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
    { sources: [first, second], outputs, ...given }: PlanesConvolution,
  ): void {
    const { grid, masks, places } = this.#tablesOf(shape);
    const { from, taps, to } = variant;
    const blocks = Math.ceil(outputs / blockChannels);
    const packed = planesParameters.pack(grid.pieces, {
      source: first!.address,
      planes: first!.planes,
      source2: second?.address ?? 0,
      planes2: second?.planes ?? 0,
      sourcePlane: grid.plane,
      target: given.target,
      targetPlane: grid.plane,
      blocks,
      logits: outputs,
      row: grid.row,
      first: grid.first,
      groups: grid.groups,
      ...{ masks, places },
      kernel: given.kernel,
      scale: given.scale,
      bias: given.bias,
      constants: this.#constants,
    });
    const planes = first!.planes + (second?.planes ?? 0);
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
      masks: this.#rowMasksOf(smaller[2], vectors),
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
      masks: this.#rowMasksOf(larger[2], 4 * vectors),
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

  #tablesOf(shape: GridShape): Tables {
    const key = shape.join();
    const known = this.#tables.get(key);
    if (known) return known;
    if (this.#tables.size >= mostTables) {
      for (const { block } of this.#tables.values()) this.#pool.give(block);
      this.#tables.clear();
    }
    const grid = gridOf(shape, this.#programs.threads);
    const { masks, places } = pixelTables(grid);
    const bytes = new Uint8Array(masks.byteLength + places.byteLength);
    bytes.set(new Uint8Array(places.buffer));
    bytes.set(new Uint8Array(masks.buffer), places.byteLength);
    const block = this.#uploaded(bytes);
    const tables = {
      ...{ grid, block },
      places: block.pointer,
      masks: block.pointer + BigInt(places.byteLength),
    };
    this.#tables.set(key, tables);
    return tables;
  }

  /** Which pixels of each register of a row of so many pixels there are. */
  #rowMasksOf(width: number, vectors: number): bigint {
    const key = `${width},${vectors}`;
    const known = this.#rowMasks.get(key);
    if (known) return known.pointer;
    const block = this.#uploaded(
      Uint16Array.from({ length: vectors }, (_, vector) => {
        const left = Math.min(16, Math.max(0, width - 16 * vector));
        return 2 ** left - 1;
      }),
    );
    this.#rowMasks.set(key, block);
    return block.pointer;
  }

  #uploaded(values: ArrayBufferView<ArrayBuffer>): Block {
    const block = this.#pool.take(values.byteLength);
    this.#pool.upload(block.pointer, values);
    return block;
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
