import { summarize } from "@unet/model";
import type { DevicesSettings } from "./devices_settings.ts";
import type { MeasurableDevice } from "./measurable_device.ts";
import type { Measurement } from "./measurement.ts";
import { type PeerName, peerOf } from "./peers.ts";
import type { Mode, Shape } from "./shapes.ts";

/** Seconds that a step may be expected to take, for it to be tried unasked. */
const longestStep = 15;

/** What will be measured, and what not. */
export interface MeasurementPlan {
  /** In order: for each shape and mode, ours beside the peers. */
  readonly measurements: readonly Measurement[];
  /** What is left out, and why, as lines to print. */
  readonly leftOut: readonly string[];
}

/**
 * Lays out a run. Ours and the peers' of one shape and mode follow one
 * another, so that a machine whose speed drifts is as kind to one as to the
 * other. What is not asked for by name and cannot be measured, or would take
 * long, is left out.
 *
 * @param settings What was asked for.
 * @param devices The devices to measure, which are available.
 */
export function planMeasurements(
  settings: DevicesSettings,
  devices: readonly MeasurableDevice[],
): MeasurementPlan {
  const leftOut = devices.flatMap((device) => lacking(settings, device));
  const measurements = settings.shapes.flatMap((shape) =>
    shape.modes.flatMap((mode) => {
      const base = baseOf(settings, shape, mode);
      const ours = devices.flatMap((device) => {
        const slow = whyTooSlow(settings, device, base);
        if (slow === null) return oursOf(settings, device, base);
        leftOut.push(slow);
        return [];
      });
      const theirs = settings.peers
        .flatMap((name) => theirsOf(settings, name, base));
      return [...ours, ...theirs];
    })
  );
  return { measurements, leftOut };
}

type Base = Omit<Measurement, "side" | "name" | "precision">;

function baseOf(
  { steps, threads }: DevicesSettings,
  { width, size, batch }: Shape,
  mode: Mode,
): Base {
  return {
    ...{ mode, batch, width, size, steps, threads },
    ...{ recipe: "plain", loader: "fixed", profile: false },
    ...{ warmUp: 2, limit: 60 },
  };
}

/** The precisions that were asked for and that a device lacks, in words. */
function lacking(
  { precision }: DevicesSettings,
  { name, lacking, precisions }: MeasurableDevice,
): string[] {
  if (precision === null) {
    return lacking.map((each) => `${name}: ${each.precision}: ${each.reason}`);
  }
  if (precisions.includes(precision)) return [];
  const reason = lacking.find((each) => each.precision === precision)?.reason;
  return [`${name}: ${precision}: ${reason ?? "the device has none"}`];
}

/** Why a device is not measured unasked; null where it is. */
function whyTooSlow(
  settings: DevicesSettings,
  { name, gflops }: MeasurableDevice,
  { mode, batch, width, size }: Base,
): string | null {
  if (settings.device !== null) return null;
  const { flop } = summarize({ width }, { height: size, width: size });
  // A training step computes the forward pass thrice over.
  const seconds = batch * flop * (mode === "train" ? 3 : 1) / gflops / 1e9;
  if (seconds <= longestStep) return null;
  const length = seconds < 100
    ? `${Math.round(seconds)} seconds`
    : `${Math.round(seconds / 60)} minutes`;
  return `${name}, ${mode} at width ${width}, ${size}×${size}, batch ${batch}: ` +
    `a step would take about ${length} (--device ${name} does it all the same)`;
}

function oursOf(
  settings: DevicesSettings,
  { name, precisions }: MeasurableDevice,
  base: Base,
): Measurement[] {
  const { precision, profile } = settings;
  return precisions
    .filter((each) => precision === null || each === precision)
    .filter((each) => each !== "int8" || base.mode === "infer")
    .flatMap((precision) =>
      stepsOf(settings, base).flatMap((step): Measurement[] => {
        const one = {
          ...base,
          ...step,
          side: "device",
          name,
          precision,
        } as const;
        const isProfiled = profile && step.loader === "fixed";
        return isProfiled ? [one, { ...one, profile: true }] : [one];
      })
    );
}

type StepKind = Pick<Measurement, "recipe" | "loader">;

/** The kinds of step: by each recipe the fixed loader, then the live one. */
function stepsOf(
  { standard, live }: DevicesSettings,
  { mode }: Base,
): StepKind[] {
  if (mode === "infer") return [{ recipe: "plain", loader: "fixed" }];
  const recipes = standard
    ? ["plain", "standard"] as const
    : ["plain"] as const;
  const loaders = live ? ["fixed", "live"] as const : ["fixed"] as const;
  return recipes.flatMap((recipe) =>
    loaders.map((loader) => ({ recipe, loader }))
  );
}

function theirsOf(
  { precision }: DevicesSettings,
  name: PeerName,
  base: Base,
): Measurement[] {
  return peerOf(name).precisions[base.mode]
    // Nothing of ours is compared with it then.
    .filter((each) => each !== "int8" || (precision ?? "int8") === "int8")
    .map((precision) => ({ ...base, side: "peer", name, precision }));
}
