import {
  type DataId,
  getKernelsForBackend,
  type KernelBackend,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { OnednnBackend } from "./onednn_backend.ts";

/** What tfjs passes to a kernel: tensors by name, or a list of them. */
type Inputs = NamedTensorInfoMap | TensorInfo[];

/** Kernels of complex numbers, whose data is two tensors. */
const complex = ["Complex", "Real", "Imag", "FFT", "IFFT", "ComplexAbs"];

/** Runs kernels of tfjs' cpu backend on tensors of ours. */
export class Fallback {
  readonly #backend: OnednnBackend;
  readonly #cpu: KernelBackend;
  readonly #stock: ReadonlyMap<string, KernelConfig>;

  /**
   * @param backend Where the tensors are.
   * @param cpu tfjs' cpu backend, whose kernels are registered.
   */
  constructor(backend: OnednnBackend, cpu: KernelBackend) {
    this.#backend = backend;
    this.#cpu = cpu;
    this.#stock = new Map(
      getKernelsForBackend("cpu")
        .filter(({ kernelName }) => !complex.includes(kernelName))
        .map((kernel) => [kernel.kernelName, kernel]),
    );
  }

  /** The kernels that there are. */
  get names(): readonly string[] {
    return [...this.#stock.keys()];
  }

  /** Runs a kernel. */
  run(
    name: string,
    inputs: Inputs,
    attrs?: NamedAttrMap,
  ): TensorInfo | TensorInfo[] {
    const cpu = this.#cpu;
    const lent: DataId[] = [];
    const lend = (tensor: TensorInfo): TensorInfo => {
      const { shape, dtype } = tensor;
      const values = this.#backend.readSync(tensor.dataId);
      const dataId = cpu.write(values, shape, dtype);
      lent.push(dataId);
      return { dataId, shape, dtype };
    };
    const take = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => {
      const values = cpu.readSync(dataId);
      cpu.disposeData(dataId);
      return {
        dataId: this.#backend.write(values, shape, dtype),
        shape,
        dtype,
      };
    };
    try {
      const outputs = this.#stock.get(name)!.kernelFunc({
        inputs: (Array.isArray(inputs)
          ? inputs.map(lend)
          : lendByName(inputs, lend)) as NamedTensorInfoMap,
        attrs: attrs ?? {},
        backend: cpu,
      });
      return Array.isArray(outputs) ? outputs.map(take) : take(outputs);
    } finally {
      for (const dataId of lent) cpu.disposeData(dataId);
    }
  }
}

function lendByName(
  inputs: NamedTensorInfoMap,
  lend: (tensor: TensorInfo) => TensorInfo,
): NamedTensorInfoMap {
  return Object.fromEntries(
    Object.entries(inputs)
      // tfjs leaves optional inputs undefined.
      .filter(([, tensor]) => tensor)
      .map(([name, tensor]) => [name, lend(tensor!)]),
  );
}
