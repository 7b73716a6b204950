import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import {
  addProducts,
  type FilterGradient,
  filterGradientDirectly,
} from "./_filter_gradient.ts";
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

/** The gradient of a convolution's filter by the faster way there is. */
export function filterGradient(
  machine: Machine,
  task: FilterGradient,
): TensorInfo {
  const [, outHeight, outWidth] = shape4(task.dy);
  const sizes = {
    ...{ ...task, outHeight, outWidth },
    input: shape4(task.x),
    kernel: task.filterShape,
  };
  return `${task.strides}` === "1,1" && suitsWinograd(sizes)
    ? winogradGradient(machine, task)
    : filterGradientDirectly(machine, task);
}

/** The transposed of Winograd's convolution: products summed over windows. */
function winogradGradient(
  machine: Machine,
  { x, dy, filterShape }: FilterGradient,
): TensorInfo {
  const shape = shape4(x), [, , channels, outChannels] = filterShape;
  const out = machine.output([...filterShape]);
  const group = groupOf(shape), most = group.rows * group.columns;
  const size = channels * outChannels, block = blockFloatsOf(shape);
  withMemory(machine, {
    table: tableFloats,
    block,
    inputs: products * most * channels,
    gradients: products * most * outChannels,
    sums: products * size,
    half: Math.max(block, 24 * most * outChannels, 18 * size),
  }, (memory) => {
    const { sums, inputs, gradients } = memory;
    fillTable(machine, memory.table);
    machine.heap().fill(0, sums >>> 2, (sums >>> 2) + products * size);
    for (const place of placesOf(shape, group)) {
      readWindows(machine, x, place, { memory, most });
      readGradients(machine, dy, place, { memory, most });
      for (let product = 0; product < products; product++) {
        addProducts(machine, {
          x: inputs + product * most * 4 * channels,
          dy: gradients + product * most * 4 * outChannels,
          out: sums + product * 4 * size,
          rows: 1,
          columns: place.rows * place.columns,
          pixel: 4 * channels,
          rowSkip: 0,
          outPixel: 4 * outChannels,
          outSkip: 0,
          ...{ channels, outChannels },
        });
      }
    }
    writeGradient(machine, machine.address(out), { memory, size });
  });
  return out;
}

/** Transforms the gradients of 4×4 results: `[product][window][channel]`. */
function readGradients(
  machine: Machine,
  dy: TensorInfo,
  { image, row, column, rows, columns }: Place,
  { memory, most }: {
    readonly memory: Memory<"table" | "half" | "gradients">;
    readonly most: number;
  },
): void {
  const [, height, width, channels] = shape4(dy);
  const pixel = 4 * channels, product = most * pixel, line = width * pixel;
  const { half, gradients } = memory;
  for (let r = 0; r < rows; r++) {
    const first = (image * height + 4 * (row + r)) * line + 4 * column * pixel;
    transform(machine, "winogradGradient", memory, {
      from: machine.address(dy) + first,
      to: half,
      count: 4 * columns * channels,
      fromLine: line,
      toLine: 4 * columns * pixel,
    });
    for (let i = 0; i < 6; i++) {
      transform(machine, "winogradGradient", memory, {
        from: half + i * 4 * columns * pixel,
        to: gradients + 6 * i * product + r * columns * pixel,
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

/** Transforms the sums to the filter's 3×3. */
function writeGradient(
  machine: Machine,
  to: number,
  { memory, size }: {
    readonly memory: Memory<"table" | "half" | "sums">;
    readonly size: number;
  },
): void {
  const tap = 4 * size, { half, sums } = memory;
  for (let column = 0; column < 6; column++) {
    transform(machine, "winogradKernelGradient", memory, {
      from: sums + column * tap,
      to: half + column * tap,
      count: size,
      fromLine: 6 * tap,
      toLine: 6 * tap,
    });
  }
  for (let row = 0; row < 3; row++) {
    transform(machine, "winogradKernelGradient", memory, {
      from: half + 6 * row * tap,
      to: to + 3 * row * tap,
      count: size,
      fromLine: tap,
      toLine: tap,
    });
  }
}
