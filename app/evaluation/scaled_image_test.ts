import { assertEquals } from "@std/assert";
import { instancesAt, scaleForImage } from "./scaled_image.ts";

const diameter = { wanted: 80, low: 8, median: 20, high: 40 };

Deno.test("scaleForImage() brings objects to the median that the network learned", () => {
  assertEquals(scaleForImage(diameter), { diameter: 80, scale: 0.25 });
  assertEquals(scaleForImage(undefined), undefined);
});

Deno.test("instancesAt() scales what the model decides, and keeps what a person does", () => {
  const given = { threshold: 0.4, instances: { minimalArea: 30 } };
  assertEquals(instancesAt(undefined, { ...given, diameter }), {
    ...{ threshold: 0.4, minimalArea: 30 },
  });
  const scaled = { diameter: 80, scale: 0.5 };
  const areas = (kept: readonly "minimalArea"[]) =>
    instancesAt(scaled, { ...given, diameter: { ...diameter, kept } })
      .minimalArea;
  assertEquals([areas([]), areas(["minimalArea"])], [120, 30]);
});
