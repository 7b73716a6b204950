import { brief, cannot } from "@unet/errors";

/** The lowest and the highest value of a uniform draw. */
export type Range = readonly [low: number, high: number];

/** A transformation that happens or not. */
export interface FlipSettings {
  /** How often it happens, 0…1. */
  readonly probability: number;
}

/** A transformation of random strength. */
export interface RangeSettings {
  /** How often it happens, 0…1. */
  readonly probability: number;
  /** Where its strength is drawn from. */
  readonly range: Range;
}

/** Rectangles that are painted over. */
export interface ErasingSettings {
  /** How often it happens, 0…1. */
  readonly probability: number;
  /** How many rectangles, whole numbers. */
  readonly count: Range;
  /**
   * Area of each rectangle as a fraction of the image, more than 0 and at
   * most 1. Kept to within rounding to whole pixels: a rectangle that would
   * not fit gets another aspect, not another area.
   */
  readonly area: Range;
  /** Height divided by width of each rectangle, drawn log-uniformly. */
  readonly aspect: Range;
  /**
   * What is painted: the image's mean color, noise (each pixel takes the color
   * of a random pixel of the image, so that it has the image's own values at
   * every depth), or this value in every color channel.
   */
  readonly fill: "mean" | "noise" | number;
  /**
   * Whether the labels under a rectangle stay (the network learns to complete
   * what it cannot see; torchvision and Albumentations do so) or become
   * background.
   */
  readonly labels: "keep" | "clear";
}

/** A smooth random displacement: a cubic B-spline on a coarse grid. */
export interface ElasticSettings {
  /** How often it happens, 0…1. */
  readonly probability: number;
  /** Distance of the grid's nodes in pixels, a whole number from 2. */
  readonly spacing: number;
  /**
   * Standard deviation of each pixel's displacement along either axis, in
   * pixels, drawn anew from this range for every image. At most a quarter of
   * the spacing: beyond, the image would fold over itself.
   */
  readonly sigma: Range;
}

/** Every setting of `transform()`. The first five are on, the rest are off by default. */
export interface TransformSettings {
  /** Left becomes right. Default: probability 0.5. */
  readonly horizontalFlip: FlipSettings;
  /** Top becomes bottom. Default: probability 0.5. */
  readonly verticalFlip: FlipSettings;
  /**
   * Rotation about the center, in degrees, counterclockwise. Default:
   * probability 0.5, range −180…180.
   */
  readonly rotation: RangeSettings;
  /**
   * Region erasing. Default: probability 0.5, 1…3 rectangles of 0.02…0.1 of
   * the area each, aspect 0.3…3.3, filled with the mean, labels kept.
   */
  readonly erasing: ErasingSettings;
  /** Elastic deformation. Default: probability 0.5, spacing 32, sigma 1…4. */
  readonly elastic: ElasticSettings;
  /** A turn by 90°, 180° or 270°, each as likely. Default: probability 0. */
  readonly quarterTurn: FlipSettings;
  /** Magnification about the center. Default: probability 0, range 0.8…1.25. */
  readonly scaling: RangeSettings;
  /**
   * Exponent on the values between the image's own lowest and highest; above 1
   * darkens. Default: probability 0, range 0.7…1.5.
   */
  readonly gamma: RangeSettings;
  /** Factor on the distance from the image's mean. Default: probability 0, range 0.75…1.25. */
  readonly contrast: RangeSettings;
  /**
   * What is added, as a fraction of the distance between the image's lowest
   * and highest value. Default: probability 0, range −0.2…0.2.
   */
  readonly brightness: RangeSettings;
  /**
   * What lies outside the image: its reflection without repeating the edge
   * pixels (labels too), or this value in every color channel with background
   * as label and 0 as alpha. Default: "reflect".
   */
  readonly border: "reflect" | number;
}

/** The settings to change; what is left out has its default. */
export type TransformOptions = {
  readonly [Name in keyof TransformSettings]?: Partial<TransformSettings[Name]>;
};

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
  border: "reflect",
};

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
  const { rotation, erasing, elastic, scaling, gamma, contrast, brightness } =
    settings;
  checkRange("rotation.range", rotation.range, -360, 360);
  checkRange("scaling.range", scaling.range, 0.1, 10);
  checkRange("gamma.range", gamma.range, 0.1, 10);
  checkRange("contrast.range", contrast.range, 0, 10);
  checkRange("brightness.range", brightness.range, -1, 1);
  checkRange("erasing.count", erasing.count, 0, 1000);
  check(
    erasing.count.every(Number.isInteger),
    "erasing.count",
    erasing.count,
    "whole numbers",
  );
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

function check(holds: boolean, name: string, value: unknown, expected: string) {
  if (holds) return;
  throw new RangeError(
    cannot("use", "option", name, { found: brief(value), expected }),
  );
}
