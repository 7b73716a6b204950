import { type Device, type DeviceName, openDevice } from "@unet/device";
import { DeviceError } from "@unet/errors";

/** Opens a device, or says why it is absent. */
export async function tryDevice(name: DeviceName): Promise<Device | string> {
  try {
    return await openDevice(name);
  } catch (cause) {
    if (cause instanceof DeviceError) return cause.message;
    throw cause;
  }
}
