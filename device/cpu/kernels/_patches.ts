import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";

/** Where the windows of a convolution's filter lie on an image. */
export interface Windows {
  /** Images. */
  readonly batch: number;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Channels of an image. */
  readonly channels: number;
  /** Rows of a window. */
  readonly filterHeight: number;
  /** Columns of a window. */
  readonly filterWidth: number;
  /** Rows from one window to the next. */
  readonly strideHeight: number;
  /** Columns from one window to the next. */
  readonly strideWidth: number;
  /** Rows from one row of a window to the next. */
  readonly dilationHeight: number;
  /** Columns from one column of a window to the next. */
  readonly dilationWidth: number;
  /** Rows of zeros above the image. */
  readonly top: number;
  /** Columns of zeros left of the image. */
  readonly left: number;
  /** Rows of windows. */
  readonly outHeight: number;
  /** Columns of windows. */
  readonly outWidth: number;
}

/** The attributes that all convolutions and their gradients have. */
export interface ConvolutionAttrs {
  /** One step, or one for rows and one for columns. */
  readonly strides: [number, number] | number;
  /** The border. */
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  /** What to do with sizes that come out broken. */
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  /** Distance of the filter's pixels; gradients have none. */
  readonly dilations?: [number, number] | number;
}

/** The windows of a convolution, by the shapes `[N, H, W, C]` and the filter's. */
export function windowsOf(
  shape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dimRoundingMode, dilations = 1 }: ConvolutionAttrs,
): Windows {
  const { padInfo, batchSize, inHeight, inWidth, inChannels, ...rest } =
    backend_util.computeConv2DInfo(
      shape as [number, number, number, number],
      filterShape as [number, number, number, number],
      strides,
      dilations,
      pad,
      dimRoundingMode,
    );
  const { top, left } = padInfo;
  return {
    ...rest,
    batch: batchSize,
    height: inHeight,
    width: inWidth,
    channels: inChannels,
    top,
    left,
  };
}

/** Floats of patches that are worked on at a time, to stay in the cache. */
const blockFloats = 8192;
const fewestWindows = 8;

/** Some windows, and room for what they show. */
export interface Block {
  /** The first window, counted from the first of the first image. */
  readonly first: number;
  /** How many windows. */
  readonly count: number;
  /** Where each pixel of each window lies in the images, or −1 outside. */
  readonly places: Int32Array;
  /** A row for each window; its content is the caller's. */
  readonly patches: Float32Array;
}

/** Floats of one window. */
export function patchSize(windows: Windows): number {
  return windows.filterHeight * windows.filterWidth * windows.channels;
}

/** Goes through all windows block by block. */
export function inBlocks(windows: Windows, use: (block: Block) => void): void {
  const all = windows.batch * windows.outHeight * windows.outWidth;
  const size = patchSize(windows);
  const fitting = Math.max(fewestWindows, Math.floor(blockFloats / size));
  const step = Math.min(all, fitting);
  const places = new Int32Array(step * size / windows.channels);
  const patches = new Float32Array(step * size);
  for (let first = 0; first < all; first += step) {
    const count = Math.min(step, all - first);
    findPlaces(windows, first, count, places);
    use({ first, count, places, patches });
  }
}

function findPlaces(
  windows: Windows,
  first: number,
  count: number,
  places: Int32Array,
): void {
  const { height, width, channels, outHeight, outWidth } = windows;
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = windows;
  const { strideHeight, strideWidth, top, left } = windows;
  let at = 0;
  for (let window = first; window < first + count; window++) {
    const row = Math.floor(window / outWidth);
    const image = Math.floor(row / outHeight);
    const up = (row - image * outHeight) * strideHeight - top;
    const leftmost = (window - row * outWidth) * strideWidth - left;
    for (let i = 0; i < filterHeight; i++) {
      const y = up + i * dilationHeight;
      const line = (image * height + y) * width;
      for (let j = 0; j < filterWidth; j++) {
        const x = leftmost + j * dilationWidth;
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        places[at++] = inside ? (line + x) * channels : -1;
      }
    }
  }
}

/** Copies what the windows of a block show of the images, 0 outside. */
export function readPatches(
  images: Float32Array,
  { channels, filterHeight, filterWidth }: Windows,
  { count, places, patches }: Block,
): void {
  const pixels = count * filterHeight * filterWidth;
  let to = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = places[pixel]!;
    for (let c = 0; c < channels; c++) {
      patches[to++] = from < 0 ? 0 : images[from + c]!;
    }
  }
}

/** Adds the patches of a block to the images where its windows lie. */
export function addPatches(
  images: Float32Array,
  { channels, filterHeight, filterWidth }: Windows,
  { count, places, patches }: Block,
): void {
  const pixels = count * filterHeight * filterWidth;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const to = places[pixel]!;
    if (to < 0) continue;
    const from = pixel * channels;
    for (let c = 0; c < channels; c++) images[to + c]! += patches[from + c]!;
  }
}
