import { brief, briefText, cannot } from "@unet/errors";

/** The encoders there are, by torchvision's names, and the Paper's. */
export const encoderNames = ["vgg16_bn", "vgg16", "unet"] as const;

/**
 * An encoder: VGG-16, where `vgg16_bn` has batch norm after each convolution;
 * or `unet`, the contracting path of Ronneberger et al. (2015), with which come
 * the rest of their network: two convolutions at the bottom, four steps up, two
 * channels that a softmax compares.
 */
export type EncoderName = typeof encoderNames[number];

/**
 * What convolutions do at the border: `same` keeps the size, with zeros
 * outside; `valid` computes only where nine pixels are known, and so takes a
 * pixel off each side.
 */
export const paddings = ["same", "valid"] as const;

/** One of {@linkcode paddings}. */
export type Padding = typeof paddings[number];

/** What a network tells of each pixel: the object, or its border as well. */
export type Outputs = 1 | 2;

/** What is subtracted from and divided out of the input, a value a channel. */
export interface Normalization {
  /** Subtracted; in units of an input in 0…1. */
  readonly mean: readonly [number, number, number];
  /** Divides; in units of an input in 0…1. */
  readonly deviation: readonly [number, number, number];
}

/** Everything that says which network it is; stored with its weights. */
export interface ModelPlan {
  /** The encoder. */
  readonly encoder: EncoderName;
  /** Multiplies the channels of every layer; 1 is the report's network. */
  readonly width: number;
  /**
   * Whether batch norm follows the convolutions of bottleneck and decoder;
   * the encoder's comes with `vgg16_bn`. With `unet` it is all or none.
   */
  readonly batchNorm: boolean;
  /**
   * Channels of the decoder's steps from the bottom up, before `width`: five
   * after VGG-16, four with `unet`.
   */
  readonly decoderChannels: readonly number[];
  /**
   * What convolutions do at the border; only `unet` without batch norm can do
   * without padding.
   */
  readonly padding: Padding;
  /** The share of bottleneck features dropped in training, 0 to below 1. */
  readonly dropout: number;
  /**
   * Whether the encoder keeps its weights and statistics in training; or how
   * many of its blocks do, counted from the input.
   */
  readonly freezeEncoder: boolean | number;
  /**
   * Whether batch norm keeps its statistics, scales and offsets in training,
   * and normalizes by them.
   */
  readonly freezeBatchNorm: boolean;
  /**
   * Logits a pixel: 1, that of an object; or 2, and that of an object's border
   * after it.
   */
  readonly outputs: Outputs;
  /** How the input is normalized, inside the model. */
  readonly normalization: Normalization;
}

/**
 * The mean and deviation of ImageNet's pixels, which torchvision's weights
 * expect.
 */
export const imagenetNormalization: Normalization = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

const defaults: ModelPlan = {
  encoder: "vgg16_bn",
  width: 1,
  batchNorm: true,
  decoderChannels: [512, 256, 128, 64, 32],
  padding: "same",
  dropout: 0,
  freezeEncoder: false,
  freezeBatchNorm: false,
  outputs: 1,
  normalization: imagenetNormalization,
};

/** What the Paper's network has other than the report's. */
const paperDefaults: Partial<ModelPlan> = {
  batchNorm: false,
  decoderChannels: [512, 256, 128, 64],
  padding: "valid",
};

/**
 * Completes a plan with the report's settings and checks it.
 *
 * @param plan What differs from the report's network: `vgg16_bn` at width 1,
 * batch norm throughout, decoder channels 512, 256, 128, 64, 32, no dropout, one
 * output. With `unet`, what differs from the Paper's: no batch norm, no padding,
 * decoder channels 512, 256, 128, 64.
 * @returns The whole plan.
 * @throws {RangeError} If a setting is outside its range, or there is none of
 * that name.
 *
 * @example
 * ```ts
 * import { completePlan } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(completePlan({ width: 0.25 }).encoder, "vgg16_bn");
 * ```
 */
export function completePlan(plan: Partial<ModelPlan> = {}): ModelPlan {
  for (const name of Object.keys(plan)) {
    if (Object.hasOwn(defaults, name)) continue;
    throw new RangeError(
      cannot("build", "model with setting", briefText(name), {
        found: "no such setting",
        expected: Object.keys(defaults).join(", "),
      }),
    );
  }
  const isPaper = plan.encoder === "unet", blocks = isPaper ? 4 : 5;
  const whole = { ...defaults, ...(isPaper ? paperDefaults : {}), ...plan };
  const check = (
    name: keyof ModelPlan,
    right: boolean,
    expected: string,
  ): void => {
    if (right) return;
    throw new RangeError(
      cannot("build", "model with setting", name, {
        found: brief(whole[name]),
        expected,
      }),
    );
  };
  check(
    "encoder",
    encoderNames.includes(whole.encoder),
    encoderNames.join(", "),
  );
  check(
    "width",
    Number.isFinite(whole.width) && whole.width > 0 && whole.width <= 4,
    "a number above 0 and up to 4",
  );
  check("batchNorm", typeof whole.batchNorm === "boolean", "true or false");
  check(
    "decoderChannels",
    Array.isArray(whole.decoderChannels) &&
      whole.decoderChannels.length === blocks &&
      [...whole.decoderChannels].every((count) =>
        Number.isInteger(count) && count > 0 && count <= 4096
      ),
    `${isPaper ? "four" : "five"} integers from 1 to 4096`,
  );
  check(
    "padding",
    whole.padding === "same" ||
      whole.padding === "valid" && isPaper && !whole.batchNorm,
    "same, or valid with unet and without batch norm",
  );
  check(
    "dropout",
    Number.isFinite(whole.dropout) && whole.dropout >= 0 && whole.dropout < 1,
    "a number from 0 to below 1",
  );
  check(
    "freezeEncoder",
    typeof whole.freezeEncoder === "boolean" ||
      Number.isInteger(whole.freezeEncoder) && whole.freezeEncoder >= 1 &&
        whole.freezeEncoder <= blocks,
    `true or false, or blocks from 1 to ${blocks}`,
  );
  check(
    "freezeBatchNorm",
    typeof whole.freezeBatchNorm === "boolean",
    "true or false",
  );
  check("outputs", whole.outputs === 1 || whole.outputs === 2, "1 or 2");
  check(
    "normalization",
    isNormalization(whole.normalization),
    "mean and deviation of three numbers each, the deviations above 0",
  );
  return whole;
}

function isNormalization(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { mean, deviation } = value as Partial<Normalization>;
  const three = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length === 3 &&
    [...list].every(Number.isFinite);
  return three(mean) && three(deviation) && deviation.every((one) => one > 0);
}
