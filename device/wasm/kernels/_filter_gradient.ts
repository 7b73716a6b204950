import type { TensorInfo } from "@tensorflow/tfjs-core";
import {
  advance,
  f32x4,
  get,
  i32,
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

/** What a convolution without dilation was, channels last. */
export interface FilterGradient {
  /** The image, `[N, H, W, C]`. */
  readonly x: TensorInfo;
  /** The gradient of the result, `[N, OH, OW, K]`. */
  readonly dy: TensorInfo;
  /** `[KH, KW, C, K]`. */
  readonly filterShape: [number, number, number, number];
  /** Rows of zeros above the image. */
  readonly top: number;
  /** Columns of zeros left of the image. */
  readonly left: number;
  /** Rows and columns from one result to the next. */
  readonly strides: readonly [number, number];
}

/** Floats of x and dy that are worked on at a time, to stay in the cache. */
const blockFloats = 16384;

/**
 * The gradient of a convolution's filter: for every tap the product xᵀ · dy
 * of the pixels that it met. Nothing is copied; a tap at the border takes
 * fewer rows and columns.
 */
export function filterGradientDirectly(
  machine: Machine,
  { x, dy, filterShape, top, left, strides }: FilterGradient,
): TensorInfo {
  const [filterHeight, filterWidth, channels, outChannels] = filterShape;
  const [batch, height, width] = shape4(x);
  const [, outHeight, outWidth] = shape4(dy);
  const [rowStride, columnStride] = strides;
  const out = machine.output([...filterShape]);
  const place = machine.address(out);
  const count = filterHeight * filterWidth * channels * outChannels;
  machine.heap().fill(0, place >>> 2, (place >>> 2) + count);
  const rowFloats = outWidth * (channels * columnStride + outChannels);
  const blockRows = Math.max(1, Math.floor(blockFloats / rowFloats));
  for (let image = 0; image < batch; image++) {
    for (let begin = 0; begin < outHeight; begin += blockRows) {
      const end = Math.min(outHeight, begin + blockRows);
      for (let kh = 0; kh < filterHeight; kh++) {
        const rows = meeting([begin, end], kh - top, rowStride, height);
        for (let kw = 0; kw < filterWidth; kw++) {
          const columns = meeting(
            [0, outWidth],
            kw - left,
            columnStride,
            width,
          );
          if (rows.count === 0 || columns.count === 0) continue;
          const y = rows.first * rowStride + kh - top;
          const xx = columns.first * columnStride + kw - left;
          const pixel = 4 * channels * columnStride;
          const outPixel = 4 * outChannels;
          addProducts(machine, {
            x: machine.address(x) +
              4 * channels * ((image * height + y) * width + xx),
            dy: machine.address(dy) +
              outPixel *
                ((image * outHeight + rows.first) * outWidth + columns.first),
            out: place +
              4 * (kh * filterWidth + kw) * channels * outChannels,
            rows: rows.count,
            columns: columns.count,
            pixel,
            rowSkip: 4 * channels * width * rowStride - columns.count * pixel,
            outPixel,
            outSkip: outPixel * (outWidth - columns.count),
            channels,
            outChannels,
          });
        }
      }
    }
  }
  return out;
}

/** Results in begin…end whose tap at `offset` lies within the image. */
function meeting(
  [begin, end]: readonly [number, number],
  offset: number,
  stride: number,
  size: number,
): { first: number; count: number } {
  const first = Math.max(begin, Math.ceil(-offset / stride));
  const last = Math.min(end - 1, Math.floor((size - 1 - offset) / stride));
  return { first, count: Math.max(0, last - first + 1) };
}

/** Pixels of the image and of the result, and where they lie. */
export interface Products {
  x: number;
  dy: number;
  out: number;
  rows: number;
  columns: number;
  pixel: number;
  rowSkip: number;
  outPixel: number;
  outSkip: number;
  channels: number;
  outChannels: number;
}

/** Adds xᵀ · dy of some pixels to a filter's gradient. */
export function addProducts(machine: Machine, task: Products): void {
  const { channels, outChannels } = task;
  for (const [fromC, tilesC, sizeC] of parts(channels, [4, 1])) {
    for (const [fromK, tilesK, sizeK] of parts(outChannels, [8, 4, 1])) {
      machine.code(tileName(sizeC, sizeK))(
        task.x + 4 * fromC,
        task.dy + 4 * fromK,
        task.out + 4 * (fromC * outChannels + fromK),
        task.rows,
        task.columns,
        task.pixel,
        task.rowSkip,
        task.outPixel,
        task.outSkip,
        tilesC,
        tilesK,
      );
    }
  }
}

/** Cuts a number of channels into tiles: [first channel, tiles, their size]. */
function parts(
  channels: number,
  sizes: readonly number[],
): [number, number, number][] {
  let from = 0;
  return sizes.flatMap((size): [number, number, number][] => {
    const tiles = Math.floor((channels - from) / size);
    const first = from;
    from += tiles * size;
    return tiles ? [[first, tiles, size]] : [];
  });
}

function tileName(channels: number, outChannels: number): string {
  return `filterGradient${channels}x${outChannels}`;
}

/** What a function of tiles takes. */
const tileParameters = [
  ...["x", "dy", "out", "rows", "columns", "pixel", "rowSkip"] as const,
  ...["outPixel", "outSkip", "tiles", "outTiles"] as const,
] as const;

/** Sums of `channels` · `outChannels` products stay in registers. */
function filterGradientTiles(
  channels: 1 | 4,
  outChannels: 1 | 4 | 8,
): WasmFunction {
  const lanes = outChannels === 1 ? 1 : 4;
  const vectors = outChannels / lanes;
  return wasmFunction(
    tileName(channels, outChannels),
    tileParameters,
    (p, local) => {
      const sums = many(channels, () => many(vectors, () => local("v128")));
      const gradients = many(vectors, () => local("v128"));
      const value = local("v128");
      const x = local("i32"), dy = local("i32"), tileDy = local("i32");
      const out = local("i32"), writer = local("i32");
      const tile = local("i32"), row = local("i32"), column = local("i32");

      const addPixel = [
        gradients.map((gradient, j) =>
          set(gradient, v128.load(get(dy), 16 * j, lanes))
        ),
        sums.map((channel, i) => [
          set(value, v128.loadSplat(get(x), 4 * i)),
          channel.map((sum, j) =>
            set(
              sum,
              f32x4.multiplyAdd(get(value), get(gradients[j]!), get(sum)),
            )
          ),
        ]),
        advance(x, get(p.pixel)),
        advance(dy, get(p.outPixel)),
      ];
      const addToOutput = sums.map((channel) => [
        channel.map((sum, j) =>
          v128.store(
            get(writer),
            f32x4.add(v128.load(get(writer), 16 * j, lanes), get(sum)),
            16 * j,
            lanes,
          )
        ),
        advance(writer, get(p.outPixel)),
      ]);
      return repeat(p.tiles, [
        set(tileDy, get(p.dy)),
        set(out, get(p.out)),
        set(tile, get(p.outTiles)),
        repeat(tile, [
          sums.flat().map((sum) => set(sum, v128.zero())),
          set(x, get(p.x)),
          set(dy, get(tileDy)),
          set(row, get(p.rows)),
          repeat(row, [
            repeatUnrolled(column, get(p.columns), () => addPixel),
            advance(x, get(p.rowSkip)),
            advance(dy, get(p.outSkip)),
          ]),
          set(writer, get(out)),
          addToOutput,
          advance(tileDy, i32.constant(4 * outChannels)),
          advance(out, i32.constant(4 * outChannels)),
        ]),
        advance(p.x, i32.constant(4 * channels)),
        // A filter's row of output channels is as long as a result's pixel.
        advance(p.out, i32.mul(get(p.outPixel), i32.constant(channels))),
      ]);
    },
  );
}

/** The functions that {@linkcode filterGradientDirectly} calls. */
export const filterGradientCode: readonly WasmFunction[] = ([1, 4] as const)
  .flatMap((channels) =>
    ([1, 4, 8] as const).map((outChannels) =>
      filterGradientTiles(channels, outChannels)
    )
  );
