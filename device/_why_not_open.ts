import { inTurn, release, tryDevice } from "./_running_devices.ts";
import type { Trial } from "./_try_apart.ts";
import { driverOf } from "./devices.ts";

/** Opens a device and closes it again, and reports why it does not open. */
export function whyNotOpen(
  { name, precision }: Trial,
): Promise<string | null> {
  return inTurn(async () => {
    const device = await tryDevice(await driverOf(name), { precision });
    if ("fault" in device) return device.fault;
    await release(device);
    return null;
  });
}
