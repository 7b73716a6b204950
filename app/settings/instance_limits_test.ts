import { assertEquals, assertThrows } from "@std/assert";
import { settle } from "@unet/infer/instances";
import { instanceLimits, instanceSettingNames } from "./instance_limits.ts";

Deno.test("instanceLimits are settings of instances, and lengths end where those do", () => {
  const settings = settle(instanceLimits);
  for (const name of instanceSettingNames) {
    assertEquals(settings[name], instanceLimits[name]);
  }
  for (const name of ["depth", "smoothing", "borderWeight"] as const) {
    assertThrows(
      () => settle({ [name]: instanceLimits[name] + 1 }),
      RangeError,
    );
  }
});
