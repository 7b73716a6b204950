/**
 * Reads mutated files, one after the other, and reports on standard output:
 * before each that it begins, after it what it found. Whoever started it ends
 * it where a file takes too long.
 *
 * @module
 */
import { createRandom } from "@unet/random";
import { cpuUsage } from "node:process";
import { createPeakMeter } from "./_peak_memory.ts";
import type { Target } from "./_target.ts";
import { inputOf, targets } from "./_targets.ts";

/** What the child is started with, as JSON. */
export interface ChildJob {
  /** The number of the first input of each target, by its name. */
  readonly starts: Readonly<Record<string, number>>;
  /** Seconds to work for. */
  readonly seconds: number;
  /** Whether one input of each is all. */
  readonly only?: boolean;
}

/** A line of the child. */
export type ChildLine =
  | { readonly begin: string; readonly input: number }
  | { readonly found: string; readonly target: string; readonly input: number }
  | { readonly isDone: true };

/** Milliseconds for one target before it is the next one's turn. */
const turn = 250;

/** Milliseconds of the processor, which a busy machine does not lengthen. */
const slowest = 5000;

const mostBytes = 500 * 2 ** 20;

const encoder = new TextEncoder();

function report(line: ChildLine): void {
  const bytes = encoder.encode(JSON.stringify(line) + "\n");
  for (let done = 0; done < bytes.length;) {
    done += Deno.stdout.writeSync(bytes.subarray(done));
  }
}

/** Reads one input, and says what is wrong with how that went. */
async function tryInput(
  target: Target,
  bytes: Uint8Array,
  folder: string,
): Promise<string | undefined> {
  const peak = createPeakMeter(), start = cpuUsage();
  try {
    await target.read(bytes, folder);
  } catch (error) {
    return error instanceof Error
      ? error.stack ?? error.message
      : `thrown: ${error}`;
  }
  const { user, system } = cpuUsage(start), memory = peak();
  const time = (user + system) / 1000;
  if (time > slowest) return `${Math.round(time)} ms`;
  if (memory > mostBytes) return `${Math.round(memory / 2 ** 20)} MB`;
  return undefined;
}

/** A target, and where it stands. */
interface Ready {
  readonly name: string;
  readonly target: Target;
  readonly folder: string;
  /** Names its streams: its place among all targets. */
  readonly stream: number;
  readonly seeds: readonly Uint8Array[];
  input: number;
}

async function prepare(
  name: string,
  folder: string,
  input: number,
): Promise<Ready> {
  await Deno.mkdir(folder);
  const target = targets[name]!, stream = Object.keys(targets).indexOf(name);
  const seeds = await target.seeds(folder);
  return { name, target, folder, stream, seeds, input };
}

async function readNext(ready: Ready): Promise<void> {
  const { name, target, folder, stream, seeds } = ready, input = ready.input++;
  report({ begin: name, input });
  const bytes = inputOf(target, seeds, createRandom(input, stream));
  const found = await tryInput(target, bytes, folder);
  if (found !== undefined) report({ found, target: name, input });
}

async function work({ starts, seconds, only }: ChildJob): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "unet-fuzz-" });
  const now = (): number => performance.now();
  const all: Ready[] = [];
  for (const [name, input] of Object.entries(starts)) {
    all.push(await prepare(name, `${root}/${name}`, input));
  }
  const end = now() + 1000 * seconds;
  do {
    for (const ready of all) {
      const until = now() + turn;
      do await readNext(ready); while (!only && now() < until);
    }
  } while (!only && now() < end);
  report({ isDone: true });
  await Deno.remove(root, { recursive: true });
}

if (import.meta.main) await work(JSON.parse(Deno.args[0]!));
