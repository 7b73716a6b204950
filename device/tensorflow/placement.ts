/** A device as TensorFlow lists it. */
export interface ListedDevice {
  /** As in `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  /** As in `CPU`, `GPU`, `XLA_GPU`. */
  readonly type: string;
}

/**
 * Chooses where tensors live: on the first GPU, else on the processor.
 *
 * @param devices What TensorFlow lists.
 * @returns The device's name, and whether it is a GPU.
 * @throws {RangeError} If there is none of both.
 *
 * @example
 * ```ts
 * import { chooseDevice } from "@unet/device/tensorflow";
 * import { assertEquals } from "@std/assert";
 *
 * const cpu = { name: "/device:CPU:0", type: "CPU" };
 * const gpu = { name: "/device:GPU:0", type: "GPU" };
 * assertEquals(chooseDevice([cpu, gpu]), { name: gpu.name, isGpu: true });
 * assertEquals(chooseDevice([cpu]), { name: cpu.name, isGpu: false });
 * ```
 */
export function chooseDevice(
  devices: readonly ListedDevice[],
): { name: string; isGpu: boolean } {
  const of = (type: string) => devices.find((device) => device.type === type);
  const gpu = of("GPU");
  const chosen = gpu ?? of("CPU");
  if (!chosen) {
    const types = devices.map(({ type }) => type).join(", ");
    throw new RangeError(
      `Cannot choose device: found ${types || "none"}, expected a CPU or GPU`,
    );
  }
  return { name: chosen.name, isGpu: gpu !== undefined };
}

/**
 * Whether a tensor that comes from JavaScript is copied to the GPU. Whole
 * numbers are shapes, axes and indices, which TensorFlow's GPU kernels read
 * on the processor; texts have no place elsewhere.
 *
 * @param type The tensor's type, by TensorFlow's number.
 * @returns Whether it belongs on the GPU.
 *
 * @example
 * ```ts
 * import { belongsOnGpu } from "@unet/device/tensorflow";
 * import { assert } from "@std/assert";
 *
 * const float32 = 1, int32 = 3;
 * assert(belongsOnGpu(float32) && !belongsOnGpu(int32));
 * ```
 */
export function belongsOnGpu(type: number): boolean {
  return type !== dataTypes.int32 && type !== dataTypes.string;
}

/** TensorFlow's numbers for the types of tensors (`tf_datatype.h`). */
export const dataTypes = {
  /** 32-bit floats. */
  float32: 1,
  /** 32-bit whole numbers. */
  int32: 3,
  /** Bytes. */
  uint8: 4,
  /** Texts of bytes. */
  string: 7,
  /** Pairs of 32-bit floats. */
  complex64: 8,
  /** 64-bit whole numbers. */
  int64: 9,
  /** Truth values, a byte each. */
  bool: 10,
  /** 16-bit floats with the range of 32-bit ones. */
  bfloat16: 14,
  /** 16-bit floats of IEEE 754. */
  float16: 19,
  /** Handles of variables and the like. */
  resource: 20,
} as const;
