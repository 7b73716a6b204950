import type { MeasuredDevice } from "./_remembered_devices.ts";

/**
 * Devices that compute on the processor, in the order of their speed wherever
 * it was measured without other work. Programs that take the processor's time
 * slow those with several threads most, which turns the order around.
 */
const onProcessor = ["onednn", "tensorflow", "wasm", "cpu"];

/** How many times the speed of the other outweighs that order. */
const clearly = 1.5;

/** A device as far as the choice depends on it. */
export type Candidate = Pick<MeasuredDevice, "name" | "gflops" | "hardware">;

/**
 * Whether `auto` takes one device rather than another: the faster one. Of two
 * that compute on the processor, the measurement decides only where it is clear.
 *
 * @param one A device.
 * @param other Another one.
 * @param isBusy Whether others took the processor's time while it was measured;
 * then no measurement of it is clear.
 */
export function isPreferred(
  one: Candidate,
  other: Candidate,
  isBusy = false,
): boolean {
  const [own, others] = [rankOf(one), rankOf(other)];
  if (own === null || others === null) return one.gflops > other.gflops;
  const ratio = one.gflops / other.gflops;
  if (!isBusy && ratio > clearly) return true;
  if (!isBusy && ratio < 1 / clearly) return false;
  return own < others;
}

/** The device to take of those measured; at least one. */
export function preferredOf<Device extends Candidate>(
  measured: readonly Device[],
): Device {
  return measured.reduce((best, each) => isPreferred(each, best) ? each : best);
}

/** Its place in the order; null where it computes on something else. */
function rankOf({ name, hardware }: Candidate): number | null {
  if (name === "tensorflow" && !hardware.startsWith("CPU")) return null;
  const place = onProcessor.indexOf(name);
  return place < 0 ? null : place;
}
