import { setBackend } from "@tensorflow/tfjs-core";
import { cannot, DeviceError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { formatSpeed } from "./_format_speed.ts";
import { isPreferred, preferredOf } from "./_is_preferred.ts";
import { isStarved as isStarvedNow } from "./_is_starved.ts";
import {
  type Comparison,
  isOutOfReach,
  type MeasuredDevice,
  recallDevices,
  rememberDevices,
  stampDevice,
} from "./_remembered_devices.ts";
import {
  type Fault,
  handle,
  release,
  type Running,
  running,
  tryDevice,
  type TryOptions,
} from "./_running_devices.ts";
import { tryApart } from "./_try_apart.ts";
import type { Device, PassedOver } from "./device.ts";
import type { DeviceDriver } from "./driver.ts";

/** Where a driver comes from. */
export type FindDriver = (name: string) => Promise<DeviceDriver>;

/** What is opened, and how. */
export interface OpenFastestOptions extends Omit<TryOptions, "gflops"> {
  /** The devices to choose from. */
  readonly names: readonly string[];
  /** Loads the driver of one. */
  readonly driverOf: FindDriver;
  /** Whether what is measured now says little; judged by a moment's work. */
  readonly isStarved?: () => boolean;
}

/**
 * Opens the fastest device: the one that an earlier start found, if that still
 * holds and it still computes right numbers, else the fastest of all, which are
 * tried one after the other.
 *
 * @throws {DeviceError} If none works.
 */
export async function openFastest(
  options: OpenFastestOptions,
): Promise<Device> {
  const known = await recallDevices(options.precision);
  if (!known) return await compare(options);
  const best = preferredOf(known.measured);
  const opened = await reopen(known, best, options);
  if (typeof opened !== "string") return opened;
  const device = await compare(options);
  if (device.name === best.name) return device;
  const note = `instead of ${best.name} as before (${opened})`;
  return { ...device, choiceNote: note };
}

/** Opens what was taken before, or says why it is not as it was. */
async function reopen(
  known: Comparison,
  best: MeasuredDevice,
  { driverOf, precision, timeLimit }: OpenFastestOptions,
): Promise<Device | string> {
  const { gflops, version, hardware } = best;
  const driver = await driverOf(best.name);
  const device = await tryDevice(driver, { precision, timeLimit, gflops });
  if ("fault" in device) return device.fault;
  if (device.version === version && device.hardware === hardware) {
    return handle(device, passedOver(known, best));
  }
  await release(device);
  return `${device.version} instead of ${version}`;
}

/** Tries every device, opens the fastest, and notes what was found. */
async function compare(options: OpenFastestOptions): Promise<Device> {
  const { names, driverOf, precision, isStarved = isStarvedNow } = options;
  const stamps: Record<string, string> = {};
  const measured: MeasuredDevice[] = [], absent: PassedOver[] = [];
  let best: Running | null = null, isLasting = true, isBusy = false;
  for (const each of names) {
    const driver = await driverOf(each);
    const stamped = await stampDevice(driver);
    Object.assign(stamps, stamped);
    isLasting &&= stamped !== null;
    const device = await tryByItself(driver, options);
    isBusy ||= isStarved();
    if ("fault" in device) {
      absent.push({ name: driver.name, reason: device.fault });
      isLasting &&= device.isLasting ?? false;
      continue;
    }
    const { name, gflops, version, hardware } = device;
    measured.push({ name, gflops, version, hardware });
    if (best && !isPreferred(device, best, isBusy)) {
      await release(device);
      continue;
    }
    if (best) await release(best);
    best = device;
  }
  if (!best) throw noneWorks(absent);
  const found = { measured, absent };
  // What failed, and may not fail the next time, is tried again then; so is
  // what was measured while other programs took the processor's time.
  if (isLasting && !isBusy) await rememberDevices(found, stamps, precision);
  // The current backend is the last one tried, which may be closed by now.
  await setBackend(best.name);
  const device = handle(best, passedOver(found, best));
  return isBusy && measured.length > 1
    ? { ...device, choiceNote: "chosen by rank, as the processor is busy" }
    : device;
}

/** Opens a device that nobody asked for, or reports why not. */
async function tryByItself(
  driver: DeviceDriver,
  options: TryOptions,
): Promise<Running | Fault> {
  const { name, isNative } = driver;
  const { precision, timeLimit = Infinity } = options;
  if (!running.has(name)) {
    const absence = await probeByItself(driver);
    if (absence) return absence;
    const failure = isNative && await tryApart({ name, precision }, timeLimit);
    if (failure) return { fault: failure };
  }
  return await tryDevice(driver, { precision, timeLimit });
}

/** What keeps a device that nobody asked for from being tried. */
async function probeByItself(driver: DeviceDriver): Promise<Fault | null> {
  try {
    const fault = await driver.probe() ?? await driver.whyNotByItself?.();
    return fault ? { fault, isLasting: true } : null;
  } catch (cause) {
    if (isOutOfReach(cause)) {
      return { fault: describeSystemFault(cause), cause };
    }
    throw cause;
  }
}

/** The devices that were not taken, and why. */
function passedOver(
  { measured, absent }: Comparison,
  best: Pick<MeasuredDevice, "name" | "gflops">,
): PassedOver[] {
  const slower = measured.filter(({ name }) => name !== best.name)
    .map(({ name, gflops }) => ({
      name,
      reason: `${gflops < best.gflops ? "slower, " : ""}${formatSpeed(gflops)}`,
    }));
  return [...absent, ...slower];
}

function noneWorks(absent: readonly PassedOver[]): DeviceError {
  const faults = absent.map(({ name, reason }) => `${name}: ${reason}`);
  return new DeviceError(
    cannot("open", "device", "auto", {
      found: `none that works (${faults.join("; ")})`,
    }),
  );
}
