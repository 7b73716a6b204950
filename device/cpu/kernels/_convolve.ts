import { multiply } from "./_multiply.ts";
import { inBlocks, type Windows } from "./_windows.ts";

/** What a convolution does besides. */
export interface ConvolveOptions {
  /** Channels of the result. */
  readonly outChannels: number;
  /** Added to the result, one number per channel. */
  readonly bias?: Float32Array | undefined;
  /** Whether negative results become 0. */
  readonly relu?: boolean;
}

/**
 * Convolves: each row of windows is a matrix, a window a row, and times the
 * filter gives a row of the result.
 */
export function convolve(
  x: Float32Array,
  filter: Float32Array,
  windows: Windows,
  { outChannels, bias, relu = false }: ConvolveOptions,
): Float32Array {
  const { batch, channels, outHeight, outWidth } = windows;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = windows;
  const out = new Float32Array(batch * outHeight * outWidth * outChannels);
  if (bias) {
    for (let i = 0; i < out.length; i += outChannels) out.set(bias, i);
  }
  inBlocks(x, windows, ({ begin, rows, padded, pitch }) => {
    for (let row = 0; row < rows; row++) {
      multiply({
        rows: outWidth,
        columns: outChannels,
        pieces: filterHeight,
        inner: filterWidth * channels,
        a: padded,
        aStart: row * strideHeight * pitch,
        aRow: strideWidth * channels,
        aPiece: pitch,
        aColumn: 1,
        b: filter,
        bStart: 0,
        out,
        outStart: (begin + row) * outWidth * outChannels,
      });
    }
  });
  if (relu) {
    for (let i = 0; i < out.length; i++) {
      // Not Math.max: NaN stays.
      if (out[i]! < 0) out[i] = 0;
    }
  }
  return out;
}
