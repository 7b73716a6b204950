import type { TensorInfo } from "@tensorflow/tfjs-core";
import {
  advance,
  f32x4,
  get,
  i32,
  type Local,
  many,
  repeat,
  repeatUnrolled,
  set,
  v128,
  type WasmFunction,
  wasmFunction,
} from "../_assembler.ts";
import type { Machine } from "../_machine.ts";
import { shape4 } from "./_shape.ts";

/** A convolution of stride 1 without dilation, channels last. */
export interface Convolution {
  /** `[N, H, W, C]`. */
  readonly x: TensorInfo;
  /** `[KH, KW, C, K]`, K a multiple of 4. */
  readonly filter: TensorInfo;
  /** `[K]`, added to the result. */
  readonly bias?: TensorInfo | undefined;
  /** Whether negative results become 0. */
  readonly relu?: boolean;
  /** Rows of zeros above the image; as many below as the result needs. */
  readonly top: number;
  /** Columns of zeros left of the image; as many right as the result needs. */
  readonly left: number;
  /** Rows of the result. */
  readonly outHeight: number;
  /** Columns of the result. */
  readonly outWidth: number;
}

/** Floats of padded rows that are worked on at a time, to stay in the cache. */
const blockFloats = 32768;
const fewestRows = 4;

/**
 * Convolves. Blocks of rows are copied to where zeros surround them, so that
 * the inner loop meets no border: for every row of the filter it runs over
 * KW · C neighboring floats of the image.
 */
export function convolveDirectly(
  machine: Machine,
  task: Convolution,
): TensorInfo {
  const { outHeight, outWidth } = task;
  const [batch, height, width, channels] = shape4(task.x);
  const [filterHeight, filterWidth, , outChannels] = shape4(task.filter);
  const out = machine.output([batch, outHeight, outWidth, outChannels]);
  const row = (outWidth + filterWidth - 1) * channels;
  const fitting = Math.floor(blockFloats / row) - filterHeight + 1;
  const blockRows = Math.min(outHeight, Math.max(fewestRows, fitting));
  const filterFloats = filterHeight * filterWidth * channels * outChannels;
  const padded = (blockRows + filterHeight - 1) * row;
  machine.scratch(filterFloats + outChannels + 1 + padded, (packed) => {
    const bias = packed + 4 * filterFloats;
    const floor = bias + 4 * outChannels;
    const block = floor + 4;
    const heap = machine.heap();
    packFilter(machine, task.filter, packed);
    if (task.bias) {
      const from = machine.address(task.bias) >>> 2;
      heap.copyWithin(bias >>> 2, from, from + outChannels);
    } else {
      heap.fill(0, bias >>> 2, floor >>> 2);
    }
    heap[floor >>> 2] = task.relu ? 0 : -Infinity;
    heap.fill(0, block >>> 2, (block >>> 2) + padded);

    const from = machine.address(task.x) >>> 2;
    for (let image = 0; image < batch; image++) {
      for (let begin = 0; begin < outHeight; begin += blockRows) {
        const rows = Math.min(blockRows, outHeight - begin);
        for (let r = 0; r < rows + filterHeight - 1; r++) {
          const y = begin + r - task.top;
          const place = (block >>> 2) + r * row;
          if (y < 0 || y >= height) {
            heap.fill(0, place, place + row);
          } else {
            const source = from + (image * height + y) * width * channels;
            const inner = place + task.left * channels;
            const length = Math.min(width * channels, place + row - inner);
            heap.copyWithin(inner, source, source + length);
          }
        }
        const place = machine.address(out) +
          4 * (image * outHeight + begin) * outWidth * outChannels;
        convolveBlock(machine, task, {
          packed,
          bias,
          floor,
          block,
          place,
          rows,
        });
      }
    }
  });
  return out;
}

interface Block {
  /** The filter as {@linkcode packFilter} laid it. */
  packed: number;
  /** K floats to begin with. */
  bias: number;
  /** One float that bounds the results from below. */
  floor: number;
  /** The padded rows. */
  block: number;
  /** Where the results go. */
  place: number;
  /** Rows of results. */
  rows: number;
}

function convolveBlock(
  machine: Machine,
  { x, filter, outWidth }: Convolution,
  { packed, bias, floor, block, place, rows }: Block,
): void {
  const channels = x.shape[3]!;
  const [filterHeight, filterWidth, , outChannels] = shape4(filter);
  const row = (outWidth + filterWidth - 1) * channels;
  const fours = outWidth >> 2;
  for (
    const [pixels, column, columns] of [
      [4, 0, fours],
      [1, 4 * fours, outWidth - 4 * fours],
    ] as const
  ) {
    if (columns === 0) continue;
    for (const { begin, tiles, vectors } of tilesOf(outChannels)) {
      machine.code(tileName(pixels, vectors))(
        block + 4 * column * channels,
        packed + 4 * filterHeight * filterWidth * channels * begin,
        bias + 4 * begin,
        floor,
        place + 4 * (column * outChannels + begin),
        rows,
        columns,
        tiles,
        4 * channels,
        4 * row,
        4 * (row - columns * pixels * channels),
        filterHeight,
        filterWidth * channels,
        4 * outChannels,
        4 * (outWidth - columns * pixels) * outChannels,
      );
    }
  }
}

