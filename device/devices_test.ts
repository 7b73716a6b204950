import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "@unet/errors";
import { devices, driverOf } from "./devices.ts";

Deno.test("driverOf() finds every device by its name", async () => {
  for (const name of devices) assertEquals((await driverOf(name)).name, name);
});

Deno.test("driverOf() names the devices when there is none of the name", async () => {
  for (const name of ["WASM", "toString"]) {
    await assertRejects(
      () => driverOf(name),
      UsageError,
      `expected ${["auto", ...devices].join(", ")}`,
    );
  }
});
