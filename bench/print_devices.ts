/**
 * Prints the devices of this machine as one line of JSON. `devices.ts` runs it
 * in a process of its own, so that no device's threads and memory stay.
 */
// deno-lint-ignore-file no-console
import { listMeasurable } from "./measurable_device.ts";

if (import.meta.main) console.log(JSON.stringify(await listMeasurable()));
