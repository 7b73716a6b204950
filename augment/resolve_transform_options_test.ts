import { assertEquals, assertThrows } from "@std/assert";
import { resolveTransformOptions } from "./resolve_transform_options.ts";
import type { TransformOptions } from "./settings.ts";

Deno.test("resolveTransformOptions() switches the five transformations on and the rest off", () => {
  const settings = resolveTransformOptions();
  const probabilities = Object.entries(settings).flatMap(([name, value]) =>
    typeof value === "object" ? [[name, value.probability]] : []
  );
  assertEquals(Object.fromEntries(probabilities), {
    horizontalFlip: 0.5,
    verticalFlip: 0.5,
    rotation: 0.5,
    erasing: 0.5,
    elastic: 0.5,
    quarterTurn: 0,
    scaling: 0,
    gamma: 0,
    contrast: 0,
    brightness: 0,
    paste: 0,
    objectContrast: 0,
    hed: 0,
    hue: 0,
    channelShuffle: 0,
    gray: 0,
    invert: 0,
    localContrast: 0,
    strongGamma: 0,
    unevenLight: 0,
    blur: 0,
    noise: 0,
    shotNoise: 0,
    jpeg: 0,
  });
  assertEquals(settings.rotation.range, [-180, 180]);
  assertEquals(settings.border, "reflect");
});

Deno.test("resolveTransformOptions() keeps what is given, and takes its own result", () => {
  const options: TransformOptions = {
    elastic: { probability: 1, sigma: [0, 2] },
    border: 0,
  };
  const settings = resolveTransformOptions(options);
  assertEquals(settings.elastic, {
    probability: 1,
    spacing: 32,
    sigma: [0, 2],
  });
  assertEquals(settings.border, 0);
  assertEquals(resolveTransformOptions(settings), settings);
  assertEquals(
    resolveTransformOptions(JSON.parse(JSON.stringify(settings))),
    settings,
  );
});

Deno.test("resolveTransformOptions() refuses values out of range, naming option, value and range", () => {
  const refused: [TransformOptions, string][] = [
    [
      { rotation: { probability: 1.5 } },
      '"rotation.probability": found 1.5, expected a number from 0 to 1',
    ],
    [
      { verticalFlip: { probability: NaN } },
      '"verticalFlip.probability": found NaN, expected a number from 0 to 1',
    ],
    [
      { horizontalFlip: { probability: "1" as unknown as number } },
      '"horizontalFlip.probability": found "1", expected a number from 0 to 1',
    ],
    [
      { elastic: 0.5 as unknown as { probability: number } },
      '"elastic": found 0.5, expected an object of settings',
    ],
    [
      { rotation: { range: [10, -10] } },
      '"rotation.range": found [10,-10], expected [low, high], rising, from -360 to 360',
    ],
    [
      { scaling: { range: [0, 1] } },
      '"scaling.range": found [0,1], expected [low, high], rising, from 0.1 to 10',
    ],
    [
      { erasing: { count: [0.5, 2] } },
      '"erasing.count": found [0.5,2], expected whole numbers',
    ],
    [
      { erasing: { area: [0, 0.1] } },
      '"erasing.area": found [0,0.1], expected [low, high], rising, above 0 and up to 1',
    ],
    [
      { erasing: { fill: "black" as "mean" } },
      '"erasing.fill": found "black", expected "mean", "noise" or a number',
    ],
    [
      { erasing: { labels: "erase" as "clear" } },
      '"erasing.labels": found "erase", expected "keep" or "clear"',
    ],
    [
      { elastic: { spacing: 1 } },
      '"elastic.spacing": found 1, expected a whole number of pixels from 2',
    ],
    [
      { elastic: { spacing: 16, sigma: [1, 4.5] } },
      '"elastic.sigma": found [1,4.5], expected [low, high], rising, from 0 to 4',
    ],
    [
      { jpeg: { range: [30.5, 90] } },
      '"jpeg.range": found [30.5,90], expected whole numbers',
    ],
    [
      { jpeg: { range: [0, 90] } },
      '"jpeg.range": found [0,90], expected [low, high], rising, from 1 to 100',
    ],
    [
      { hed: { factor: [-1, 1] } },
      '"hed.factor": found [-1,1], expected [low, high], rising, from 0 to 10',
    ],
    [
      { objectContrast: { range: [0, 1] } },
      '"objectContrast.range": found [0,1], expected [low, high], rising, from 0.01 to 10',
    ],
    [
      { unevenLight: { range: [0.5, 2] } },
      '"unevenLight.range": found [0.5,2], expected [low, high], rising, from 1 to 100',
    ],
    [
      { paste: { count: [1, 2.5] } },
      '"paste.count": found [1,2.5], expected whole numbers',
    ],
    [
      { border: "mirror" as "reflect" },
      '"border": found "mirror", expected "reflect" or a number',
    ],
    [
      { border: Infinity },
      '"border": found Infinity, expected "reflect" or a number',
    ],
  ];
  for (const [options, message] of refused) {
    assertThrows(
      () => resolveTransformOptions(options),
      RangeError,
      `Cannot use option ${message}`,
    );
  }
});

Deno.test("resolveTransformOptions() refuses options that do not exist", () => {
  assertThrows(
    () => resolveTransformOptions({ elastics: {} } as TransformOptions),
    TypeError,
    'Cannot use option "elastics": found no such option, expected one of horizontalFlip, verticalFlip',
  );
  assertThrows(
    () => resolveTransformOptions({ constructor: Object } as TransformOptions),
    TypeError,
    'Cannot use option "constructor": found no such option',
  );
  assertThrows(
    () =>
      resolveTransformOptions({ elastic: { alpha: 1 } } as TransformOptions),
    TypeError,
    'Cannot use option "elastic.alpha": found no such option, expected one of probability, spacing, sigma',
  );
});
