import type { DeviceFacts } from "@unet/device";
import { describeChoice } from "@unet/device/describe-choice";
import { wordSettings } from "./word_settings.ts";

/**
 * Says on one line which device computes: its name and precision, or, at more
 * length, also its library, hardware and speed, and why `auto` left the others.
 *
 * @param device The open device.
 * @param isVerbose Whether to print more.
 */
export function describeDevice(
  device: DeviceFacts,
  isVerbose: boolean,
): string {
  return isVerbose
    ? wordSettings(describeChoice(device))
    : `Device: ${device.name} (${device.precision})${noteOf(device)}`;
}

/** Why the choice of `auto` may surprise. */
function noteOf({ choiceNote }: DeviceFacts): string {
  return choiceNote ? `, ${choiceNote}` : "";
}
