import { findBackendFactory, removeBackend } from "@tensorflow/tfjs-core";
import type { KernelBackend } from "@tensorflow/tfjs-core";

type Factory = () => KernelBackend | Promise<KernelBackend>;

/** The backends that the packages of this module bring. */
const brought = ["wasm", "cpu", "webgpu"];
const factories = new Map<string, Factory>();

/**
 * Loads a package that registers tfjs backends when it is imported, and takes
 * from tfjs those that it brought: tfjs would turn to one of them, unasked,
 * whenever no device is open.
 *
 * @param name The backend that is wanted.
 * @param load Imports the package.
 * @returns The package, and what makes the backend.
 */
export async function loadBackend<Package>(
  name: string,
  load: () => Promise<Package>,
): Promise<{ module: Package; make: Factory }> {
  const absent = brought.filter((key) => !findBackendFactory(key));
  const module = await load();
  for (const key of absent) {
    const factory = findBackendFactory(key);
    if (!factory) continue;
    factories.set(key, factory);
    removeBackend(key);
  }
  const make = factories.get(name) ?? findBackendFactory(name);
  if (!make) throw new Error(`no backend "${name}" in its package`);
  // Kept, for a program that imported the package before has registered it
  // once, and the device that is opened now takes its name.
  factories.set(name, make);
  return { module, make };
}
