/**
 * Measures the studio's page in a browser: `deno task bench studio`, of which
 * README.md says more.
 */
// deno-lint-ignore-file no-console
import { join } from "@std/path";
import { count } from "@unet/errors";
import { makeFolder, writeFile } from "@unet/files";
import sharp from "sharp";
import { thisMachine } from "./machine.ts";
import { medianOf } from "./median_of.ts";
import { type BenchFlags, readFlags, wrong } from "./read_flags.ts";
import { benchRoot } from "./run_bench.ts";
import { runProcess } from "./run_process.ts";
import {
  makeStudioFolder,
  type StudioWork,
  studioWorks,
} from "./studio_folders.ts";

/** What a measure of a work came to: one number, or many of the same kind. */
type Measures = Readonly<Record<string, number | readonly number[]>>;

/** A row of the table. */
export interface StudioResult {
  /** What was measured. */
  readonly work: StudioWork["name"];
  /** The side of its image in pixels, or how many images. */
  readonly size: number;
  /** By their names: milliseconds, unless the name says otherwise. */
  readonly measures: Measures;
}

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DeviceError} If there is no browser, or the page fails.
 */
export async function benchStudio(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: ["json"],
    values: [
      ...["works", "paint", "slide", "images", "chromium", "out", "pictures"],
    ],
  });
  const works = worksOf(flags);
  const chromium = flags.text("chromium") ?? "/usr/bin/chromium";
  const folder = await Deno.makeTempDir({ prefix: "unet-bench-" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const pictures = flags.text("pictures");
  if (pictures !== undefined) return await draw(chromium, folder, pictures);
  const results: StudioResult[] = [];
  for (const work of works) {
    console.error(`${work.name}: making the folder, then measuring`);
    const own = await makeStudioFolder(folder, work);
    const measures = await drive("drive_measures.ts", [
      ...[chromium, own, work.name],
    ]) as Measures;
    results.push({ work: work.name, size: work.size, measures });
    await Deno.remove(own, { recursive: true });
  }
  const found = { date: new Date().toISOString(), ...thisMachine(), results };
  const text = JSON.stringify(found, null, 2) + "\n";
  const out = flags.text("out");
  if (out !== undefined) await writeFile(out, text, "results");
  if (flags.on("json")) console.log(text.trimEnd());
  else print(found);
}

function worksOf(flags: BenchFlags): StudioWork[] {
  const sizes: Record<StudioWork["name"], number> = {
    paint: flags.count("paint", 4096),
    slide: flags.count("slide", 30_000),
    list: flags.count("images", 10_000),
    slider: 1600,
  };
  const named = flags.text("works")?.split(",") ?? studioWorks;
  return named.map((word) => {
    const name = studioWorks.find((each) => each === word);
    if (!name) throw wrong("works", word, studioWorks.join(", "));
    return { name, size: sizes[name] };
  });
}

/** Runs a browser's driver, in a process that may do what it needs. */
async function drive(
  program: string,
  args: readonly string[],
): Promise<unknown> {
  const path = join(benchRoot, "tests", "browser", program);
  return await runProcess(
    "the browser",
    [
      Deno.execPath(),
      ...["run", "--quiet", "--allow-all", "--no-check"],
      ...[path, ...args],
    ],
    navigator.hardwareConcurrency,
  );
}

/** Takes the pictures of docs/studio.md, small. */
async function draw(
  chromium: string,
  folder: string,
  out: string,
): Promise<void> {
  const images = join(folder, "nuclei"), drawn = join(folder, "pictures");
  await makeFolder(images);
  await drive("draw_pictures.ts", [chromium, images, drawn]);
  for (const { name } of Deno.readDirSync(drawn)) {
    const path = join(out, name.replace(/png$/, "webp"));
    const picture = await sharp(join(drawn, name)).webp({ quality: 85 })
      .toBuffer();
    await writeFile(path, new Uint8Array(picture), "picture");
    console.log(`${path}: ${(picture.length / 1e3).toFixed(0)} KB`);
  }
}

/** A line per measure: of many numbers the median, 95 % of them, the largest. */
function print(
  { date, cpu, cores, results }: {
    readonly date: string;
    readonly cpu: string;
    readonly cores: number;
    readonly results: readonly StudioResult[];
  },
): void {
  console.log(`${date}, ${cpu}, ${count(cores, "core")}`);
  for (const { work, size, measures } of results) {
    for (const [name, value] of Object.entries(measures)) {
      console.log(`${work} ${size}, ${name}: ${wordsOf(value)}`);
    }
  }
}

function wordsOf(value: number | readonly number[]): string {
  if (typeof value === "number") return value.toFixed(0);
  const sorted = [...value].sort((one, other) => one - other);
  const within = sorted[Math.floor(0.95 * sorted.length)]!;
  return `${value.length} times, median ${medianOf(sorted).toFixed(1)}, ` +
    `95 % within ${within.toFixed(1)}, most ${sorted.at(-1)!.toFixed(1)}`;
}
