// deno-lint-ignore-file no-console
import { assertEquals } from "@std/assert";
import { summarize } from "@unet/model";
import type { Measured, Measurement } from "./measurement.ts";
import { checkPython, findPeerPython } from "./peer_python.ts";
import { runMeasurement } from "./run_process.ts";

const python = await findPeerPython();

/** Whether the peers' interpreter has a module; else says why not. */
async function has(module: string): Promise<boolean> {
  if (python === null) {
    console.log(`skipped: the peer's network, for there is no ${module}`);
    return false;
  }
  try {
    await checkPython(python, module);
    return true;
  } catch (cause) {
    console.log(`skipped: the peer's network: ${(cause as Error).message}`);
    return false;
  }
}

const none: Measurement = {
  side: "peer",
  name: "torch",
  mode: "train",
  precision: "float32",
  loader: "fixed",
  batch: 1,
  width: 0.125,
  size: 32,
  steps: 0,
  warmUp: 0,
  limit: 60,
  threads: 1,
  profile: false,
};

for (const name of ["torch", "tensorflow"]) {
  // skipped: where there is no such module, as has() prints
  const ignore = !(await has(name));
  for (const width of [0.125, 0.3]) {
    Deno.test(
      `${name} has a network of as many parameters at width ${width}`,
      { ignore },
      async () => {
        const found: Measured = await runMeasurement(
          { ...none, name, width },
          python,
        );
        assertEquals(found.parameters, summarize({ width }).parameters);
      },
    );
  }
}
