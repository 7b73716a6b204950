import type { Image } from "@unet/data";
import type { Predict } from "@unet/infer";
import { assert, assertEquals } from "@std/assert";
import { instancesAt, scaleForImage } from "./scaled_image.ts";

const diameter = { wanted: 80, low: 8, median: 20, high: 40 };

/** Discs of 60 pixels on black. */
const image: Image = {
  ...{ width: 400, height: 300, channels: 1, depth: 8 },
  data: Uint8Array.from(
    { length: 400 * 300 },
    (_, at) =>
      Math.hypot(at % 400 % 80 - 40, at / 400 % 80 - 40) < 30 ? 250 : 5,
  ),
};
const bright: Predict = (x) =>
  Promise.resolve(x.filter((_, at) => at % 3 === 0));

Deno.test("scaleForImage() measures an image, unless a person says how large its objects are", async () => {
  const given = { predict: bright, threshold: 0.5 };
  assertEquals(await scaleForImage(image, given), undefined);
  const asked = await scaleForImage(image, { ...given, diameter });
  assertEquals(asked, {
    scaled: { diameter: 80, scale: Math.sqrt(20 * 40) / 80 },
  });
  const auto = { ...diameter, wanted: "auto" as const };
  const measured = await scaleForImage(image, { ...given, diameter: auto });
  const { scaled, bands } = measured!;
  assert(Math.abs(scaled.diameter! - 60) <= 2);
  assertEquals(scaled.scale, Math.sqrt(20 * 40) / scaled.diameter!);
  assertEquals(bands, undefined);
  const empty = { ...image, data: new Uint8Array(400 * 300) };
  const found = await scaleForImage(empty, { ...given, diameter: auto });
  assertEquals(found!.scaled, { diameter: null, scale: 1 });
  // The network has seen all of it then.
  assertEquals(found!.bands?.map(({ height }) => height), [256, 44]);
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
