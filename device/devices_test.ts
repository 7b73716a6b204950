import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { devices, driverOf, drivers } from "./devices.ts";

Deno.test("devices names each driver once", () => {
  assertEquals(devices, drivers.map(({ name }) => name));
  assertEquals(new Set(devices).size, devices.length);
});

Deno.test("driverOf() finds every device by its name", () => {
  for (const name of devices) assertEquals(driverOf(name).name, name);
});

Deno.test("driverOf() names the devices when there is none of the name", () => {
  assertThrows(
    () => driverOf("WASM"),
    UsageError,
    `expected ${["auto", ...devices].join(", ")}`,
  );
});
