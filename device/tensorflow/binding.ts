import { cannot, DeviceError } from "@unet/errors";
import {
  attributeKinds,
  createAttributeSetter,
  type OperationAttribute,
} from "./_attributes.ts";
import { type Context, createContext } from "./_context.ts";
import type { ContextOptions } from "./_context.ts";
import { type Library, loadLibrary, terminated } from "./_library.ts";
import {
  freeTexts,
  readTensor,
  type TensorContent,
  writeTensor,
} from "./_tensor_content.ts";
import { belongsOnGpu, dataTypes, type ListedDevice } from "./placement.ts";

export type { ContextOptions, OperationAttribute, TensorContent };

/** Facts about a tensor that need no reading. */
export interface TensorMetadata {
  /** The binding's number for it. */
  id: number;
  /** Its shape. */
  shape: number[];
  /** TensorFlow's number for its type, one of `dataTypes`. */
  dtype: number;
}

/**
 * TensorFlow as tfjs-node's kernels call it: its `TFJSBinding`. Saved models
 * are left out.
 */
export interface Binding {
  /** A new tensor; the caller deletes it. */
  createTensor(shape: number[], dtype: number, content: TensorContent): number;
  /** Deletes a tensor. */
  deleteTensor(id: number): void;
  /** Reads a tensor, from wherever it lies. */
  tensorDataSync(id: number): TensorContent;
  /**
   * Executes an operation. Inputs stay; the caller deletes the outputs.
   *
   * @throws {DeviceError} With TensorFlow's words, if it refuses.
   */
  executeOp(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  /** The name of the device where a tensor lies. */
  placeOf(id: number): string;
  /** How many tensors there are. */
  getNumOfTensors(): number;
  /** Whether tensors live on a GPU. */
  isUsingGpuDevice(): boolean;
  /** TensorFlow's version. */
  readonly TF_Version: string;
  /** Every device that TensorFlow lists. */
  readonly devices: readonly ListedDevice[];
  /** Deletes all tensors and the context. */
  close(): void;
}

/**
 * Loads TensorFlow and starts a context of its own.
 *
 * @param path TensorFlow's library.
 * @param options How TensorFlow runs.
 * @returns The binding; the caller closes it.
 * @throws {DeviceError} If the library is none, or TensorFlow does not start.
 *
 * @example
 * ```ts
 * import { createBinding, findLibrary } from "@unet/device/tensorflow";
 * import { assertEquals } from "@std/assert";
 *
 * const { path } = await findLibrary();
 * if (path) {
 *   const tensorflow = createBinding(path, { threads: 1 });
 *   const id = tensorflow.createTensor([2], 1, new Float32Array([1, -2]));
 *   const type = { name: "T", type: 4, value: 1 };
 *   const [y] = tensorflow.executeOp("Relu", [type], [id], 1);
 *   assertEquals(tensorflow.tensorDataSync(y!.id), new Float32Array([1, 0]));
 *   tensorflow.close();
 * }
 * ```
 */
export function createBinding(
  path: string,
  options: ContextOptions = {},
): Binding {
  const library = loadLibrary(path);
  const { call, status, check } = library;
  const context: Context = createContext(library, options);
  const execute = createExecutor(library, context);
  const place = createPlacer(library, context, execute);
  const { add, handleOf, ...tensors } = createHandles();
  const describe = (handle: bigint): TensorMetadata => {
    const shape = shapeOf(library, handle);
    return {
      id: add(handle),
      shape,
      dtype: call.TFE_TensorHandleDataType(handle),
    };
  };
  const binding = {
    ...constants,
    TF_Version: library.version,
    devices: context.devices,
    isUsingGpuDevice: () => context.isGpu,
    getNumOfTensors: () => tensors.count(),
    createTensor(shape: number[], dtype: number, content: TensorContent) {
      const tensor = writeTensor(library, shape, dtype, content);
      try {
        return add(place(tensor, dtype));
      } finally {
        if (dtype === dataTypes.string) freeTexts(library, tensor);
        call.TF_DeleteTensor(tensor);
      }
    },
    deleteTensor(id: number) {
      call.TFE_DeleteTensorHandle(handleOf(id));
      tensors.forget(id);
    },
    tensorDataSync(id: number) {
      const handle = handleOf(id);
      const dtype = call.TFE_TensorHandleDataType(handle);
      const tensor = call.TFE_TensorHandleResolve(handle, status);
      check("read", "tensor", `${id}`);
      try {
        return readTensor(library, tensor, dtype);
      } finally {
        call.TF_DeleteTensor(tensor);
      }
    },
    executeOp: (
      name: string,
      attributes: readonly OperationAttribute[],
      inputs: readonly number[],
      outputs: number,
    ) => execute(name, attributes, inputs.map(handleOf), outputs).map(describe),
    placeOf(id: number) {
      const name = call.TFE_TensorHandleDeviceName(handleOf(id), status);
      check("find", "device of tensor", `${id}`);
      return library.text(name);
    },
    close() {
      for (const id of tensors.ids()) binding.deleteTensor(id);
      context.delete();
    },
    loadSavedModel: refuseSavedModels,
    deleteSavedModel: refuseSavedModels,
    runSavedModel: refuseSavedModels,
    getNumOfSavedModels: () => 0,
  };
  return binding;
}

/** TensorFlow's handles of tensors by the numbers that tfjs-node has for them. */
function createHandles() {
  const handles = new Map<number, bigint>();
  let last = 0;
  return {
    add(handle: bigint): number {
      handles.set(++last, handle);
      return last;
    },
    handleOf(id: number): bigint {
      const handle = handles.get(id);
      if (handle !== undefined) return handle;
      const found = "none of that number, or a disposed one";
      throw new RangeError(cannot("find", "tensor", `${id}`, { found }));
    },
    forget: (id: number): boolean => handles.delete(id),
    count: (): number => handles.size,
    ids: (): number[] => [...handles.keys()],
  };
}

function shapeOf(
  { call, status, check }: Library,
  handle: bigint,
): number[] {
  const rank = call.TFE_TensorHandleNumDims(handle, status);
  check("read", "shape of", "tensor");
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    shape[axis] = Number(call.TFE_TensorHandleDim(handle, axis, status));
  }
  return shape;
}

