import type { Random } from "@unet/random";
import type { WeightShape } from "./weight_shapes.ts";

/**
 * The starting values of a tensor: 3×3 kernels normal with deviation
 * √(2 / fan-out) as torchvision's VGG starts (He et al., 2015), the other
 * kernels, which no ReLU follows, with √(1 / fan-in) (LeCun et al., 1998);
 * biases and offsets 0, scales and variances 1.
 *
 * @param weight Which tensor.
 * @param random The source of the kernel's values.
 * @returns Its values, flat.
 */
export function initialValues(
  weight: WeightShape,
  random: Random,
): Float32Array {
  const values = new Float32Array(
    weight.shape.reduce((product, size) => product * size, 1),
  );
  if (weight.role === "scale" || weight.role === "variance") values.fill(1);
  if (weight.role === "kernel") {
    const deviation = kernelDeviation(weight.shape);
    for (let i = 0; i < values.length; i++) {
      values[i] = deviation * random.normal();
    }
  }
  return values;
}

function kernelDeviation(shape: readonly number[]): number {
  const [height, width, third, fourth] = shape as [
    number,
    number,
    number,
    number,
  ];
  if (height === 3) return Math.sqrt(2 / (height * width * fourth));
  // An output of a 2×2 up-convolution of stride 2 meets one kernel position.
  return Math.sqrt(1 / (height === 2 ? fourth : third));
}
