import { brief, cannot, TrainingError, UsageError } from "@unet/errors";
import { resolve } from "@std/path";
import {
  type DataSource,
  isDataSetting,
  resolveData,
  sourcesOf,
} from "../settings/data_sources.ts";
import type { Part } from "./evaluate.ts";

/**
 * The sources that a run was trained on.
 *
 * @param settings What the run stores.
 * @param path The file, for messages.
 * @returns The sources; none where the program drew the images.
 * @throws {TrainingError} If the run stores something else.
 */
export function sourcesOfRun(
  { data = null }: Readonly<Record<string, unknown>>,
  path: string,
): readonly DataSource[] {
  if (isDataSetting(data)) return sourcesOf(data);
  throw new TrainingError(cannot("evaluate by", "run's settings", path, {
    found: `"data" with ${brief(JSON.stringify(data))}`,
    expected: "content that train wrote",
  }));
}

/** Whether one of the sources is one that a run was trained on. */
export function areOfRun(
  sources: readonly DataSource[],
  trained: readonly DataSource[],
): boolean {
  return sources.some((one) => ofPath(one, trained) !== undefined);
}

/**
 * Sources as a run calls them, whose split names images by them: each is the
 * run's source with its path, else, as after a move, that with its name.
 *
 * @param sources What a person names.
 * @param trained What the run was trained on.
 * @param part The part of the split that is scored, for messages.
 * @throws {UsageError} If one is no source of the run, or two are the same.
 */
export function asRunCalls(
  sources: readonly DataSource[],
  trained: readonly DataSource[],
  part: Part,
): readonly DataSource[] {
  // One data set needs no name: its images are known by their ids.
  if (trained.length <= 1 && sources.length === 1) return sources;
  const named = sources.map((source) => {
    const own = ofPath(source, trained) ??
      trained.find(({ name }) => name === source.name);
    if (own) return { name: own.name, path: source.path };
    const names = trained.map(({ name }) => name).join(", ");
    throw new UsageError(cannot("evaluate", "part", part, {
      found: `data set "${source.name}" (${source.path})`,
      expected: names === "" ? "one data set" : `those of the run: ${names}`,
      ...(names !== "" && {
        remedy: "`data NAME=PATH` gives a data set the name that it has there",
      }),
    }));
  });
  return sourcesOf(resolveData(named));
}

function ofPath(
  { path }: DataSource,
  trained: readonly DataSource[],
): DataSource | undefined {
  return trained.find((one) => resolve(one.path) === resolve(path));
}
