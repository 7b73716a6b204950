/**
 * Times the instance step on drawn nuclei, beside scikit-image on the same
 * field, one process each:
 *
 *   UNET_PEER_PYTHON=/path/to/python deno task bench instances \
 *     [--width 4000] [--height 4000] [--rows 256] [--json]
 *
 * Without UNET_PEER_PYTHON it times ours alone and says so. Peak memory is the
 * process's, so that one size a run is measured.
 */
// deno-lint-ignore-file no-console
import { fromFileUrl } from "@std/path";
import { InstanceFinder } from "@unet/infer/instances";
import { createRandom } from "@unet/random";
import { cpus } from "node:os";
import { readFlags } from "./read_flags.ts";
import { runProcess } from "./run_process.ts";

/** Pixels from nucleus to nucleus, before they are moved about. */
const pitch = 24;

interface Timing {
  seconds: number;
  instances: number;
  megabytes: number;
}

/** Draws rows of a field of nuclei, a third of which touch another. */
function drawRows(y: number, rows: number, width: number): Float32Array {
  const probability = new Float32Array(rows * width).fill(0.1);
  const last = Math.floor((y + rows) / pitch) + 1;
  for (let line = Math.floor(y / pitch) - 1; line <= last; line++) {
    const random = createRandom(0, line + 1);
    for (let column = -1; column <= width / pitch + 1; column++) {
      const centerX = (column + random.uniform(0, 1)) * pitch;
      const centerY = (line + random.uniform(0, 1)) * pitch;
      const radius = random.uniform(6, 12);
      if (random.uniform(0, 1) < 0.25) continue;
      const top = Math.max(y, Math.ceil(centerY - radius));
      const bottom = Math.min(y + rows, centerY + radius);
      for (let row = top; row < bottom; row++) {
        const half = Math.sqrt(Math.max(0, radius ** 2 - (row - centerY) ** 2));
        const left = Math.max(0, Math.ceil(centerX - half));
        const right = Math.min(width, Math.ceil(centerX + half));
        const start = (row - y) * width;
        if (left < right) probability.fill(0.9, start + left, start + right);
      }
    }
  }
  return probability;
}

function timeOurs(width: number, height: number, rows: number): Timing {
  const finder = new InstanceFinder(width, height);
  let milliseconds = 0, count = 0, memory = 0;
  for (let y = 0; y < height; y += rows) {
    const here = Math.min(rows, height - y);
    const probability = drawRows(y, here, width);
    const start = performance.now();
    const { instances } = finder.add({
      ...{ y, width, height: here },
      planes: { object: probability },
    });
    milliseconds += performance.now() - start;
    count += instances.length;
    memory = Math.max(memory, Deno.memoryUsage().rss);
  }
  return {
    seconds: milliseconds / 1000,
    instances: count,
    megabytes: memory / 2 ** 20,
  };
}

/** The field, as the peer reads it. */
function* masks(width: number, height: number): Generator<Uint8Array> {
  for (let y = 0; y < height; y += 256) {
    const rows = drawRows(y, Math.min(256, height - y), width);
    yield Uint8Array.from(rows, (value) => value > 0.5 ? 1 : 0);
  }
}

async function timePeer(
  python: string,
  width: number,
  height: number,
): Promise<Timing> {
  const script = fromFileUrl(new URL("./instances_peer.py", import.meta.url));
  return await runProcess(
    "scikit-image",
    [python, script, String(width), String(height)],
    1,
    masks(width, height),
  ) as Timing;
}

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 */
export async function benchInstances(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: ["json"],
    values: ["width", "height", "rows"],
  });
  const width = flags.count("width", 4000);
  const height = flags.count("height", 4000);
  const rows = flags.count("rows", 256);
  const ours = timeOurs(width, height, rows);
  const python = Deno.env.get("UNET_PEER_PYTHON");
  const peer = python ? await timePeer(python, width, height) : null;
  const report = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, os: Deno.build.os },
    deno: Deno.version.deno,
    ...{ width, height, rows, ours, peer },
  };
  if (flags.on("json")) {
    console.log(JSON.stringify(report, null, 2));
    return;
  }
  console.log(`${report.date}, ${report.machine.cpu}, Deno ${report.deno}`);
  console.log(`${width}×${height} pixels, bands of ${rows} rows\n`);
  console.log("                 megapixels/s  instances   peak MB");
  const print = (name: string, { seconds, instances, megabytes }: Timing) =>
    console.log(
      name.padEnd(16) +
        (width * height / seconds / 1e6).toFixed(1).padStart(13) +
        String(instances).padStart(11) + megabytes.toFixed(0).padStart(10),
    );
  print("InstanceFinder", ours);
  if (peer) print("scikit-image", peer);
  else {
    console.log(
      "\nOurs alone: set UNET_PEER_PYTHON to a Python that has scikit-image to time both.",
    );
  }
}
