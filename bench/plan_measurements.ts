import type { DeviceReport } from "@unet/device";
import { summarize } from "@unet/model";
import type { DevicesSettings } from "./devices_settings.ts";
import type { Measurement } from "./measurement.ts";

/** Seconds that a step may be expected to take, for it to be tried unasked. */
const longestStep = 600;

/** What will be measured, and what not. */
export interface MeasurementPlan {
  /** In order: for each mode and batch, ours beside the peers. */
  readonly measurements: readonly Measurement[];
  /** What is left out, and why, as lines to print. */
  readonly leftOut: readonly string[];
}

/**
 * Lays out a run. Ours and the peers' of one mode and batch follow one
 * another, so that a machine whose speed drifts is as kind to one as to the
 * other. A device that is not asked for by name and would take very long is
 * left out.
 *
 * @param settings What was asked for.
 * @param devices The devices to measure, which are available.
 */
export function planMeasurements(
  settings: DevicesSettings,
  devices: readonly DeviceReport[],
): MeasurementPlan {
  const { batches, width, size, steps, threads, mode, peers } = settings;
  const { flop } = summarize({ width }, { height: size, width: size });
  const modes = (["train", "infer"] as const)
    .filter((each) => mode === null || each === mode);
  const { precision } = settings;
  const leftOut = devices
    .filter((device) =>
      precision !== null && !precisionsOf(device).includes(precision)
    )
    .map(({ name }) => `${name}: no ${precision} precision`);
  const measurements = modes.flatMap((mode) =>
    batches.flatMap((batch) => {
      const base: Base = {
        ...{ mode, batch, width, size, steps, threads },
        ...{ loader: "fixed", warmUp: 2, limit: 60, profile: false },
      };
      const ours = devices.flatMap((device) => {
        // A training step computes the forward pass thrice over.
        const work = batch * flop * (mode === "train" ? 3 : 1);
        const seconds = work / device.gflops / 1e9;
        if (settings.device === null && seconds > longestStep) {
          leftOut.push(
            `${device.name}, ${mode} at batch ${batch}: a step would take about ${
              Math.round(seconds / 60)
            } minutes (--device ${device.name} does it all the same)`,
          );
          return [];
        }
        return oursOf(settings, device, base);
      });
      const theirs = peers.flatMap((name) =>
        (name === "torch-compile" ? ["float32"] : ["float32", "bf16"]).map(
          (precision): Measurement => ({
            ...base,
            side: "peer",
            name,
            precision,
          }),
        )
      );
      return [...ours, ...theirs];
    })
  );
  return { measurements, leftOut };
}

type Base = Omit<Measurement, "side" | "name" | "precision">;

/**
 * What can be measured on a device. Eight bits are no precision of a device's:
 * it multiplies in them where it is told how large numbers get.
 */
export function precisionsOf(
  { name, precisions }: Pick<DeviceReport, "name" | "precisions">,
): readonly string[] {
  return name === "onednn" ? [...precisions, "int8"] : precisions;
}

function oursOf(
  { precision, live, profile }: DevicesSettings,
  device: DeviceReport,
  base: Base,
): Measurement[] {
  const { name } = device;
  return precisionsOf(device)
    .filter((each) => precision === null || each === precision)
    .filter((each) => each !== "int8" || base.mode === "infer")
    .flatMap((precision) => {
      const fixed = { ...base, side: "device", name, precision } as const;
      const isLive = live && base.mode === "train";
      return [
        fixed,
        ...(isLive ? [{ ...fixed, loader: "live" } as const] : []),
        ...(profile ? [{ ...fixed, profile: true }] : []),
      ];
    });
}
