import { findBackend, getBackend, setBackend } from "@tensorflow/tfjs-core";
import { cannot, DeviceError } from "@unet/errors";
import type { DeviceName, Precision } from "./device.ts";
import { noAnswer } from "./_no_answer.ts";
import { tryApart } from "./_try_apart.ts";
import { drivers } from "./devices.ts";
import type { DeviceDriver } from "./driver.ts";
import { openDevice } from "./open_device.ts";
import { requiredKernels } from "./required_kernels.ts";

/** What is known of a device on this machine. */
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
 * was current stays so, with its tensors.
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
  for (const driver of drivers) reports.push(await report(driver));
  if (current && findBackend(current)) await setBackend(current);
  return reports;
}

/** Seconds that a device has to answer. */
const patience = 60;

async function report(
  { name, precisions, isNative }: DeviceDriver,
): Promise<DeviceReport> {
  try {
    if (isNative) await refuseToHang(name);
    const device = await openDevice(name);
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
