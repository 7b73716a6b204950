/**
 * What a border pixel adds, by 1 for itself, 2 for each neighbor by side and
 * 10 for each by corner that is on the border too.
 */
const lengths = new Float64Array(51);
for (const sum of [5, 7, 15, 17, 25, 27]) lengths[sum] = 1;
for (const sum of [21, 33]) lengths[sum] = Math.SQRT2;
for (const sum of [13, 23]) lengths[sum] = (1 + Math.SQRT2) / 2;

/**
 * The length of a mask's border along the centers of its pixels, as
 * scikit-image's `perimeter` with 4 neighbors (K. Benkrid and D. Crookes,
 * Design and FPGA Implementation of a Perimeter Estimator).
 *
 * @param mask 1 inside, laid out as `[height, width]`.
 */
export function perimeterOf(
  mask: Uint8Array,
  width: number,
  height: number,
): number {
  // A border of background around it spares the loops their edges.
  const stride = width + 2;
  const border = new Uint8Array(stride * (height + 2));
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (mask[pixel] !== 1) continue;
      const surrounded = x > 0 && x + 1 < width && y > 0 && y + 1 < height &&
        mask[pixel - 1] === 1 && mask[pixel + 1] === 1 &&
        mask[pixel - width] === 1 && mask[pixel + width] === 1;
      if (!surrounded) border[(y + 1) * stride + x + 1] = 1;
    }
  }
  let length = 0;
  for (let at = stride + 1; at < border.length - stride - 1; at++) {
    if (border[at] === 0) continue;
    const sides = border[at - 1]! + border[at + 1]! + border[at - stride]! +
      border[at + stride]!;
    const corners = border[at - stride - 1]! + border[at - stride + 1]! +
      border[at + stride - 1]! + border[at + stride + 1]!;
    length += lengths[1 + 2 * sides + 10 * corners]!;
  }
  return length;
}
