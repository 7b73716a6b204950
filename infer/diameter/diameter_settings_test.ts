import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { checkDiameter, type DiameterSettings } from "./diameter_settings.ts";

const diameter: DiameterSettings = { wanted: 80, low: 8, median: 20, high: 40 };

function messageOf(...given: Parameters<typeof checkDiameter>): string {
  return assertThrows(() => checkDiameter(...given), UsageError).message;
}

Deno.test("checkDiameter() refuses a diameter beside a pixel size, and for classes", () => {
  checkDiameter({}, "classes");
  checkDiameter({ pixelSize: 0.5 }, "objects");
  checkDiameter({ diameter }, "objects");
  assertEquals(
    messageOf({ diameter, pixelSize: 0.5 }, "objects"),
    'Cannot use setting "diameter": found `pixelSize` beside it, expected ' +
      "one of the two",
  );
  assertEquals(
    messageOf({ diameter }, "classes"),
    'Cannot use setting "diameter": found a network that predicts a class per ' +
      "pixel, expected one that finds objects",
  );
});

Deno.test("checkDiameter() refuses sizes that cannot be", () => {
  for (const wanted of [0, -3, NaN, Infinity]) {
    assertEquals(
      messageOf({ diameter: { ...diameter, wanted } }, "objects"),
      `Cannot use setting "diameter": found ${wanted}, expected 1 to 10000 ` +
        "pixels",
    );
  }
  assertEquals(
    messageOf({ diameter: { ...diameter, wanted: 1.5 } }, "objects"),
    'Cannot use setting "diameter": found 1.5 pixels, for a network that ' +
      "learned 8 to 40, expected at least 1.6",
  );
  checkDiameter({ diameter: { ...diameter, wanted: "auto" } }, "objects");
  const learned = [[0, 20, 40], [30, 20, 40], [8, 50, 40], [8, NaN, 40]];
  for (const [low, median, high] of learned) {
    assertThrows(
      () =>
        checkDiameter({
          diameter: { wanted: 80, low: low!, median: median!, high: high! },
        }, "objects"),
      UsageError,
    );
  }
});
