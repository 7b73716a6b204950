/**
 * Says which device computes.
 *
 * @module
 */
import type { DeviceFacts } from "./device.ts";
import { formatSpeed } from "./_format_speed.ts";

/**
 * Says on one line which device computes, and which ones `auto` did not take.
 *
 * @param device The open device.
 * @returns One line.
 *
 * @example
 * ```ts
 * import { describeChoice, openDevice } from "@unet/device";
 * import { assertMatch } from "@std/assert";
 *
 * const device = await openDevice("auto");
 * assertMatch(describeChoice(device), /^Device: \w+ \(.*; not cpu \(slower/);
 * await device.close();
 * ```
 */
export function describeChoice(device: DeviceFacts): string {
  const { name, version, hardware, precision, gflops, choiceNote } = device;
  const facts = [version, hardware, precision, formatSpeed(gflops)];
  const others = device.passedOver.map(({ name, reason }) =>
    `; not ${name} (${reason})`
  );
  const note = choiceNote ? `, ${choiceNote}` : "";
  return `Device: ${name} (${facts.join(", ")})${note}${others.join("")}`;
}
