import { findBackend, getBackend, setBackend } from "@tensorflow/tfjs-core";
import { cannot, DeviceError } from "@unet/errors";
import type { DeviceName, PassedOver, Precision } from "./device.ts";
import { isStarved } from "./_is_starved.ts";
import { noAnswer } from "./_no_answer.ts";
import { openOne } from "./_open_one.ts";
import {
  isOutOfReach,
  type MeasuredDevice,
  rememberDevices,
  stampDevice,
} from "./_remembered_devices.ts";
import { tryApart } from "./_try_apart.ts";
import { devices, driverOf } from "./devices.ts";
import type { DeviceDriver } from "./driver.ts";
import { requiredKernels } from "./required_kernels.ts";

/**
 * A device on this machine: its hardware and libraries, or why it does not
 * work.
 */
export interface DeviceReport {
  /** Its name. */
  readonly name: DeviceName;
  /** Whether it opened and computed the right numbers. */
  readonly available: boolean;
  /** Why it is not available; else empty. */
  readonly reason: string;
  /** The library that computes, and its version; empty if not available. */
  readonly version: string;
  /** What it computes on; empty if not available. */
  readonly hardware: string;
  /** What it can compute with. */
  readonly precisions: readonly Precision[];
  /** The kernels that it lacks, of those that models and training call. */
  readonly missingKernels: readonly string[];
  /** 10⁹ floating-point operations a second in a convolution; or 0. */
  readonly gflops: number;
}

/**
 * Tries every device: opens it, computes a little, closes it. The device that
 * was current stays so, with its tensors. What was measured is noted in the
 * user's cache, for `openDevice("auto")`, unless other programs took the
 * processor's time meanwhile.
 *
 * @returns One report a device.
 *
 * @example
 * ```ts
 * import { listDevices } from "@unet/device";
 * import { assert } from "@std/assert";
 *
 * const reports = await listDevices();
 * assert(reports.some(({ name, available }) => name === "wasm" && available));
 * ```
 */
export async function listDevices(): Promise<DeviceReport[]> {
  const current = getBackend();
  const reports: DeviceReport[] = [];
  const stamps: Record<string, string> = {};
  const measured: MeasuredDevice[] = [], absent: PassedOver[] = [];
  let isDisturbed = false;
  for (const name of devices) {
    const driver = await driverOf(name);
    const stamped = await stampDevice(driver);
    Object.assign(stamps, stamped);
    const found = await report(driver);
    reports.push(found);
    isDisturbed ||= isStarved();
    const reason = await whyNotByItself(driver);
    // What the program may not look at, or failed, is no ground for a choice.
    if (stamped === null) continue;
    if (reason !== null) absent.push({ name, reason });
    else if (found.available) measured.push(found);
  }
  const isWhole = measured.length + absent.length === devices.length;
  if (isWhole && measured.length > 0 && !isDisturbed) {
    await rememberDevices({ measured, absent }, stamps);
  }
  if (current && findBackend(current)) await setBackend(current);
  return reports;
}

/** What lasts that keeps `auto` from a device; null if nothing does. */
async function whyNotByItself(driver: DeviceDriver): Promise<string | null> {
  try {
    return await driver.probe() ?? await driver.whyNotByItself?.() ?? null;
  } catch (cause) {
    if (cause instanceof DeviceError || isOutOfReach(cause)) return null;
    throw cause;
  }
}

/** Seconds that a device has to answer. */
const patience = 60;

async function report(driver: DeviceDriver): Promise<DeviceReport> {
  const { name, precisions, isNative } = driver;
  try {
    if (isNative) await refuseToHang(name);
    const device = await openOne(driver);
    const { version, hardware, missingKernels, gflops } = device;
    await device.close();
    return {
      name,
      available: true,
      reason: "",
      version,
      hardware,
      precisions,
      missingKernels,
      gflops,
    };
  } catch (cause) {
    if (!(cause instanceof DeviceError)) throw cause;
    return {
      name,
      available: false,
      reason: cause.message,
      version: "",
      hardware: "",
      precisions,
      missingKernels: requiredKernels,
      gflops: 0,
    };
  }
}

async function refuseToHang(name: DeviceName): Promise<void> {
  const found = await tryApart({ name }, patience);
  if (found !== noAnswer(patience)) return;
  throw new DeviceError(cannot("open", "device", name, { found }));
}
