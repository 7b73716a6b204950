/**
 * Scores a model before and after `unet train --recipe finetune` on few images
 * of a data set, over several draws: `deno task bench finetune`, of which
 * README.md says more.
 */
// deno-lint-ignore-file no-console
import { fromFileUrl, join } from "@std/path";
import { type DataSource, readRoles } from "@unet/app";
import { cannot, count, DeviceError, onOneLine } from "@unet/errors";
import { parseJson, writeFile } from "@unet/files";
import { drawImages, type FinetuneDraw } from "./finetune_draws.ts";
import {
  type FinetuneRun,
  type FinetuneScores,
  finetuneTable,
  toFinetuneResults,
} from "./finetune_results.ts";
import {
  type FinetuneSettings,
  readFinetuneSettings,
} from "./finetune_settings.ts";
import { isAmong, runsBefore } from "./finetune_resume.ts";
import { thisMachine } from "./machine.ts";
import { runOurs } from "./run_process.ts";
import type { TimedRun } from "./time_process.ts";

/** The command line, and the folder that people run it in. */
const start = fromFileUrl(
  new URL("start.ts", import.meta.resolve("@unet/cli")),
);
const root = join(start, "..", "..");

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DatasetError} If there are too few images.
 * @throws {DeviceError} If a training fails, or cannot be scored.
 */
export async function benchFinetune(args: readonly string[]): Promise<void> {
  const settings = readFinetuneSettings(args, navigator.hardwareConcurrency);
  const { draws, leftOut } = drawImages(
    settings,
    await readRoles(settings.roles),
  );
  const date = new Date().toISOString();
  const runs = settings.resume ? await runsBefore(settings) : [];
  const before = new Map(runs.map((run) => [run.source, run.before]));
  for (const line of leftOut) console.error(line);
  for (const each of draws.filter((draw) => !isAmong(runs, draw))) {
    const { source } = each;
    const own = before.get(source.name) ??
      await score(settings, source, settings.model);
    before.set(source.name, own);
    const run = await trainOn(settings, each, own);
    console.error(describeRun(run));
    runs.push(run);
    // After each, so that an end before the last one loses none.
    if (settings.out !== null) await save(settings, { date, runs });
  }
  if (settings.json) console.log(JSON.stringify(runs, null, 2));
  else print(settings, { date, runs });
}

interface DatedRuns {
  readonly date: string;
  readonly runs: readonly FinetuneRun[];
}

function print(settings: FinetuneSettings, { date, runs }: DatedRuns): void {
  const { cpu, cores } = thisMachine();
  const { model, trainRole, scoreRole, threads, flags } = settings;
  const own = flags.length === 0 ? "" : ` ${flags.join(" ")}`;
  console.log(`${date}, ${cpu}, ${count(cores, "core")}`);
  console.log(
    `model ${model}, train --recipe finetune${own} on images of role ` +
      `${trainRole}, scored on those of role ${scoreRole}, ` +
      `${count(threads, "thread")}\n`,
  );
  for (const line of finetuneTable(toFinetuneResults(runs))) console.log(line);
}

async function save(
  settings: FinetuneSettings,
  { date, runs }: DatedRuns,
): Promise<void> {
  const { model, trainRole, scoreRole, seed, threads, flags } = settings;
  const report = {
    ...{ date, machine: thisMachine(), versions: { deno: Deno.version.deno } },
    ...{ model, trainRole, scoreRole, seed, threads, flags },
    ...{ results: toFinetuneResults(runs), runs },
  };
  await writeFile(
    settings.out!,
    JSON.stringify(report, null, 2) + "\n",
    "results",
  );
}

/** A run as a line, as in "cells, 3 images, draw 1: F1 0.551 → 0.702, …". */
function describeRun(
  { source, ids, draw, before, after, seconds }: FinetuneRun,
): string {
  const change = (name: "f1" | "ap50"): string =>
    `${before[name].toFixed(3)} → ${after[name].toFixed(3)}`;
  return `${source}, ${count(ids.length, "image")}, draw ${draw}: ` +
    `F1 ${change("f1")}, AP50 ${change("ap50")}, ` +
    `${(seconds / 60).toFixed(1)} min`;
}

/** Trains on what was drawn, in a folder of its own, and scores the result. */
async function trainOn(
  settings: FinetuneSettings,
  { source, ids, draw }: FinetuneDraw,
  before: FinetuneScores,
): Promise<FinetuneRun> {
  const folder = await Deno.makeTempDir({ prefix: "unet-bench-" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const roles = join(folder, "drawn.json"), out = join(folder, "run");
  await writeFile(roles, JSON.stringify({ [source.name]: { train: ids } }));
  const { seconds } = await runUnet(settings, [
    ...["train", "--recipe", "finetune", "--weights", settings.model],
    ...["--data", `${source.name}=${source.path}`, "--roles", roles],
    // All of the drawn images train; none of another role is looked at.
    ...["--validation", "0", "--seed", String(draw), "--out", out],
    ...settings.flags,
  ]);
  const after = await score(settings, source, out);
  return { source: source.name, draw, ids, seconds, before, after };
}

/** Scores a model on the images that are for it. */
async function score(
  settings: FinetuneSettings,
  { name, path }: DataSource,
  model: string,
): Promise<FinetuneScores> {
  const { roles, scoreRole } = settings;
  const { lines } = await runUnet(settings, [
    ...["evaluate", "--model", model, "--data", `${name}=${path}`, "--json"],
    ...["--roles", roles, "--role", scoreRole],
  ]);
  const scores = parseJson(lines.join("\n")) as {
    readonly images: number;
    readonly pixels: { readonly f1: number };
    readonly instances: { readonly ap50: number } | null;
  };
  if (scores.instances) {
    const { images, pixels: { f1 }, instances: { ap50 } } = scores;
    return { images, f1, ap50 };
  }
  throw new DeviceError(
    cannot("score", "model", onOneLine(model), {
      found: "no objects among what was scored",
      expected: "a model of objects, and images whose masks have some",
    }),
  );
}

/** Runs a command of the program as people do. */
async function runUnet(
  { device, threads }: FinetuneSettings,
  args: readonly string[],
): Promise<TimedRun> {
  const command = [
    ...[Deno.execPath(), "run", "-q", "-P=unet", start, ...args],
    ...(device === null ? [] : ["--device", device]),
  ];
  const request = JSON.stringify({ command, cwd: root });
  return await runOurs("time_process.ts", [request], threads) as TimedRun;
}
