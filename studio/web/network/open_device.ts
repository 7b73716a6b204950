import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { type Device, openDriver } from "@unet/device/open-driver";
import { wasmDriver } from "@unet/device/wasm";
import { webgpuDriver } from "@unet/device/webgpu";

/**
 * Opens what computes: WebGPU where the adapter is a GPU that gives known
 * numbers, else WebAssembly.
 *
 * @param wasm The addresses of the program of the library, by its file's name.
 * @throws {UnetError} If WebAssembly cannot be used either.
 */
export async function openFastest(
  wasm: Readonly<Record<string, string>>,
): Promise<Device> {
  setWasmPaths({ ...wasm });
  const reason = await webgpuDriver.probe() ??
    await webgpuDriver.whyNotByItself?.() ?? null;
  if (reason === null) {
    try {
      return await openDriver(webgpuDriver);
    } catch {
      // A GPU that gives other numbers is skipped, as `auto` does.
    }
  }
  return await openDriver(wasmDriver);
}
