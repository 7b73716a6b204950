import { backend_util, type NamedAttrMap } from "@tensorflow/tfjs-core";

/** Where the windows of a convolution's filter lie on images. */
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
  /** Rows of zeros above the image; as many below as the windows need. */
  readonly top: number;
  /** Columns of zeros left of the image; as many right as needed. */
  readonly left: number;
  /** Rows of windows. */
  readonly outHeight: number;
  /** Columns of windows. */
  readonly outWidth: number;
}

/** The attributes that convolutions and their gradients share. */
interface ConvolutionAttrs {
  strides: [number, number] | number;
  pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  /** Missing from gradients. */
  dilations?: [number, number] | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The windows of a convolution.
 *
 * @param shape That of the image, `[N, H, W, C]`.
 * @param filterShape That of the filter, `[KH, KW, C, K]`.
 * @param attrs The attributes of the kernel.
 * @returns The windows, or null if the channels are not last or the filter is
 * dilated, which our kernels leave to tfjs' own.
 */
export function windowsOf(
  shape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
): Windows | null {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } =
    attrs as unknown as ConvolutionAttrs;
  const plain = dataFormat === "NHWC" &&
    backend_util.tupleValuesAreOne(dilations);
  if (!plain) return null;
  const { padInfo, batchSize, inHeight, inWidth, inChannels, ...rest } =
    backend_util.computeConv2DInfo(
      shape as [number, number, number, number],
      filterShape as [number, number, number, number],
      strides,
      dilations,
      pad,
      dimRoundingMode,
    );
  return {
    ...rest,
    batch: batchSize,
    height: inHeight,
    width: inWidth,
    channels: inChannels,
    top: padInfo.top,
    left: padInfo.left,
  };
}

/** Floats of padded rows that are worked on at a time, to stay in the cache. */
const blockFloats = 8192;
const fewestRows = 4;

/** Some rows of windows, and the part of the image that they lie on. */
export interface Block {
  /** Rows of windows before this block, those of earlier images included. */
  readonly begin: number;
  /** Rows of windows in this block. */
  readonly rows: number;
  /** Rows of the image with zeros around them, so that no window sticks out. */
  readonly padded: Float32Array;
  /** Floats in a row of `padded`. */
  readonly pitch: number;
}

/** Goes through all windows of all images, some rows at a time. */
export function inBlocks(
  images: Float32Array,
  windows: Windows,
  use: (block: Block) => void,
): void {
  const { batch, channels, outHeight, outWidth } = windows;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = windows;
  const pitch = ((outWidth - 1) * strideWidth + filterWidth) * channels;
  const fitting = Math.floor(blockFloats / (pitch * strideHeight));
  const step = Math.min(outHeight, Math.max(fewestRows, fitting));
  const padded = new Float32Array(
    ((step - 1) * strideHeight + filterHeight) * pitch,
  );
  for (let image = 0; image < batch; image++) {
    for (let first = 0; first < outHeight; first += step) {
      const from = { image, first: first * strideHeight };
      copyRows(images, windows, from, { padded, pitch });
      const begin = image * outHeight + first;
      use({ begin, rows: Math.min(step, outHeight - first), padded, pitch });
    }
  }
}

/** Fills the padded rows, the first of them the image's `first − top`. */
function copyRows(
  images: Float32Array,
  { height, width, channels, top, left }: Windows,
  { image, first }: { readonly image: number; readonly first: number },
  { padded, pitch }: Pick<Block, "padded" | "pitch">,
): void {
  const inner = left * channels;
  const length = Math.min(width * channels, pitch - inner);
  for (let to = 0, y = first - top; to < padded.length; to += pitch, y++) {
    if (y < 0 || y >= height) {
      padded.fill(0, to, to + pitch);
    } else {
      const from = (image * height + y) * width * channels;
      padded.set(images.subarray(from, from + length), to + inner);
    }
  }
}
