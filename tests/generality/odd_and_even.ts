import type { Labels } from "@unet/data";

/**
 * The ground truth of a head of three classes: background, instances of odd and
 * of even numbers, one-hot. A loader's workers import it by its address.
 */
export function target({ data }: Labels): Float32Array {
  const planes = new Float32Array(3 * data.length);
  data.forEach((label, at) => {
    const kind = label === 0 ? 0 : label % 2 === 1 ? 1 : 2;
    planes[3 * at + kind] = 1;
  });
  return planes;
}
