import type { Labels } from "@unet/data";

/**
 * The ground truth of a head "core": 1 on pixels whose neighbors at a distance
 * of 3 lie in the same object. The loader's workers import it by its address.
 *
 * @param labels The objects' numbers, 0 on the background.
 * @returns Values laid out as `[H, W, 1]`.
 */
export function target({ width, height, data }: Labels): Float32Array {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]!;
  return Float32Array.from(data, (label, place) => {
    const x = place % width, y = Math.floor(place / width);
    const around = [at(x - 3, y), at(x + 3, y), at(x, y - 3), at(x, y + 3)];
    return label > 0 && around.every((other) => other === label) ? 1 : 0;
  });
}
