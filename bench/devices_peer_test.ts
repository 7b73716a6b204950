// deno-lint-ignore-file no-console
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { summarize } from "@unet/model";
import type { Measurement } from "./measurement.ts";
import { withNetworks } from "./network_files.ts";
import { findPeerPython, missingModules } from "./peer_python.ts";
import { type PeerName, peerOf } from "./peers.ts";
import { runMeasurement, runProcess } from "./run_process.ts";

const python = await findPeerPython();

/** Whether the peers' interpreter has what a peer needs; else says why not. */
async function has(peer: PeerName): Promise<boolean> {
  const missing = python === null
    ? ["Python"]
    : await missingModules(python, peerOf(peer).modules);
  if (missing.length > 0) {
    console.log(`skipped: the peer ${peer}, for lack of ${missing.join(", ")}`);
  }
  return missing.length === 0;
}

const one: Measurement = {
  side: "peer",
  name: "torch",
  mode: "infer",
  precision: "float32",
  recipe: "plain",
  loader: "fixed",
  batch: 2,
  width: 0.125,
  size: 32,
  steps: 3,
  warmUp: 1,
  limit: 60,
  threads: 1,
  profile: false,
};

for (const name of ["torch", "tensorflow"] as const) {
  // skipped: where there is no such module, as has() prints
  const ignore = !(await has(name));
  for (const width of [0.125, 0.3]) {
    Deno.test(
      `${name} has a network of as many parameters at width ${width}`,
      { ignore },
      async () => {
        const built = { ...one, name, width, batch: 1, steps: 0 };
        const { parameters } = await runMeasurement(built, python);
        assertEquals(parameters, summarize({ width }).parameters);
      },
    );
  }
}

for (const name of ["openvino", "onnxruntime"] as const) {
  // skipped: where there is no such module, as has() prints
  const ignore = !(await has(name));
  const { precisions: { infer: precisions }, modules } = peerOf(name);
  Deno.test(
    `${name} computes the exported network in ${precisions.join(" and ")}`,
    { ignore },
    async () => {
      const wanted = precisions.map((precision) => ({
        ...one,
        name,
        precision,
      }));
      await using prepared = await withNetworks(wanted, python);
      assertEquals(prepared.measurements.length, precisions.length);
      for (const measurement of prepared.measurements) {
        const found = await runMeasurement(measurement, python);
        assertEquals(found.seconds.length, 3);
        assert(found.seconds.every((seconds) => seconds > 0));
        assertMatch(found.version, /^\d+\.\d+/);
        assertMatch(
          found.way!,
          /batch at once|one image after another|parallel/,
        );
        // numpy and the library alone take more.
        assert(found.peakMemoryBytes > 2e7, modules[0]);
      }
    },
  );
}

Deno.test(
  "a peer that can compute in several ways takes the fastest",
  // skipped: where there is no Python, as has() prints
  { ignore: python === null },
  async () => {
    const folder = fromFileUrl(new URL(".", import.meta.url));
    const program = `import json, sys, time; sys.path.insert(0, sys.argv[1])
from peer_measurement import choose_way
ways = {"slow": lambda: lambda: time.sleep(0.02), "fast": lambda: lambda: None}
both, one = choose_way(ways)[0], choose_way({"alone": ways["slow"]})[0]
print(json.dumps([both, one]))`;
    const command = [python!, "-c", program, folder] as const;
    assertEquals(await runProcess("peer", command, 1), ["fast", "alone"]);
  },
);
