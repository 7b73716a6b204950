import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import {
  type Convolution,
  convolveDirectly,
  tileName,
  tilesOf,
} from "./_convolve.ts";
import { shape4 } from "./_shape.ts";
import { constants } from "./_winograd_code.ts";

/** The products that a window of 4×4 results is made of. */
const products = 36;
/** Floats of transformed windows that are worked on at a time. */
const blockFloats = 2 ** 16;

/**
 * Whether {@linkcode winogradConvolve} takes it: kernels of 3×3 with zeros
 * around, whole windows of 4×4, and whole vectors of channels.
 */
function suitsWinograd(
  { x, filter, top, left, outHeight, outWidth }: Convolution,
): boolean {
  const [, height, width, channels] = shape4(x);
  const [kernelHeight, kernelWidth, , outChannels] = shape4(filter);
  return kernelHeight === 3 && kernelWidth === 3 && top === 1 && left === 1 &&
    outHeight === height && outWidth === width && height % 4 === 0 &&
    width % 4 === 0 && channels % 4 === 0 && outChannels % 4 === 0 &&
    channels >= 8 && outChannels >= 8;
}

/**
 * Convolves by Winograd's F(4×4, 3×3) (Lavin and Gray, 2016): a quarter of the
 * multiplications, and additions before and after. Groups of rows of windows
 * are worked on, as many as stay in the cache.
 */
function winogradConvolve(
  machine: Machine,
  task: Convolution,
): TensorInfo {
  const [batch, height, width, channels] = shape4(task.x);
  const outChannels = task.filter.shape[3]!;
  const out = machine.output([batch, height, width, outChannels]);
  const rows = height / 4, columns = width / 4;
  const most = Math.max(4, Math.floor(blockFloats / products / channels));
  const span = Math.min(columns, most);
  const group = Math.min(rows, Math.max(1, Math.floor(most / columns)));
  const windows = group * span;
  const padded = (width + 2) * channels;
  const kernels = products * channels * outChannels;
  const sizes = [
    ...[constants.length, outChannels, 1, outChannels + 1],
    ...[kernels, 6 * padded],
    ...[products * windows * channels, products * windows * outChannels],
    // Between the two passes of a transform.
    Math.max(6 * padded, 24 * windows * outChannels, kernels / 2),
  ];
  const total = sizes.reduce((a, b) => a + b, 0);
  machine.scratch(total, (start) => {
    let next = start;
    const [table, bias, floor, zeros, packed, block, inputs, sums, half] = sizes
      .map(
        (size) => {
          const place = next;
          next += 4 * size;
          return place;
        },
      ) as [
        ...[number, number, number, number, number, number, number],
        ...[number, number],
      ];
    const heap = machine.heap();
    heap.set(constants, table >>> 2);
    fillBias(machine, task, bias);
    heap[floor >>> 2] = task.relu ? 0 : -Infinity;
    // What products begin with, and their floor.
    heap.fill(0, zeros >>> 2, (zeros >>> 2) + outChannels);
    heap[(zeros >>> 2) + outChannels] = -Infinity;
    heap.fill(0, block >>> 2, (block >>> 2) + 6 * padded);
    const plane = { table, bias, floor, half };
    packKernels(machine, task.filter, packed, plane);
    for (let image = 0; image < batch; image++) {
      for (let row = 0; row < rows; row += group) {
        for (let column = 0; column < columns; column += span) {
          const place = { image, row, column };
          const size = {
            rows: Math.min(group, rows - row),
            columns: Math.min(span, columns - column),
          };
          const at = { ...plane, zeros, block, inputs, sums, packed, windows };
          readWindows(machine, task, { ...place, ...size, ...at });
          multiply(machine, [channels, outChannels], {
            ...at,
            count: size.rows * size.columns,
          });
          writeWindows(machine, out, { ...place, ...size, ...at });
        }
      }
    }
  });
  return out;
}

function fillBias(machine: Machine, { bias, filter }: Convolution, to: number) {
  const count = filter.shape[3]!, heap = machine.heap();
  if (bias === undefined) {
    heap.fill(0, to >>> 2, (to >>> 2) + count);
    return;
  }
  const from = machine.address(bias) >>> 2;
  heap.copyWithin(to >>> 2, from, from + count);
}

interface Plane {
  /** What lies between two passes. */
  readonly half: number;
  readonly table: number;
  readonly bias: number;
  readonly floor: number;
}

/** Convolves by the faster way there is. */
export function convolve(machine: Machine, task: Convolution): TensorInfo {
  return suitsWinograd(task)
    ? winogradConvolve(machine, task)
    : convolveDirectly(machine, task);
}

/** Some windows: where they begin, how many, and where things lie. */
interface Windows extends Plane {
  readonly image: number;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly zeros: number;
  readonly block: number;
  readonly inputs: number;
  readonly sums: number;
  readonly packed: number;
  /** The most windows, as products lie apart. */
  readonly windows: number;
}

function transform(
  machine: Machine,
  name: string,
  { table, bias, floor }: Plane,
  { from, to, outer = 1, count, fromLine, toLine, fromOuter = 0, toOuter = 0 }:
    {
      readonly from: number;
      readonly to: number;
      readonly outer?: number;
      /** Floats a line. */
      readonly count: number;
      readonly fromLine: number;
      readonly toLine: number;
      readonly fromOuter?: number;
      readonly toOuter?: number;
    },
): void {
  machine.code(name)(
    ...[from, to, outer, count >> 2],
    ...[fromLine, toLine, fromOuter, toOuter],
    ...[table, bias, floor],
  );
}

