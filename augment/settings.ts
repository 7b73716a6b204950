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

/** A change of how much of each stain an image holds. */
export interface StainSettings {
  /** How often it happens, 0…1. */
  readonly probability: number;
  /** What each stain's amount is multiplied by, above 0. */
  readonly factor: Range;
  /** What is added to each stain's amount, in optical density (base 10). */
  readonly shift: Range;
}

/** A change of colors. */
export interface HueSettings {
  /** How often it happens, 0…1. */
  readonly probability: number;
  /** What is added to the hue, in degrees. */
  readonly range: Range;
  /** What the saturation is multiplied by. */
  readonly saturation: Range;
}

/** Objects of another image that are pasted in. */
export interface PasteSettings {
  /** How often it happens, 0…1. */
  readonly probability: number;
  /** How many objects at most, whole numbers; fewer where there is no room. */
  readonly count: Range;
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
   * Objects of another image, which `transform()` gets as `other`, or else of
   * the image itself. Default: probability 0, 1…8 objects.
   */
  readonly paste: PasteSettings;
  /**
   * A contrast of its own for each object: what its distance from the
   * background around it is multiplied by, above 0. Default: probability 0,
   * range 0.25…1.
   */
  readonly objectContrast: RangeSettings;
  /**
   * Stain jitter of color images: hematoxylin, eosin and DAB each by a factor
   * and a shift of their own (Tellez et al. 2018). Default: probability 0,
   * factor 0.7…1.4, shift −0.05…0.05.
   */
  readonly hed: StainSettings;
  /**
   * Another hue and saturation of color images. Default: probability 0, range
   * −30…30 degrees, saturation 0.6…1.4.
   */
  readonly hue: HueSettings;
  /** Red, green and blue in another order. Default: probability 0. */
  readonly channelShuffle: FlipSettings;
  /** Colors become their luminance. Default: probability 0. */
  readonly gray: FlipSettings;
  /**
   * Dark becomes bright, between the image's own lowest and highest value.
   * Default: probability 0.
   */
  readonly invert: FlipSettings;
  /**
   * Local contrast (CLAHE): the most that a level of a local histogram may
   * hold, in multiples of the mean. Default: probability 0, range 1.5…4.
   */
  readonly localContrast: RangeSettings;
  /**
   * As `gamma`, drawn from a wide range, below 1 as often as above. Default:
   * probability 0, range 0.4…2.5.
   */
  readonly strongGamma: RangeSettings;
  /**
   * Light that falls off smoothly: how much brighter its brightest place is
   * than its dimmest, from 1. Default: probability 0, range 1.2…3.
   */
  readonly unevenLight: RangeSettings;
  /** Gaussian blur: standard deviation in pixels. Default: probability 0, range 0.5…2. */
  readonly blur: RangeSettings;
  /**
   * Gaussian noise: standard deviation as a fraction of the distance between
   * the image's lowest and highest value. Default: probability 0, range
   * 0.01…0.08.
   */
  readonly noise: RangeSettings;
  /**
   * Poisson noise: how many photons the brightest pixel has caught. Default:
   * probability 0, range 30…300.
   */
  readonly shotNoise: RangeSettings;
  /** JPEG's losses: quality, whole numbers. Default: probability 0, range 30…90. */
  readonly jpeg: RangeSettings;
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
