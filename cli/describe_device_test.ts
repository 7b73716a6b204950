import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeChoice, openDevice } from "@unet/device";
import { describeDevice } from "./describe_device.ts";
import { wordSettings } from "./word_settings.ts";

Deno.test("describeDevice() is short, unless a person wants to know more", async () => {
  const device = await openDevice("auto");
  try {
    const short = describeDevice(device, false);
    assertEquals(short, `Device: ${device.name} (${device.precision})`);
    assert(short.length < 60);
    const long = describeDevice(device, true);
    assertEquals(long, wordSettings(describeChoice(device)));
    for (const { name, reason } of device.passedOver) {
      assertStringIncludes(long, wordSettings(`${name} (${reason})`));
    }
  } finally {
    await device.close();
  }
});
