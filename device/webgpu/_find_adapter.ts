import { quietly } from "../_quietly.ts";

/** The GPU that Deno finds, or null. */
export async function findAdapter(): Promise<GPUAdapter | null> {
  const { gpu } = navigator;
  if (!gpu) return null;
  return await quietly(() =>
    gpu.requestAdapter({ powerPreference: "high-performance" })
  );
}

/** Drivers that compute on the processor, by what they call themselves. */
const software = /llvmpipe|lavapipe|swiftshader|softpipe|basic render/i;

/** Whether an adapter is no GPU, but a program that acts as one. */
export function isSoftware(
  { isFallbackAdapter, description }: Pick<
    GPUAdapterInfo,
    "isFallbackAdapter" | "description"
  >,
): boolean {
  return isFallbackAdapter || software.test(description);
}
