/** A plane of values, row by row; both sides are multiples of 8. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Steps of luminance's coefficients at quality 50 (ITU-T T.81, table K.1). */
export const luminanceSteps: readonly number[] = [
  ...[16, 11, 10, 16, 24, 40, 51, 61],
  ...[12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77],
  ...[24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101],
  ...[72, 92, 95, 98, 112, 100, 103, 99],
];

/** Steps of chrominance's coefficients at quality 50 (ITU-T T.81, table K.2). */
export const chrominanceSteps: readonly number[] = [
  ...[17, 18, 24, 47, 99, 99, 99, 99],
  ...[18, 21, 26, 66, 99, 99, 99, 99],
  ...[24, 26, 56, 99, 99, 99, 99, 99],
  ...[47, 66, 99, 99, 99, 99, 99, 99],
  ...new Array<number>(32).fill(99),
];

/** The steps at a quality from 1 to 100, by libjpeg's scale. */
export function stepsAt(steps: readonly number[], quality: number): number[] {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return steps.map((step) =>
    Math.max(1, Math.min(255, Math.floor((step * scale + 50) / 100)))
  );
}

/** Row u holds the cosine of frequency u at the eight places. */
const cosines = Float64Array.from({ length: 64 }, (_, i) => {
  const frequency = i >> 3, place = i & 7;
  return Math.sqrt(frequency === 0 ? 1 / 8 : 1 / 4) *
    Math.cos((2 * place + 1) * frequency * Math.PI / 16);
});

/**
 * Rounds the cosine coefficients of each block of 8×8 to multiples of their
 * steps, in place: what JPEG loses.
 */
export function quantizeBlocks(
  { width, height, data }: Plane,
  steps: readonly number[],
): void {
  const block = new Float64Array(64), turned = new Float64Array(64);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      const start = top * width + left;
      for (let i = 0; i < 64; i++) {
        block[i] = data[start + (i >> 3) * width + (i & 7)]!;
      }
      transformRows(block, turned);
      transformRows(turned, block);
      for (let i = 0; i < 64; i++) {
        block[i] = steps[i]! * Math.round(block[i]! / steps[i]!);
      }
      restoreRows(block, turned);
      restoreRows(turned, block);
      for (let i = 0; i < 64; i++) {
        data[start + (i >> 3) * width + (i & 7)] = block[i]!;
      }
    }
  }
}

/** Each row's coefficients become a column, so that twice does both axes. */
function transformRows(from: Float64Array, into: Float64Array): void {
  for (let row = 0; row < 8; row++) {
    const at = 8 * row;
    for (let half = 0; half < 4; half++) {
      sums[half] = from[at + half]! + from[at + 7 - half]!;
      sums[half + 4] = from[at + half]! - from[at + 7 - half]!;
    }
    // Cosines of even frequencies are symmetric, those of odd ones are not.
    for (let frequency = 0; frequency < 8; frequency++) {
      const cosine = 8 * frequency, side = (frequency & 1) * 4;
      into[cosine + row] = sums[side]! * cosines[cosine]! +
        sums[side + 1]! * cosines[cosine + 1]! +
        sums[side + 2]! * cosines[cosine + 2]! +
        sums[side + 3]! * cosines[cosine + 3]!;
    }
  }
}

const sums = new Float64Array(8);

/** The inverse of `transformRows()`. */
function restoreRows(from: Float64Array, into: Float64Array): void {
  for (let row = 0; row < 8; row++) {
    const at = 8 * row;
    for (let place = 0; place < 4; place++) {
      const even = from[at]! * cosines[place]! +
        from[at + 2]! * cosines[16 + place]! +
        from[at + 4]! * cosines[32 + place]! +
        from[at + 6]! * cosines[48 + place]!;
      const odd = from[at + 1]! * cosines[8 + place]! +
        from[at + 3]! * cosines[24 + place]! +
        from[at + 5]! * cosines[40 + place]! +
        from[at + 7]! * cosines[56 + place]!;
      into[8 * place + row] = even + odd;
      into[8 * (7 - place) + row] = even - odd;
    }
  }
}
