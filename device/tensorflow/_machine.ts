import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import type { Precision } from "../device.ts";
import type { NodeBackend } from "./_load_backend_class.ts";
import type { OperationAttribute } from "./_attributes.ts";
import { attributes, bool, type } from "./_operation.ts";
import { dataTypes } from "./placement.ts";

/**
 * Runs operations for a kernel of this folder.
 *
 * With mixed precision a tensor that is float32 to tfjs may be bfloat16 to
 * TensorFlow: what convolutions give and take. Kernels of this folder take it
 * as it is; for all others, and for reading, it is made float32 first.
 */
export interface Machine {
  /** The type that convolutions compute with. */
  readonly convolutionType: number;
  /** Whether tensors live on a GPU. */
  readonly isGpu: boolean;
  /** The type that a tensor has in TensorFlow. */
  typeOf(tensor: TensorInfo): number;
  /** Lends tensors for as long as `use` runs, and deletes the others made. */
  run(use: (run: Run) => Output[]): TensorInfo[];
}

/** A tensor of TensorFlow's. */
export interface Operand {
  readonly id: number;
  readonly shape: number[];
  readonly type: number;
}

/** What a kernel gives: an operand, under the name of float32. */
export type Output = Operand;

/** One run of a kernel. */
export interface Run {
  /** A tensor of tfjs' in a type, float32 if none is given. */
  input(tensor: TensorInfo, type?: number): Operand;
  /** The same numbers in another type. */
  cast(operand: Operand, type: number): Operand;
  /** Whole numbers, as shapes and axes are given. */
  ints(values: readonly number[], shape?: number[]): Operand;
  /** Numbers. */
  floats(values: readonly number[], shape?: number[]): Operand;
  /** Executes an operation. */
  execute(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly Operand[],
    outputs?: number,
  ): [Operand, ...Operand[]];
}

/** What runs operations on a backend of tfjs-node's. */
export function createMachine(
  backend: NodeBackend,
  precision: Precision,
): Machine {
  const { binding } = backend;
  const isGpu = binding.isUsingGpuDevice();
  const stored = (tensor: TensorInfo) => backend.tensorMap.get(tensor.dataId);
  return {
    convolutionType: precision === "mixed"
      ? dataTypes.bfloat16
      : dataTypes.float32,
    isGpu,
    typeOf: (tensor) => stored(tensor).dtype,
    run(use) {
      const made = new Map<number, Operand>();
      const keep = (id: number, shape: number[], type: number): Operand => {
        const operand = { id, shape, type };
        made.set(id, operand);
        return operand;
      };
      const run: Run = {
        input(tensor, type = dataTypes.float32) {
          const { shape } = tensor;
          if (stored(tensor).dtype !== type) {
            const [id] = backend.getInputTensorIds([tensor]);
            const wide = { id: id!, shape, type: stored(tensor).dtype };
            return run.cast(wide, type);
          }
          if (type === dataTypes.bfloat16) {
            return { id: stored(tensor).id, shape, type };
          }
          return { id: backend.getInputTensorIds([tensor])[0]!, shape, type };
        },
        cast: (operand, to) =>
          operand.type === to
            ? operand
            : run.execute("Cast", castAttributes(operand.type, to), [
              operand,
            ])[0],
        ints(values, shape = [values.length]) {
          const type = dataTypes.int32;
          const content = Int32Array.from(values);
          return keep(binding.createTensor(shape, type, content), shape, type);
        },
        floats(values, shape = [values.length]) {
          const type = dataTypes.float32;
          const content = Float32Array.from(values);
          return keep(binding.createTensor(shape, type, content), shape, type);
        },
        execute(name, attributes, inputs, outputs = 1) {
          const ids = inputs.map(({ id }) => id);
          return binding.executeOp(name, attributes, ids, outputs).map((
            { id, shape, dtype },
          ) => keep(id, shape, dtype)) as [Operand, ...Operand[]];
        },
      };
      try {
        const outputs = use(run);
        for (const { id } of outputs) made.delete(id);
        return outputs.map((output) => hand(backend, output));
      } finally {
        for (const id of made.keys()) binding.deleteTensor(id);
      }
    },
  };
}

function hand(backend: NodeBackend, { id, shape, type }: Operand): TensorInfo {
  const dataId = {} as DataId;
  const values = null;
  backend.tensorMap.set(dataId, {
    shape,
    dtype: type,
    id,
    values,
    refCount: 1,
  });
  return { dataId, shape, dtype: "float32" };
}

/**
 * Makes tfjs' own kernels see float32 where a kernel of this folder left
 * bfloat16.
 */
export function widenForOthers(backend: NodeBackend): void {
  const { binding, tensorMap } = backend;
  const widen = (dataId: DataId): void => {
    const tensor = tensorMap.get(dataId);
    if (tensor?.dtype !== dataTypes.bfloat16) return;
    const { bfloat16, float32 } = dataTypes;
    const cast = castAttributes(bfloat16, float32);
    const [wide] = binding.executeOp("Cast", cast, [tensor.id], 1);
    binding.deleteTensor(tensor.id);
    tensor.id = wide!.id;
    tensor.dtype = float32;
  };
  const getInputTensorIds = backend.getInputTensorIds.bind(backend);
  const readSync = backend.readSync.bind(backend);
  backend.getInputTensorIds = (tensors) => {
    for (const { dataId } of tensors) if (dataId) widen(dataId);
    return getInputTensorIds(tensors);
  };
  backend.readSync = (dataId) => {
    widen(dataId);
    return readSync(dataId);
  };
}

function castAttributes(from: number, to: number): OperationAttribute[] {
  return attributes({
    SrcT: type(from),
    DstT: type(to),
    Truncate: bool(false),
  });
}
