/** The types of values that `ensure_dtype` casts to. */
export const elementTypes = [
  "float32",
  "float64",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "bool",
] as const;

/** One of {@linkcode elementTypes}. */
export type ElementType = typeof elementTypes[number];

/** A limit of `clip`: a value, or a percentile (0 to 100) of the image. */
export type Limit = { readonly value: number } | {
  readonly percentile: number;
};

/**
 * A step of bioimage.io's pre- or postprocessing, by the names of its
 * specification. Statistics are those of a whole image: of each channel where
 * `perChannel`, else of all channels together. Lists hold one value, or one per
 * channel.
 */
export type Step =
  | { readonly id: "ensure_dtype"; readonly dtype: ElementType }
  | {
    readonly id: "scale_range";
    /** The percentiles that become 0 and 1, by numpy's `linear`. */
    readonly low: number;
    readonly high: number;
    readonly perChannel: boolean;
    readonly eps: number;
  }
  | {
    readonly id: "zero_mean_unit_variance";
    readonly perChannel: boolean;
    readonly eps: number;
  }
  | {
    readonly id: "fixed_zero_mean_unit_variance";
    readonly mean: readonly number[];
    readonly std: readonly number[];
  }
  | {
    readonly id: "scale_linear";
    readonly gain: readonly number[];
    readonly offset: readonly number[];
  }
  | {
    readonly id: "clip";
    /** Percentiles by numpy's `inverted_cdf`. */
    readonly low?: Limit;
    readonly high?: Limit;
    readonly perChannel: boolean;
  }
  | { readonly id: "binarize"; readonly threshold: readonly number[] }
  | { readonly id: "sigmoid" }
  | { readonly id: "softmax" };
