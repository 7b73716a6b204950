import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeChoice, openDevice } from "@unet/device";
import { describeDevice } from "./describe_device.ts";
import { wordSettings } from "./word_settings.ts";

Deno.test("describeDevice() is short, unless a person wants to know more", async () => {
  const device = await openDevice("auto");
  try {
    const { choiceNote: _, ...usual } = device;
    const short = describeDevice(usual, false);
    assertEquals(short, `Device: ${device.name} (${device.precision})`);
    const choiceNote = "chosen by rank, as the processor is busy";
    for (const isVerbose of [false, true]) {
      const line = describeDevice({ ...device, choiceNote }, isVerbose);
      assertStringIncludes(line, `), ${choiceNote}`);
    }
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
