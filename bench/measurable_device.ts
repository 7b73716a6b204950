import {
  type DeviceReport,
  listDevices,
  openDevice,
  type Precision,
} from "@unet/device";
import { DeviceError } from "@unet/errors";

/** An available device, and what can be measured on this processor. */
export interface MeasurableDevice
  extends Pick<DeviceReport, "name" | "available" | "reason" | "gflops"> {
  /** The precisions that it opens with, and int8 where it has that. */
  readonly precisions: readonly string[];
  /** Those that the processor or library lacks, and why. */
  readonly lacking: readonly LackingPrecision[];
}

/** A precision that cannot be measured here. */
export interface LackingPrecision {
  /** Its name. */
  readonly precision: string;
  /** Why not. */
  readonly reason: string;
}

/** Tries every device with each of its precisions. */
export async function listMeasurable(): Promise<MeasurableDevice[]> {
  const devices: MeasurableDevice[] = [];
  for (const report of await listDevices()) {
    const { name, available, reason, gflops } = report;
    const lacking = available ? await lackingOf(report) : [];
    const absent = lacking.map(({ precision }) => precision);
    devices.push({
      ...{ name, available, reason, gflops, lacking },
      precisions: [
        ...report.precisions.filter((each) => !absent.includes(each)),
        // It is no precision of a device's: a model decides it.
        ...(name === "onednn" ? ["int8"] : []),
      ],
    });
  }
  return devices;
}

/** The first precision is the one that the device was found available with. */
async function lackingOf(
  { name, precisions: [, ...others] }: DeviceReport,
): Promise<LackingPrecision[]> {
  const lacking: LackingPrecision[] = [];
  for (const precision of others) {
    const reason = await whyNot(name, precision);
    if (reason !== null) lacking.push({ precision, reason });
  }
  return lacking;
}

async function whyNot(
  name: string,
  precision: Precision,
): Promise<string | null> {
  try {
    await (await openDevice(name, { precision })).close();
    return null;
  } catch (cause) {
    if (cause instanceof DeviceError) return cause.message;
    throw cause;
  }
}
