import { fromFileUrl, join } from "@std/path";
import type { Measurement } from "./measurement.ts";
import { type PeerName, peerOf } from "./peers.ts";
import { runOurs, runProcess } from "./run_process.ts";

/** Measurements that have what they need, until it is disposed. */
export interface PreparedMeasurements extends AsyncDisposable {
  /** In the same order. */
  readonly measurements: readonly Measurement[];
}

/**
 * Writes the networks for the peers that read them: per width a file in
 * float32, and one that NNCF has quantized where int8 is measured.
 *
 * @param measurements What will be measured.
 * @param python The peers' interpreter; null where no peer runs.
 * @throws {DeviceError} If a network cannot be written or quantized.
 */
export async function withNetworks(
  measurements: readonly Measurement[],
  python: string | null,
): Promise<PreparedMeasurements> {
  await using stack = new AsyncDisposableStack();
  const files = new Map<string, string>();
  const wanted = measurements.filter(readsNetwork);
  if (wanted.length > 0) {
    const folder = await Deno.makeTempDir({ prefix: "unet-bench-" });
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    for (const { width, precision } of wanted) {
      const path = join(folder, `width-${width}`);
      const network = `${path}.onnx`;
      if (!files.has(keyOf(width, "float32"))) {
        await write(width, network);
        files.set(keyOf(width, "float32"), network);
      }
      if (precision === "int8" && !files.has(keyOf(width, precision))) {
        await quantize(network, `${path}.xml`, python!);
        files.set(keyOf(width, precision), `${path}.xml`);
      }
    }
  }
  const opened = stack.move();
  return {
    measurements: measurements.map((each) =>
      readsNetwork(each)
        ? { ...each, network: files.get(keyOf(each.width, each.precision))! }
        : each
    ),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function keyOf(width: number, precision: string): string {
  return `${precision} ${width}`;
}

function readsNetwork({ side, name }: Measurement): boolean {
  return side === "peer" && peerOf(name as PeerName).readsOnnx;
}

async function write(width: number, out: string): Promise<void> {
  await runOurs("write_network.ts", [JSON.stringify({ width, out })], 1);
}

/** It is calibrated on tiles; the network takes images of any size then. */
async function quantize(
  network: string,
  out: string,
  python: string,
): Promise<void> {
  const script = fromFileUrl(new URL("quantize_network.py", import.meta.url));
  const request = JSON.stringify({ network, out, size: 256 });
  await runProcess("NNCF", [python, script, request], 1);
}
