/**
 * Measures one device once: takes a measurement as JSON and prints one line
 * of JSON. `devices.ts` runs it in a process of its own, so that the memory is
 * that of the one measurement.
 */
// deno-lint-ignore-file no-console
import { openDevice, type Precision } from "@unet/device";
import { summarize } from "@unet/model";
import process from "node:process";
import { inferSteps } from "./infer_steps.ts";
import { afterWarmUp, type Measured, type Measurement } from "./measurement.ts";
import { profileKernels } from "./profile_kernels.ts";
import { profileTrace } from "./profile_trace.ts";
import { trainSteps } from "./train_steps.ts";
import { recipeOf } from "./training_recipe.ts";

/**
 * Does a measurement in this process.
 *
 * @param measurement What to measure.
 */
export async function measureDevice(
  measurement: Measurement,
): Promise<Measured> {
  const { name, mode, warmUp } = measurement;
  await using stack = new AsyncDisposableStack();
  const device = await openDevice(name, {
    precision: measurement.precision === "int8"
      ? "float32"
      : measurement.precision as Precision,
  });
  stack.defer(() => device.close());
  const recipe = await recipeOf(measurement);
  const profile = measurement.profile
    ? device.trace ? profileTrace(device.trace) : profileKernels(device.name)
    : null;
  if (profile) stack.defer(() => profile.stop());
  const model = await recipe.createModel();
  stack.defer(() => model.dispose());
  const onStep = (done: number): void => {
    if (done === warmUp) profile?.clear();
  };
  const all = mode === "train"
    ? await trainSteps(measurement, { recipe, model, device, onStep })
    : await inferSteps(measurement, { model, onStep });
  const seconds = afterWarmUp(all, measurement);
  // A run that was cut short in its warm-up has the kernels of all its steps.
  const profiled = all.length > warmUp ? seconds : all;
  const elapsed = profiled.reduce((sum, value) => sum + value, 0);
  return {
    version: device.version,
    parameters: summarize(model.plan).parameters,
    seconds,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    ...(profile && { kernels: profile.shares(elapsed) }),
  };
}

if (import.meta.main) {
  const measurement: Measurement = JSON.parse(Deno.args[0]!);
  console.log(JSON.stringify(await measureDevice(measurement)));
}