/** Kernels as products, laid out as the inner loop reads them. */
function packKernels(
  machine: Machine,
  filter: TensorInfo,
  to: number,
  plane: Plane,
): void {
  const [, , channels, outChannels] = shape4(filter);
  const tap = 4 * channels * outChannels, { half } = plane;
  for (let column = 0; column < 3; column++) {
    transform(machine, "winogradKernel", plane, {
      from: machine.address(filter) + column * tap,
      to: half + column * tap,
      count: channels * outChannels,
      fromLine: 3 * tap,
      toLine: 3 * tap,
    });
  }
  for (let row = 0; row < 6; row++) {
    for (const { begin, tiles, vectors } of tilesOf(outChannels)) {
      for (let tile = 0; tile < tiles; tile++) {
        const first = begin + tile * 4 * vectors;
        transform(machine, "winogradKernel", plane, {
          from: half + 3 * row * tap + 4 * first,
          to: to + 6 * row * tap + 4 * first * channels,
          outer: channels,
          count: 4 * vectors,
          fromLine: tap,
          toLine: tap,
          fromOuter: 4 * outChannels,
          toOuter: 16 * vectors,
        });
      }
    }
  }
}

/** Pads rows of pixels with zeros and transforms the windows' 6×6 pixels. */
function readWindows(
  machine: Machine,
  { x }: Convolution,
  { image, row, column, rows, columns, block, inputs, windows, ...plane }:
    Windows,
): void {
  const [, height, width, channels] = shape4(x);
  const pixel = 4 * channels, padded = (width + 2) * channels;
  const heap = machine.heap(), from = machine.address(x) >>> 2;
  const product = windows * pixel, { half } = plane;
  for (let r = 0; r < rows; r++) {
    for (let line = 0; line < 6; line++) {
      const y = 4 * (row + r) - 1 + line;
      const place = (block >>> 2) + line * padded + channels;
      if (y < 0 || y >= height) {
        heap.fill(0, place, place + width * channels);
      } else {
        const source = from + (image * height + y) * width * channels;
        heap.copyWithin(place, source, source + width * channels);
      }
    }
    transform(machine, "winogradInput", plane, {
      from: block + 4 * column * pixel,
      to: half,
      count: (4 * columns + 2) * channels,
      fromLine: 4 * padded,
      toLine: 4 * padded,
    });
    for (let line = 0; line < 6; line++) {
      transform(machine, "winogradInput", plane, {
        from: half + 4 * line * padded,
        to: inputs + 6 * line * product + r * columns * pixel,
        outer: columns,
        count: channels,
        fromLine: pixel,
        toLine: product,
        fromOuter: 4 * pixel,
        toOuter: pixel,
      });
    }
  }
}

/** For each product, the windows' inputs times the kernels. */
function multiply(
  machine: Machine,
  [channels, outChannels]: readonly [number, number],
  { inputs, sums, packed, zeros, windows, count }:
    & Pick<Windows, "inputs" | "sums" | "packed" | "zeros" | "windows">
    & { readonly count: number },
): void {
  const fours = count >> 2;
  for (let product = 0; product < products; product++) {
    const from = inputs + product * windows * 4 * channels;
    const to = sums + product * windows * 4 * outChannels;
    const kernels = packed + product * 4 * channels * outChannels;
    for (
      const [pixels, first, columns] of [
        [4, 0, fours],
        [1, 4 * fours, count - 4 * fours],
      ] as const
    ) {
      if (columns === 0) continue;
      for (const { begin, tiles, vectors } of tilesOf(outChannels)) {
        machine.code(tileName(pixels, vectors))(
          from + first * 4 * channels,
          kernels + 4 * channels * begin,
          zeros,
          zeros + 4 * outChannels,
          to + 4 * (first * outChannels + begin),
          1,
          columns,
          tiles,
          4 * channels,
          0,
          0,
          1,
          channels,
          4 * outChannels,
          0,
        );
      }
    }
  }
}

/** Transforms the sums to 4×4 results each. */
function writeWindows(
  machine: Machine,
  out: TensorInfo,
  { image, row, column, rows, columns, sums, windows, ...plane }: Windows,
): void {
  const [, height, width, channels] = shape4(out);
  const pixel = 4 * channels, product = windows * pixel, { half } = plane;
  for (let j = 0; j < 6; j++) {
    transform(machine, "winogradSums", plane, {
      from: sums + j * product,
      to: half + j * product,
      count: rows * columns * channels,
      fromLine: 6 * product,
      toLine: 6 * product,
    });
  }
  for (let r = 0; r < rows; r++) {
    for (let line = 0; line < 4; line++) {
      const place = image * height + 4 * (row + r) + line;
      transform(machine, "winogradOutput", plane, {
        from: half + 6 * line * product + r * columns * pixel,
        to: machine.address(out) + (place * width + 4 * column) * pixel,
        outer: columns,
        count: channels,
        fromLine: product,
        toLine: pixel,
        fromOuter: pixel,
        toOuter: 4 * pixel,
      });
    }
  }
}
