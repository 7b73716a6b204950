import util from "node:util";
import type { DataId, KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";
import type { Binding } from "./binding.ts";
import type { TensorContent } from "./_tensor_content.ts";

/** What tfjs-node's backend keeps of a tensor. */
export interface StoredTensor {
  readonly shape: number[];
  /** TensorFlow's number for its type. */
  dtype: number;
  /** The binding's number; −1 as long as only JavaScript has it. */
  id: number;
  /** The content that TensorFlow does not have yet. */
  readonly values: TensorContent | null;
}

/** tfjs-node's backend, as far as it is used here. */
export interface NodeBackend extends KernelBackend {
  readonly binding: Binding;
  readonly tensorMap: {
    get(dataId: DataId): StoredTensor;
    set(dataId: DataId, stored: StoredTensor & { refCount: number }): void;
  };
  getInputTensorIds(tensors: TensorInfo[]): number[];
}

/**
 * Loads the part of tfjs-node-gpu that is JavaScript, its kernels and their
 * backend, past the addon that does not load on Deno. Its kernels register
 * themselves.
 */
export async function loadBackendClass(): Promise<
  new (binding: Binding, packageName: string) => NodeBackend
> {
  // Functions of Node's that newer ones no longer have.
  const node = util as unknown as Record<string, unknown>;
  node.isNullOrUndefined ??= (value: unknown) =>
    value === null || value === undefined;
  node.isArray ??= Array.isArray;
  await import("@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js");
  const { NodeJSKernelBackend } = await import(
    "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js"
  );
  return NodeJSKernelBackend as unknown as Awaited<
    ReturnType<typeof loadBackendClass>
  >;
}