/** Executes an operation on handles of tensors, and gives those of its outputs. */
type Execute = (
  name: string,
  attributes: readonly OperationAttribute[],
  inputs: readonly bigint[],
  outputs: number,
) => bigint[];

function createExecutor(library: Library, context: Context): Execute {
  const { call, status, check } = library;
  const setAttribute = createAttributeSetter(library);
  const names = new Map<string, Uint8Array<ArrayBuffer>>();
  let results = new BigUint64Array(64);
  const resultCount = new Int32Array(1);
  return (name, attributes, inputs, outputs) => {
    let title = names.get(name);
    if (!title) names.set(name, title = terminated(name));
    const operation = call.TFE_NewOp(context.handle, title, status);
    check("make", "operation", name);
    try {
      for (const input of inputs) {
        call.TFE_OpAddInput(operation, input, status);
        check("execute", "operation", name);
      }
      for (const attribute of attributes) setAttribute(operation, attribute);
      if (outputs > results.length) results = new BigUint64Array(outputs);
      resultCount[0] = outputs;
      call.TFE_Execute(operation, results, resultCount, status);
      check("execute", "operation", name);
      return [...results.subarray(0, resultCount[0])];
    } finally {
      call.TFE_DeleteOp(operation);
    }
  };
}

/** Makes handles of tensors, on the device where their type belongs. */
function createPlacer(
  { call, status, check }: Library,
  context: Context,
  execute: Execute,
): (tensor: bigint, dtype: number) => bigint {
  const device = terminated(context.device);
  return (tensor, dtype) => {
    const handle = call.TFE_NewTensorHandle(tensor, status);
    check("make", "handle of", "tensor");
    const isText = dtype === dataTypes.string;
    if (!isText && !(context.copies && belongsOnGpu(dtype))) return handle;
    try {
      if (isText) {
        // TensorFlow's own texts, which it frees with the last tensor on them.
        const count = { name: "N", type: attributeKinds.int, value: 1 };
        return execute("StringJoin", [count], [handle], 1)[0]!;
      }
      const copy = call.TFE_TensorHandleCopyToDevice(
        handle,
        context.handle,
        device,
        status,
      );
      check("copy", "tensor to device", context.device);
      return copy;
    } finally {
      call.TFE_DeleteTensorHandle(handle);
    }
  };
}

/** The constants of tfjs-node's binding, under its names. */
const constants = {
  TF_FLOAT: dataTypes.float32,
  TF_INT32: dataTypes.int32,
  TF_INT64: dataTypes.int64,
  TF_BOOL: dataTypes.bool,
  TF_COMPLEX64: dataTypes.complex64,
  TF_STRING: dataTypes.string,
  TF_RESOURCE: dataTypes.resource,
  TF_UINT8: dataTypes.uint8,
  TF_ATTR_STRING: attributeKinds.string,
  TF_ATTR_INT: attributeKinds.int,
  TF_ATTR_FLOAT: attributeKinds.float,
  TF_ATTR_BOOL: attributeKinds.bool,
  TF_ATTR_TYPE: attributeKinds.type,
  TF_ATTR_SHAPE: attributeKinds.shape,
  TF_ATTR_RESOURCE: attributeKinds.resource,
} as const;

function refuseSavedModels(): never {
  throw new DeviceError(
    cannot("open", "saved model on device", "tensorflow", {
      found: "a device without saved models",
    }),
  );
}
