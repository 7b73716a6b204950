/**
 * Measures the network of the page without a server beside ONNX Runtime's in
 * one browser: `deno task bench web`, of which README.md says more.
 */
// deno-lint-ignore-file no-console
import { join } from "@std/path";
import { exportModel } from "@unet/app";
import { encodePng, synthesize } from "@unet/data";
import { cannot, count, DeviceError, onOneLine } from "@unet/errors";
import { writeFile } from "@unet/files";
import { type Machine, thisMachine } from "./machine.ts";
import { medianOf } from "./median_of.ts";
import { type BenchFlags, readFlags, wrong } from "./read_flags.ts";
import { benchRoot } from "./run_bench.ts";
import { runProcess } from "./run_process.ts";

/** What one engine needed for the images of a size. */
export interface WebRow {
  /** Ours or ONNX Runtime, the device, and threads of WebAssembly. */
  readonly engine: string;
  /** The side of the image in pixels. */
  readonly size: number;
  /** Milliseconds per image: decoding, windows, network, joining. */
  readonly image: readonly number[];
  /** Of them in the network, with the conversion of its values. */
  readonly network: readonly number[];
  /** Height and width of the largest window. */
  readonly window: readonly number[];
  /** What its probabilities and those of our first row differ by. */
  readonly difference: {
    /** At most. */
    readonly most: number;
    /** The share of pixels on another side of 0.5. */
    readonly sides: number;
  };
}

/** What the browser's driver found. */
interface Found {
  /** The browser's version. */
  readonly browser: string;
  /** Why WebGPU is not measured, or null. */
  readonly webgpu: string | null;
  readonly rows: readonly WebRow[];
}

/** The most that probabilities of engines may differ by. */
const tolerance = 0.01;

/**
 * The package that is compared with. No `deno.json` names it, so that nobody
 * downloads it but who measures it.
 */
const peer = "onnxruntime-web@1.30.0";

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @returns The exit code: 1 if results of the engines differ by more than the
 * tolerance.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DeviceError} If the browser or the peer is missing, or fails.
 */
export async function benchWeb(args: readonly string[]): Promise<number> {
  const flags = readFlags(args, {
    switches: ["json"],
    values: ["sizes", "rounds", "peers", "chromium", "out", "note"],
  });
  const sizes = sizesOf(flags);
  const isAlone = flags.choice("peers", ["onnxruntime", "none"]) === "none";
  const folder = await Deno.makeTempDir({ prefix: "unet-bench-" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await makeFiles(folder, sizes);
  const request = {
    ...{ sizes, rounds: flags.count("rounds", 5) },
    threads: [...new Set([1, navigator.hardwareConcurrency])],
    onnxruntime: isAlone ? null : await peerFolder(),
  };
  const results = await runProcess("the browser", [
    Deno.execPath(),
    ...["run", "--quiet", "--allow-all", "--no-check"],
    join(benchRoot, "tests", "browser", "drive_speed.ts"),
    flags.text("chromium") ?? "/usr/bin/chromium",
    ...[folder, JSON.stringify(request)],
  ], navigator.hardwareConcurrency) as Found;
  const note = flags.text("note");
  const found = {
    ...{ date: new Date().toISOString(), ...thisMachine() },
    ...(note !== undefined && { note }),
    ...results,
  };
  const text = JSON.stringify(found, null, 2) + "\n";
  const out = flags.text("out");
  if (out !== undefined) await writeFile(out, text, "results");
  if (flags.on("json")) console.log(text.trimEnd());
  else print(found);
  return found.rows.every(isClose) ? 0 : 1;
}

function isClose({ difference }: WebRow): boolean {
  return difference.most <= tolerance;
}

function sizesOf(flags: BenchFlags): number[] {
  const words = flags.text("sizes")?.split(",") ?? ["512", "2048"];
  return words.map((word) => {
    const size = Number(word);
    if (Number.isSafeInteger(size) && size >= 64 && size <= 8192) return size;
    throw wrong("sizes", word, "whole numbers from 64 to 8192");
  });
}

/** Writes the page's model, as it is and exported, and a drawn image per size. */
async function makeFiles(
  folder: string,
  sizes: readonly number[],
): Promise<void> {
  const model = join(benchRoot, "models", "nuclei", "model.safetensors");
  await Deno.copyFile(model, join(folder, "model"));
  await exportModel({
    ...{ model, format: "onnx", out: join(folder, "model.onnx") },
    ...{ sizes: "fitting", stretch: false },
  });
  for (const size of sizes) {
    const drawn = { count: 1, width: size, height: size, seed: 1 };
    const [sample] = synthesize(drawn);
    const png = Uint8Array.from(await encodePng(sample!.image));
    await writeFile(join(folder, `${size}.png`), png, "image");
  }
}

/** The folder of the peer's files, in Deno's cache. */
async function peerFolder(): Promise<string> {
  await runDeno(["cache", "--quiet", "--no-lock", `npm:${peer}`]);
  const json = await runDeno(["info", "--json", "--no-lock", `npm:${peer}`]);
  const { npmPackages }: {
    readonly npmPackages: Readonly<
      Record<string, { readonly localPath: string }>
    >;
  } = JSON.parse(json);
  return join(npmPackages[peer]!.localPath, "dist");
}

async function runDeno(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(
    Deno.execPath(),
    { args: [...args], env: { NO_COLOR: "1" } },
  ).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new DeviceError(cannot("find", "package", peer, {
    found: onOneLine(decoder.decode(stderr).trim()),
    remedy: "give --peers none to measure ours alone",
  }));
}

function print(
  { date, cpu, cores, browser, webgpu, rows }: Found & Machine & {
    readonly date: string;
  },
): void {
  console.log(
    `${date}, ${cpu}, ${count(cores, "core")}, Chromium ${browser}`,
  );
  if (webgpu !== null) console.log(`without WebGPU: ${webgpu}`);
  for (const row of rows) {
    const own = rows.find(({ size }) => size === row.size)!;
    const [height, width] = row.window;
    console.log(
      `${row.size}², ${row.engine}: ${msOf(row.image)} ms per image, ` +
        `${msOf(row.network)} ms in the network (windows up to ` +
        `${height}×${width})` +
        (row === own
          ? ""
          : `, ${
            (medianOf(row.network) / medianOf(own.network)).toFixed(2)
          } times ours, ${
            row.difference.most.toExponential(1)
          } apart at most, ${
            (100 * row.difference.sides).toFixed(4)
          } % of pixels on another side of 0.5`),
    );
  }
  console.log(
    `Probabilities may differ by ${tolerance}: ${
      rows.every(isClose) ? "they do not by more" : "some do by more"
    }.`,
  );
}

/** The median and the least. */
function msOf(times: readonly number[]): string {
  return `${medianOf(times).toFixed(0)} (least ${
    Math.min(...times).toFixed(0)
  })`;
}
