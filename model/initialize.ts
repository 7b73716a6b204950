import type { Random } from "@unet/random";
import type { WeightShape } from "./graph/weight_shapes.ts";

/**
 * The starting values of a tensor: kernels normal with their own deviation,
 * biases and offsets 0, scales and variances 1.
 *
 * @param weight Which tensor.
 * @param random The source of the kernel's values.
 * @returns Its values, flat.
 */
export function initialValues(
  { role, shape, deviation }: WeightShape,
  random: Random,
): Float32Array {
  const values = new Float32Array(
    shape.reduce((product, size) => product * size, 1),
  );
  if (role === "scale" || role === "variance") values.fill(1);
  if (role === "kernel") {
    for (let i = 0; i < values.length; i++) {
      values[i] = deviation * random.normal();
    }
  }
  return values;
}
