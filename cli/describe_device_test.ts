import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeChoice, openDevice } from "@unet/device";
import { describeDevice } from "./describe_device.ts";

Deno.test("describeDevice() is short, unless a person wants to know more", async () => {
  const device = await openDevice("auto");
  try {
    const short = describeDevice(device, false);
    assertEquals(short, `Device: ${device.name} (${device.precision})`);
    assert(short.length < 60);
    const long = describeDevice(device, true);
    assertEquals(long, describeChoice(device));
    for (const { name, reason } of device.passedOver) {
      assertStringIncludes(long, `${name} (${reason})`);
    }
  } finally {
    await device.close();
  }
});
