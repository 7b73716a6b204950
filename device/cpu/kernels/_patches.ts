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
const fewestPatches = 8;

/**
 * Goes through all windows block by block.
 *
 * @param windows The windows.
 * @param use Gets the first window of a block, how many they are, and room
 * for their patches, the same every time.
 */
export function inBlocks(
  windows: Windows,
  use: (first: number, count: number, patches: Float32Array) => void,
): void {
  const all = windows.batch * windows.outHeight * windows.outWidth;
  const size = patchSize(windows);
  const fitting = Math.max(fewestPatches, Math.floor(blockFloats / size));
  const step = Math.min(all, fitting);
  const patches = new Float32Array(step * size);
  for (let first = 0; first < all; first += step) {
    use(first, Math.min(step, all - first), patches);
  }
}

/** Floats of one window. */
export function patchSize(windows: Windows): number {
  return windows.filterHeight * windows.filterWidth * windows.channels;
}

/** Copies what some windows show of an image to one row of a matrix each. */
export function readPatches(
  image: Float32Array,
  windows: Windows,
  first: number,
  count: number,
  patches: Float32Array,
): void {
  const { height, width, channels, outHeight, outWidth } = windows;
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = windows;
  const { strideHeight, strideWidth, top, left } = windows;
  let to = 0;
  for (let window = first; window < first + count; window++) {
    const row = Math.floor(window / outWidth);
    const x = (window - row * outWidth) * strideWidth - left;
    const n = Math.floor(row / outHeight);
    const y = (row - n * outHeight) * strideHeight - top;
    for (let i = 0; i < filterHeight; i++) {
      const imageY = y + i * dilationHeight;
      const inside = imageY >= 0 && imageY < height;
      const line = (n * height + imageY) * width;
      for (let j = 0; j < filterWidth; j++) {
        const imageX = x + j * dilationWidth;
        if (inside && imageX >= 0 && imageX < width) {
          const from = (line + imageX) * channels;
          for (let c = 0; c < channels; c++) patches[to + c] = image[from + c]!;
        } else {
          for (let c = 0; c < channels; c++) patches[to + c] = 0;
        }
        to += channels;
      }
    }
  }
}

/** Adds the rows of a matrix to what the windows show of an image. */
export function addPatches(
  image: Float32Array,
  windows: Windows,
  first: number,
  count: number,
  patches: Float32Array,
): void {
  const { height, width, channels, outHeight, outWidth } = windows;
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = windows;
  const { strideHeight, strideWidth, top, left } = windows;
  let from = 0;
  for (let window = first; window < first + count; window++) {
    const row = Math.floor(window / outWidth);
    const x = (window - row * outWidth) * strideWidth - left;
    const n = Math.floor(row / outHeight);
    const y = (row - n * outHeight) * strideHeight - top;
    for (let i = 0; i < filterHeight; i++) {
      const imageY = y + i * dilationHeight;
      const inside = imageY >= 0 && imageY < height;
      const line = (n * height + imageY) * width;
      for (let j = 0; j < filterWidth; j++) {
        const imageX = x + j * dilationWidth;
        if (inside && imageX >= 0 && imageX < width) {
          const to = (line + imageX) * channels;
          for (let c = 0; c < channels; c++) {
            image[to + c]! += patches[from + c]!;
          }
        }
        from += channels;
      }
    }
  }
}
