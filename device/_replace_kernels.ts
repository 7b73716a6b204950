import {
  getKernel,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

/**
 * Registers kernels in the place of those of their names.
 *
 * @returns What puts those back.
 */
export function replaceKernels(ours: readonly KernelConfig[]): () => void {
  const replaced = ours.map(({ kernelName, backendName }) =>
    getKernel(kernelName, backendName)
  );
  const exchange = (
    from: readonly (KernelConfig | undefined)[],
    to: readonly (KernelConfig | undefined)[],
  ) => {
    for (const kernel of from) {
      if (kernel) unregisterKernel(kernel.kernelName, kernel.backendName);
    }
    for (const kernel of to) if (kernel) registerKernel(kernel);
  };
  exchange(replaced, ours);
  return () => exchange(ours, replaced);
}
