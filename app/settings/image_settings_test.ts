import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { imageSettings } from "./image_settings.ts";
import { inputsOf, readSettings } from "./setting.ts";
import { type InputValues, typedOf } from "./typed_values.ts";

const read = (values: InputValues) =>
  readSettings(
    imageSettings,
    typedOf(inputsOf(imageSettings), values, "a test"),
  );

Deno.test("imageSettings reads pixel sizes in µm, the model's word, and a switch", () => {
  assertEquals(read({}), {});
  assertEquals(read({ "pixel-size": "model" }), { pixelSize: "model" });
  assertEquals(
    read({
      ...{ "pixel-size": "0.5", "image-pixel-size": "0.25" },
      "crop-borders": true,
    }),
    { pixelSize: 0.5, imagePixelSize: 0.25, cropBorders: true },
  );
});

Deno.test("imageSettings refuses what is no pixel size", () => {
  for (const text of ["0", "-1", "1e5", "NaN", "half", " "]) {
    assertThrows(
      () => read({ "pixel-size": text }),
      UsageError,
      "expected µm per pixel, such as 0.5, or model",
    );
    assertThrows(
      () => read({ "image-pixel-size": text }),
      UsageError,
      "expected a number from 0.0001 to 10000",
    );
  }
});

Deno.test("imageSettings checks stored values", () => {
  const { pixelSize: { check } } = imageSettings;
  assertEquals([null, "model", 0.5].every(check), true);
  assertEquals([0, "0.5", NaN, 1e5].some(check), false);
});
