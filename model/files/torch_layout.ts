import type { FloatTensor } from "./safetensors.ts";

/**
 * Reorders a tensor from tfjs' order to PyTorch's: kernels from
 * `[height, width, in, out]` to `[out, in, height, width]`, up-convolutions
 * from `[height, width, out, in]` to `[in, out, height, width]`; others stay.
 *
 * @param tensor A tensor in tfjs' order.
 * @returns The same values in PyTorch's.
 *
 * @example
 * ```ts
 * import { toTorchLayout } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const values = new Float32Array([1, 2, 3, 4]);
 * const kernel = toTorchLayout({ shape: [1, 2, 1, 2], values });
 * assertEquals(kernel.shape, [2, 1, 1, 2]);
 * assertEquals([...kernel.values], [1, 3, 2, 4]);
 * ```
 */
export function toTorchLayout({ shape, values }: FloatTensor): FloatTensor {
  if (shape.length !== 4) return { shape, values };
  const [height, width, third, fourth] = shape as Shape4;
  const area = height * width;
  const result = new Float32Array(values.length);
  let write = 0;
  for (let a = 0; a < fourth; a++) {
    for (let b = 0; b < third; b++) {
      for (let position = 0; position < area; position++) {
        result[write++] = values[(position * third + b) * fourth + a]!;
      }
    }
  }
  return { shape: [fourth, third, height, width], values: result };
}

/**
 * Reorders a tensor from PyTorch's order to tfjs'; the inverse of
 * {@linkcode toTorchLayout}.
 *
 * @param tensor A tensor in PyTorch's order.
 * @returns The same values in tfjs'.
 *
 * @example
 * ```ts
 * import { fromTorchLayout, toTorchLayout } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const values = new Float32Array([1, 2, 3, 4]);
 * const kernel = { shape: [1, 2, 1, 2], values };
 * assertEquals(fromTorchLayout(toTorchLayout(kernel)), kernel);
 * ```
 */
export function fromTorchLayout({ shape, values }: FloatTensor): FloatTensor {
  if (shape.length !== 4) return { shape, values };
  const [first, second, height, width] = shape as Shape4;
  const area = height * width;
  const result = new Float32Array(values.length);
  let read = 0;
  for (let a = 0; a < first; a++) {
    for (let b = 0; b < second; b++) {
      for (let position = 0; position < area; position++) {
        result[(position * second + b) * first + a] = values[read++]!;
      }
    }
  }
  return { shape: [height, width, second, first], values: result };
}

/**
 * The shape in PyTorch's order of a tensor in tfjs'.
 *
 * @param shape A shape in tfjs' order.
 * @returns The same in PyTorch's.
 *
 * @example
 * ```ts
 * import { torchShape } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(torchShape([3, 3, 8, 16]), [16, 8, 3, 3]);
 * ```
 */
export function torchShape(shape: readonly number[]): readonly number[] {
  return shape.length === 4
    ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!]
    : shape;
}

type Shape4 = readonly [number, number, number, number];
