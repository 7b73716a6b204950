import { resolve } from "@std/path";
import {
  type DataSource,
  parseSources,
  resolveData,
  sourcesOf,
} from "@unet/app";
import { readFlags, wrong } from "./read_flags.ts";

/** What `deno task bench finetune` was asked to do. */
export interface FinetuneSettings {
  /** The data sets, each trained on and scored alone. */
  readonly sources: readonly DataSource[];
  /** The file that gives images roles, its path whole. */
  readonly roles: string;
  /** The role of the images that are drawn to train on. */
  readonly trainRole: string;
  /** The role of the images that are scored. */
  readonly scoreRole: string;
  /** How many images to train on, one training each. */
  readonly images: readonly number[];
  /** How often as many images are drawn. */
  readonly draws: number;
  /** The seed of the draws. */
  readonly seed: number;
  /** The model to start from, as `unet train --weights` takes it. */
  readonly model: string;
  /** The device; what the program chooses if null. */
  readonly device: string | null;
  /** Threads that compute. */
  readonly threads: number;
  /** Other flags of `unet train`. */
  readonly flags: readonly string[];
  /** Whether to print JSON. */
  readonly json: boolean;
  /** The file for results, if any. */
  readonly out: string | null;
  /** Whether trainings that this file has are not made again. */
  readonly resume: boolean;
}

/**
 * Reads the command line of `deno task bench finetune`; what comes after `--`
 * goes to `unet train`.
 *
 * @param args The arguments.
 * @param cores The threads to use if none are named.
 * @throws {UsageError} If a flag or its value is not allowed.
 */
export function readFinetuneSettings(
  args: readonly string[],
  cores: number,
): FinetuneSettings {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const flags = readFlags(args.slice(0, end), {
    switches: ["json", "resume"],
    values: [
      ...["roles", "train-role", "score-role", "images", "draws", "seed"],
      ...["model", "device", "threads", "out"],
    ],
    lists: ["data"],
  });
  const data = flags.texts("data"), roles = flags.text("roles");
  if (data.length === 0) throw wrong("data", undefined, "a folder or zip");
  if (roles === undefined) throw wrong("roles", undefined, "a file of roles");
  const trainRole = flags.text("train-role") ?? "finetune";
  const scoreRole = flags.text("score-role") ?? "watched";
  if (trainRole === scoreRole) {
    throw wrong("score-role", scoreRole, "another role than that to train on");
  }
  const resume = flags.on("resume"), out = flags.text("out") ?? null;
  if (resume && out === null) throw wrong("out", undefined, "a file to resume");
  return {
    sources: sourcesOf(resolveData(parseSources(data))),
    roles: resolve(roles),
    ...{ trainRole, scoreRole },
    images: readImages(flags.text("images") ?? "3,6,9"),
    draws: flags.count("draws", 3),
    seed: readSeed(flags.text("seed") ?? "0"),
    model: flags.text("model") ?? "nuclei",
    device: flags.text("device") ?? null,
    threads: flags.count("threads", cores),
    flags: args.slice(end + 1),
    json: flags.on("json"),
    ...{ out, resume },
  };
}

function readImages(text: string): number[] {
  const numbers = text.split(",").map(Number);
  const isFine = numbers.every((one, at) =>
    Number.isSafeInteger(one) && one >= 1 && numbers.indexOf(one) === at
  );
  if (isFine) return numbers;
  throw wrong("images", text, "different whole numbers from 1, as in 3,6");
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw wrong("seed", text, "a whole number from 0");
}
