import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { shape4 } from "./_shape.ts";
import { constants } from "./_winograd_code.ts";

/** The products that a window of 4×4 results is made of. */
export const products = 36;
/** Floats of transformed windows that are worked on at a time. */
const blockFloats = 2 ** 16;

type Shape = readonly [number, number, number, number];

/** What a convolution of stride 1 reads, multiplies by and gives. */
export interface Sizes {
  /** `[N, H, W, C]`. */
  readonly input: Shape;
  /** `[KH, KW, C, K]`. */
  readonly kernel: Shape;
  /** Rows of zeros above the image. */
  readonly top: number;
  /** Columns of zeros left of the image. */
  readonly left: number;
  /** Rows of the result. */
  readonly outHeight: number;
  /** Columns of the result. */
  readonly outWidth: number;
}

/**
 * Whether Winograd's F(4×4, 3×3) takes a convolution: kernels of 3×3 with
 * zeros around, whole windows of 4×4, whole vectors of channels, and enough of
 * them for the additions to pay: eight by eight channels are not.
 */
export function suitsWinograd(
  { input, kernel, top, left, outHeight, outWidth }: Sizes,
): boolean {
  const [, height, width, channels] = input;
  const [kernelHeight, kernelWidth, , outChannels] = kernel;
  return kernelHeight === 3 && kernelWidth === 3 && top === 1 && left === 1 &&
    outHeight === height && outWidth === width && height % 4 === 0 &&
    width % 4 === 0 && channels % 4 === 0 && outChannels % 4 === 0 &&
    Math.min(channels, outChannels) >= 8 && channels + outChannels > 16;
}

/** Windows that are worked on at a time: some of a row, or whole rows. */
export interface Group {
  /** Rows of windows. */
  readonly rows: number;
  /** Windows a row. */
  readonly columns: number;
}

/** The most windows at a time, so that they stay in the cache. */
export function groupOf([, height, width, channels]: Shape): Group {
  const most = Math.max(4, Math.floor(blockFloats / products / channels));
  const rows = Math.min(height / 4, Math.max(1, Math.floor(most / width * 4)));
  return { rows, columns: Math.min(width / 4, most) };
}

/** A group of an image, and where it begins, in windows. */
export interface Place extends Group {
  /** The image's number. */
  readonly image: number;
  /** The first row. */
  readonly row: number;
  /** The first window of each row. */
  readonly column: number;
}

/** The groups of all images. */
export function* placesOf(
  [batch, height, width]: Shape,
  group: Group,
): Generator<Place> {
  const rows = height / 4, columns = width / 4;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < rows; row += group.rows) {
      for (let column = 0; column < columns; column += group.columns) {
        yield {
          ...{ image, row, column },
          rows: Math.min(group.rows, rows - row),
          columns: Math.min(group.columns, columns - column),
        };
      }
    }
  }
}

/** Memory that is lent for a convolution, by what it holds. */
export type Memory<Name extends string> = Readonly<Record<Name, number>>;

/** Lends memory for so many floats of each kind. */
export function withMemory<Name extends string>(
  machine: Machine,
  floats: Readonly<Record<Name, number>>,
  use: (memory: Memory<Name>) => void,
): void {
  const sizes = Object.entries<number>(floats);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  machine.scratch(total, (start) => {
    let place = start;
    const memory: Partial<Record<string, number>> = {};
    for (const [name, size] of sizes) {
      memory[name] = place;
      place += 4 * size;
    }
    use(memory as Memory<Name>);
  });
}

/** Floats that {@linkcode transform} reads besides. */
export const tableFloats = constants.length;

/** Fills in what {@linkcode transform} multiplies by. */
export function fillTable(machine: Machine, place: number): void {
  machine.heap().set(constants, place >>> 2);
}

/** Lines of floats, and where they go; distances are in bytes. */
export interface Lines {
  /** The first line that is read. */
  readonly from: number;
  /** The first line that is written. */
  readonly to: number;
  /** How many times; 1 by default. */
  readonly outer?: number;
  /** Floats a line. */
  readonly count: number;
  /** From one line that is read to the next. */
  readonly fromLine: number;
  /** From one line that is written to the next. */
  readonly toLine: number;
  /** From one time to the next, of what is read. */
  readonly fromOuter?: number;
  /** From one time to the next, of what is written. */
  readonly toOuter?: number;
}

/** Transforms what stands in one place of several lines. */
export function transform(
  machine: Machine,
  name: string,
  memory: Memory<"table"> & Partial<Memory<"bias" | "floor">>,
  lines: Lines,
): void {
  const { from, to, outer = 1, count, fromLine, toLine } = lines;
  const { fromOuter = 0, toOuter = 0 } = lines;
  const { table, bias = table, floor = table } = memory;
  machine.code(name)(
    ...[from, to, outer, count >> 2],
    ...[fromLine, toLine, fromOuter, toOuter],
    ...[table, bias, floor],
  );
}

/** Memory for {@linkcode readWindows}, and where windows go. */
export type ReadMemory = Memory<"table" | "block" | "half" | "inputs">;

/** Floats that {@linkcode readWindows} needs of `block`, and of `half`. */
export function blockFloatsOf([, , width, channels]: Shape): number {
  return 6 * (width + 2) * channels;
}

/**
 * Reads windows' 6×6 pixels, zeros beyond the image, and transforms them to
 * `[product][window][channel]`.
 *
 * @param most Windows that products lie apart.
 */
export function readWindows(
  machine: Machine,
  x: TensorInfo,
  { image, row, column, rows, columns }: Place,
  { memory, most }: { readonly memory: ReadMemory; readonly most: number },
): void {
  const [, height, width, channels] = shape4(x);
  const pixel = 4 * channels, padded = (width + 2) * channels;
  const heap = machine.heap(), from = machine.address(x) >>> 2;
  const product = most * pixel, { half, block, inputs } = memory;
  for (let r = 0; r < rows; r++) {
    for (let line = 0; line < 6; line++) {
      const y = 4 * (row + r) - 1 + line;
      const place = (block >>> 2) + line * padded;
      heap.fill(0, place, place + channels);
      heap.fill(0, place + padded - channels, place + padded);
      if (y < 0 || y >= height) {
        heap.fill(0, place, place + padded);
      } else {
        const source = from + (image * height + y) * width * channels;
        heap.copyWithin(place + channels, source, source + width * channels);
      }
    }
    transform(machine, "winogradInput", memory, {
      from: block + 4 * column * pixel,
      to: half,
      count: (4 * columns + 2) * channels,
      fromLine: 4 * padded,
      toLine: 4 * padded,
    });
    for (let line = 0; line < 6; line++) {
      transform(machine, "winogradInput", memory, {
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
