import { assertEquals } from "@std/assert";
import { instancesOf } from "@unet/infer/scaled-instances";
import { objectOptions, settingsOfImage } from "./object_options.ts";

const settings = {
  ...{ threshold: 0.4, minimalArea: 20, maximalHole: 7 },
  ...{ depth: 1, smoothing: 1, borderWeight: 5 },
};

Deno.test("objectOptions() of settingsOfImage() are the options that segment() takes", () => {
  for (const scale of [0.25, 0.5, 1, 2]) {
    const scaled = { diameter: 30, scale };
    assertEquals(
      objectOptions(settingsOfImage(settings, scaled), scaled),
      instancesOf(scaled, settings),
    );
  }
  assertEquals(settingsOfImage(settings, undefined), settings);
  assertEquals(objectOptions(settings, undefined), settings);
});
