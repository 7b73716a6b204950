import { brief, cannot } from "@unet/errors";
import type { Range, TransformOptions, TransformSettings } from "./settings.ts";

const defaults: TransformSettings = {
  horizontalFlip: { probability: 0.5 },
  verticalFlip: { probability: 0.5 },
  rotation: { probability: 0.5, range: [-180, 180] },
  erasing: {
    probability: 0.5,
    count: [1, 3],
    area: [0.02, 0.1],
    aspect: [0.3, 3.3],
    fill: "mean",
    labels: "keep",
  },
  elastic: { probability: 0.5, spacing: 32, sigma: [1, 4] },
  quarterTurn: { probability: 0 },
  scaling: { probability: 0, range: [0.8, 1.25] },
  gamma: { probability: 0, range: [0.7, 1.5] },
  contrast: { probability: 0, range: [0.75, 1.25] },
  brightness: { probability: 0, range: [-0.2, 0.2] },
  paste: { probability: 0, count: [1, 8] },
  objectContrast: { probability: 0, range: [0.25, 1] },
  hed: { probability: 0, factor: [0.7, 1.4], shift: [-0.05, 0.05] },
  hue: { probability: 0, range: [-30, 30], saturation: [0.6, 1.4] },
  channelShuffle: { probability: 0 },
  gray: { probability: 0 },
  invert: { probability: 0 },
  localContrast: { probability: 0, range: [1.5, 4] },
  strongGamma: { probability: 0, range: [0.4, 2.5] },
  unevenLight: { probability: 0, range: [1.2, 3] },
  blur: { probability: 0, range: [0.5, 2] },
  noise: { probability: 0, range: [0.01, 0.08] },
  shotNoise: { probability: 0, range: [30, 300] },
  jpeg: { probability: 0, range: [30, 90] },
  border: "reflect",
};

/** Where each range may lie. */
const rangeLimits = {
  rotation: [-360, 360],
  scaling: [0.1, 10],
  gamma: [0.1, 10],
  contrast: [0, 10],
  brightness: [-1, 1],
  objectContrast: [0.01, 10],
  hue: [-360, 360],
  localContrast: [1, 256],
  strongGamma: [0.1, 10],
  unevenLight: [1, 100],
  blur: [0, 100],
  noise: [0, 10],
  shotNoise: [Number.MIN_VALUE, 1e9],
  jpeg: [1, 100],
} as const satisfies Partial<Record<keyof TransformSettings, Range>>;

/**
 * Fills in the defaults and checks every value, so that a run can record the
 * settings it used.
 *
 * @param options The settings to change.
 * @returns All settings; `transform()` takes them as its options.
 * @throws {TypeError} If an option does not exist.
 * @throws {RangeError} If a value is out of its range.
 *
 * @example
 * ```ts
 * import { resolveTransformOptions } from "@unet/augment";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = resolveTransformOptions({ rotation: { range: [-15, 15] } });
 * assertEquals(settings.rotation, { probability: 0.5, range: [-15, 15] });
 * ```
 */
export function resolveTransformOptions(
  options: TransformOptions = {},
): TransformSettings {
  const settings = merge(options);
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "object") {
      check(
        Number.isFinite(value.probability) && value.probability >= 0 &&
          value.probability <= 1,
        `${name}.probability`,
        value.probability,
        "a number from 0 to 1",
      );
    }
  }
  const { erasing, elastic, hed, hue, paste } = settings;
  for (const [name, [low, high]] of Object.entries(rangeLimits)) {
    const { range } = settings[name as keyof typeof rangeLimits];
    checkRange(`${name}.range`, range, low, high);
  }
  checkWhole("jpeg.range", settings.jpeg.range);
  checkRange("hed.factor", hed.factor, 0, 10);
  checkRange("hed.shift", hed.shift, -1, 1);
  checkRange("hue.saturation", hue.saturation, 0, 10);
  checkRange("paste.count", paste.count, 0, 1000);
  checkWhole("paste.count", paste.count);
  checkRange("erasing.count", erasing.count, 0, 1000);
  checkWhole("erasing.count", erasing.count);
  checkRange("erasing.area", erasing.area, Number.MIN_VALUE, 1);
  checkRange("erasing.aspect", erasing.aspect, 0.01, 100);
  check(
    ["mean", "noise"].includes(erasing.fill as string) ||
      Number.isFinite(erasing.fill),
    "erasing.fill",
    erasing.fill,
    '"mean", "noise" or a number',
  );
  check(
    ["keep", "clear"].includes(erasing.labels),
    "erasing.labels",
    erasing.labels,
    '"keep" or "clear"',
  );
  check(
    Number.isInteger(elastic.spacing) && elastic.spacing >= 2,
    "elastic.spacing",
    elastic.spacing,
    "a whole number of pixels from 2",
  );
  checkRange("elastic.sigma", elastic.sigma, 0, elastic.spacing / 4);
  check(
    settings.border === "reflect" || Number.isFinite(settings.border),
    "border",
    settings.border,
    '"reflect" or a number',
  );
  return settings;
}

function merge(options: TransformOptions): TransformSettings {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [name, given] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) throw unknownOption(name, defaults);
    const usual: unknown = defaults[name as keyof TransformSettings];
    if (typeof usual !== "object" || usual === null) {
      merged[name] = given;
      continue;
    }
    check(
      typeof given === "object" && given !== null,
      name,
      given,
      "an object of settings",
    );
    for (const field of Object.keys(given as object)) {
      if (!Object.hasOwn(usual, field)) {
        throw unknownOption(field, usual, `${name}.`);
      }
    }
    merged[name] = { ...usual, ...given as object };
  }
  return merged as unknown as TransformSettings;
}

function unknownOption(name: string, known: object, prefix = ""): TypeError {
  return new TypeError(cannot("use", "option", prefix + name, {
    found: "no such option",
    expected: `one of ${Object.keys(known).join(", ")}`,
  }));
}

function checkRange(name: string, range: Range, low: number, high: number) {
  check(
    Array.isArray(range) && range.length === 2 &&
      range.every(Number.isFinite) &&
      range[0] >= low && range[0] <= range[1] && range[1] <= high,
    name,
    range,
    low === Number.MIN_VALUE
      ? `[low, high], rising, above 0 and up to ${high}`
      : `[low, high], rising, from ${low} to ${high}`,
  );
}

function checkWhole(name: string, range: Range) {
  check(range.every(Number.isInteger), name, range, "whole numbers");
}

function check(holds: boolean, name: string, value: unknown, expected: string) {
  if (holds) return;
  throw new RangeError(
    cannot("use", "option", name, { found: brief(value), expected }),
  );
}