/** Output channels are worked on eight at a time, and the last four alone. */
export function tilesOf(
  outChannels: number,
): { begin: number; tiles: number; vectors: 1 | 2 }[] {
  const eights = outChannels >> 3;
  const tiles: { begin: number; tiles: number; vectors: 1 | 2 }[] = [];
  if (eights) tiles.push({ begin: 0, tiles: eights, vectors: 2 });
  if (outChannels & 4) tiles.push({ begin: 8 * eights, tiles: 1, vectors: 1 });
  return tiles;
}

/** Lays the filter out as the inner loop reads it: tile by tile. */
function packFilter(
  machine: Machine,
  filter: TensorInfo,
  packed: number,
): void {
  const [filterHeight, filterWidth, channels, outChannels] = shape4(filter);
  const rows = filterHeight * filterWidth * channels;
  const copy = machine.code("copyRows");
  for (const { begin, tiles, vectors } of tilesOf(outChannels)) {
    for (let tile = 0; tile < tiles; tile++) {
      const first = begin + tile * 4 * vectors;
      const from = machine.address(filter) + 4 * first;
      const to = packed + 4 * first * rows;
      copy(from, to, rows, vectors, 0, 4 * outChannels, 16 * vectors);
    }
  }
}

/** The name of the function of tiles so large. */
export function tileName(pixels: number, vectors: number): string {
  return `convolve${pixels}x${4 * vectors}`;
}

/** What a function of tiles takes. */
const tileParameters = [
  ...["x", "filter", "bias", "floor", "out"] as const,
  ...["rows", "columns", "tiles", "pixel", "row", "rowSkip"] as const,
  ...["filterHeight", "filterRow", "outPixel", "outSkip"] as const,
] as const;

/** Results of `pixels` neighbors and 4 · `vectors` channels stay in registers. */
function convolveTiles(pixels: 1 | 4, vectors: 1 | 2): WasmFunction {
  const name = tileName(pixels, vectors);
  return wasmFunction(name, tileParameters, (p, local) => {
    const sums = many(pixels, () => many(vectors, () => local("v128")));
    const weights = many(vectors, () => local("v128"));
    const value = local("v128");
    const readers = many(pixels, () => local("i32"));
    const filter = local("i32"),
      corner = local("i32"),
      tap = local("i32"),
      writer = local("i32");
    const row = local("i32"), column = local("i32");
    const tapRow = local("i32"), count = local("i32");

    const startReaders = readers.map((reader, i) =>
      set(
        reader,
        i === 0 ? get(tap) : i32.add(get(readers[i - 1]!), get(p.pixel)),
      )
    );
    const addProducts = (step: number) => [
      weights.map((weight, j) =>
        set(weight, v128.load(get(filter), 16 * (step * vectors + j)))
      ),
      readers.map((reader, i) => [
        set(value, v128.loadSplat(get(reader), 4 * step)),
        sums[i]!.map((sum, j) =>
          set(
            sum,
            f32x4.multiplyAdd(get(value), get(weights[j]!), get(sum)),
          )
        ),
      ]),
    ];
    const next = (steps: number) => [
      advance(filter, i32.constant(16 * steps * vectors)),
      readers.map((reader) => advance(reader, i32.constant(4 * steps))),
    ];
    const store = (pixel: Local[]) => [
      pixel.map((sum, j) =>
        v128.store(
          get(writer),
          f32x4.atLeast(get(sum), v128.loadSplat(get(p.floor))),
          16 * j,
        )
      ),
      advance(writer, get(p.outPixel)),
    ];
    const group = [
      sums.map((pixel) =>
        pixel.map((sum, j) => set(sum, v128.load(get(p.bias), 16 * j)))
      ),
      set(filter, get(p.filter)),
      set(tap, get(corner)),
      set(tapRow, get(p.filterHeight)),
      repeat(tapRow, [
        startReaders,
        repeatUnrolled(count, get(p.filterRow), addProducts, next),
        advance(tap, get(p.row)),
      ]),
      sums.map(store),
      advance(corner, i32.mul(get(p.pixel), i32.constant(pixels))),
    ];
    return repeat(p.tiles, [
      set(corner, get(p.x)),
      set(writer, get(p.out)),
      set(row, get(p.rows)),
      repeat(row, [
        set(column, get(p.columns)),
        repeat(column, group),
        advance(corner, get(p.rowSkip)),
        advance(writer, get(p.outSkip)),
      ]),
      // The filter's reader has come to the end of its tile.
      set(p.filter, get(filter)),
      advance(p.bias, i32.constant(16 * vectors)),
      advance(p.out, i32.constant(16 * vectors)),
    ]);
  });
}

/** The functions that {@linkcode convolve} calls. */
export const convolveCode: readonly WasmFunction[] = [
  convolveTiles(4, 2),
  convolveTiles(4, 1),
  convolveTiles(1, 2),
  convolveTiles(1, 1),
];
