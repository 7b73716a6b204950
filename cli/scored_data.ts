import { join } from "@std/path";
import { type MaskOptions, maskReadings } from "@unet/data";
import { brief, cannot, TrainingError } from "@unet/errors";
import { openRun } from "@unet/train";
import type { Flags } from "./flags.ts";
import {
  describeMaskOptions,
  isBackground,
  maskOptionsOf,
} from "./mask_flags.ts";

/** What a network is scored on. */
export interface ScoredData {
  /** The folder or zip. */
  readonly path: string;
  /** What the numbers of its masks mean. */
  readonly masks: MaskOptions;
}

/**
 * The data that the flags name, or else those that the run was trained on;
 * masks of a run's own data are read as it read them, unless flags say how.
 *
 * @param flags The command line of evaluate.
 * @param say Given the line that says so, if the run decides.
 * @throws {UsageError} If no data are named.
 */
export async function scoredDataOf(
  flags: Flags,
  say: (line: string) => void,
): Promise<ScoredData> {
  const isPart = flags.text("part") !== "all";
  const run = flags.text("run") ?? (isPart ? flags.text("model") : undefined);
  const asked = maskOptionsOf(flags);
  if (run === undefined || !isPart && flags.given("data")) {
    return { path: flags.required("data"), masks: asked };
  }
  const config = (await openRun(run)).config as {
    readonly settings?: Record<string, unknown>;
  };
  const settings = config.settings ?? {};
  // A run on drawn images names no data.
  const path = flags.text("run") === undefined || flags.given("data") ||
      typeof settings.data !== "string"
    ? flags.required("data")
    : settings.data;
  const kept = masksOf(settings, join(run, "config.json"));
  const taken = Object.fromEntries(
    Object.entries(kept).filter(([name, value]) =>
      !flags.given(name) && String(value) !== String(asked[name as "mask"])
    ),
  );
  const said = describeMaskOptions(taken);
  if (said !== "") say(`Reading masks as the run did: ${said}`);
  return { path, masks: { ...asked, ...taken } };
}

/** How a run read masks; runs of earlier versions do not say. */
function masksOf(
  { mask, background }: Record<string, unknown>,
  path: string,
): MaskOptions {
  const bad = (name: string, value: unknown) =>
    new TrainingError(cannot("evaluate by", "run's settings", path, {
      found: `"${name}" with ${brief(JSON.stringify(value) ?? "no value")}`,
      expected: "what train wrote",
    }));
  const reading = maskReadings.find((one) => one === mask);
  if (mask !== undefined && !reading) throw bad("mask", mask);
  const isList = Array.isArray(background) && background.length > 0 &&
    background.every(isBackground);
  if (background !== undefined && !isList) throw bad("background", background);
  return {
    ...(reading && { mask: reading }),
    ...(isList && { background }),
  };
}
