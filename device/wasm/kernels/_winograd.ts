import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import {
  type Convolution,
  convolveDirectly,
  tileName,
  tilesOf,
} from "./_convolve.ts";
import { shape4 } from "./_shape.ts";
import {
  blockFloatsOf,
  fillTable,
  groupOf,
  type Memory,
  type Place,
  placesOf,
  products,
  readWindows,
  suitsWinograd,
  tableFloats,
  transform,
  withMemory,
} from "./_winograd_windows.ts";

/** Convolves by the faster way there is. */
export function convolve(machine: Machine, task: Convolution): TensorInfo {
  const sizes = {
    ...task,
    input: shape4(task.x),
    kernel: shape4(task.filter),
  };
  return suitsWinograd(sizes)
    ? winogradConvolve(machine, task)
    : convolveDirectly(machine, task);
}

/**
 * Convolves by Winograd's F(4×4, 3×3) (Lavin and Gray, 2016): a quarter of the
 * multiplications, and additions before and after.
 */
function winogradConvolve(machine: Machine, task: Convolution): TensorInfo {
  const { x, filter, bias, relu } = task;
  const shape = shape4(x), outChannels = filter.shape[3]!;
  const [batch, height, width, channels] = shape;
  const out = machine.output([batch, height, width, outChannels]);
  const group = groupOf(shape), most = group.rows * group.columns;
  const kernels = products * channels * outChannels;
  const block = blockFloatsOf(shape);
  withMemory(machine, {
    table: tableFloats,
    bias: outChannels,
    floor: 1,
    zeros: outChannels,
    least: 1,
    kernels,
    block,
    inputs: products * most * channels,
    sums: products * most * outChannels,
    half: Math.max(block, 24 * most * outChannels, kernels / 2),
  }, (memory) => {
    const heap = machine.heap();
    fillTable(machine, memory.table);
    fill(machine, memory.bias, bias, outChannels);
    fill(machine, memory.zeros, undefined, outChannels);
    heap[memory.floor >>> 2] = relu ? 0 : -Infinity;
    heap[memory.least >>> 2] = -Infinity;
    packKernels(machine, filter, memory);
    for (const place of placesOf(shape, group)) {
      readWindows(machine, x, place, { memory, most });
      multiply(machine, [channels, outChannels], {
        ...{ memory, most },
        count: place.rows * place.columns,
      });
      writeWindows(machine, out, place, { memory, most });
    }
  });
  return out;
}

/** Copies a bias, or zeros. */
function fill(
  machine: Machine,
  to: number,
  bias: TensorInfo | undefined,
  count: number,
): void {
  const heap = machine.heap();
  if (bias === undefined) {
    heap.fill(0, to >>> 2, (to >>> 2) + count);
    return;
  }
  const from = machine.address(bias) >>> 2;
  heap.copyWithin(to >>> 2, from, from + count);
}

/** Kernels as products, laid out as the inner loop reads them. */
function packKernels(
  machine: Machine,
  filter: TensorInfo,
  memory: Memory<"table" | "half" | "kernels">,
): void {
  const [, , channels, outChannels] = shape4(filter);
  const tap = 4 * channels * outChannels, { half, kernels } = memory;
  for (let column = 0; column < 3; column++) {
    transform(machine, "winogradKernel", memory, {
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
        transform(machine, "winogradKernel", memory, {
          from: half + 3 * row * tap + 4 * first,
          to: kernels + 6 * row * tap + 4 * first * channels,
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

/** For each product, the windows' inputs times the kernels. */
function multiply(
  machine: Machine,
  [channels, outChannels]: readonly [number, number],
  { memory: { inputs, sums, kernels, zeros, least }, most, count }: {
    readonly memory: Memory<"inputs" | "sums" | "kernels" | "zeros" | "least">;
    readonly most: number;
    readonly count: number;
  },
): void {
  const fours = count >> 2;
  for (let product = 0; product < products; product++) {
    const from = inputs + product * most * 4 * channels;
    const to = sums + product * most * 4 * outChannels;
    const by = kernels + product * 4 * channels * outChannels;
    for (
      const [windows, first, columns] of [
        [4, 0, fours],
        [1, 4 * fours, count - 4 * fours],
      ] as const
    ) {
      if (columns === 0) continue;
      for (const { begin, tiles, vectors } of tilesOf(outChannels)) {
        // A convolution of 1×1 over one row of windows.
        machine.code(tileName(windows, vectors))(
          from + first * 4 * channels,
          by + 4 * channels * begin,
          ...[zeros, least],
          to + 4 * (first * outChannels + begin),
          ...[1, columns, tiles, 4 * channels, 0, 0, 1, channels],
          ...[4 * outChannels, 0],
        );
      }
    }
  }
}

/** Transforms the sums to 4×4 results each. */
function writeWindows(
  machine: Machine,
  out: TensorInfo,
  { image, row, column, rows, columns }: Place,
  { memory, most }: {
    readonly memory: Memory<"table" | "bias" | "floor" | "half" | "sums">;
    readonly most: number;
  },
): void {
  const [, height, width, channels] = shape4(out);
  const pixel = 4 * channels, product = most * pixel;
  const { half, sums } = memory;
  for (let j = 0; j < 6; j++) {
    transform(machine, "winogradSums", memory, {
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
      transform(machine, "winogradOutput", memory, {
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
