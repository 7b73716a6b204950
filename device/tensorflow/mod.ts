/**
 * TensorFlow's C library, called from Deno: where it is, and a binding with
 * the interface that tfjs-node's kernels use.
 *
 * `openDevice("tensorflow")` of `@unet/device` makes tfjs compute on it; this
 * module is for those who want operations of TensorFlow's that tfjs has not.
 *
 * @example
 * ```ts
 * import { createBinding, findLibrary } from "@unet/device/tensorflow";
 * import { assertEquals } from "@std/assert";
 *
 * const { path } = await findLibrary();
 * if (path) {
 *   const tensorflow = createBinding(path);
 *   const id = tensorflow.createTensor([2], 1, new Float32Array([4, 9]));
 *   const type = { name: "T", type: 4, value: 1 };
 *   const [root] = tensorflow.executeOp("Sqrt", [type], [id], 1);
 *   assertEquals(tensorflow.tensorDataSync(root!.id), new Float32Array([2, 3]));
 *   tensorflow.close();
 * }
 * ```
 *
 * @module
 */
export {
  type Binding,
  type ContextOptions,
  createBinding,
  type OperationAttribute,
  type TensorContent,
  type TensorMetadata,
} from "./binding.ts";
export {
  findLibrary,
  type FindLibraryOptions,
  type FoundLibrary,
} from "./find_library.ts";
export {
  belongsOnGpu,
  chooseDevice,
  dataTypes,
  type ListedDevice,
} from "./placement.ts";
