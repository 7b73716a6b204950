import type { FieldReader, Fields } from "./_fields.ts";
import { type ElementType, elementTypes, type Step } from "./step.ts";

/** The place of a list of steps, for {@linkcode parseSteps}. */
export interface StepPlace {
  /** Reads fields and words refusals. */
  readonly reader: FieldReader;
  /** Where the list stands, for messages. */
  readonly place: string;
  /** Channels of the tensor. */
  readonly channels: number;
  /** Whether steps of a window may need the whole image. */
  readonly isWhole: boolean;
}

/**
 * Reads steps of processing, of either version of the specification.
 *
 * @param value The list; nothing stands for none.
 * @param at Where it stands.
 * @returns The steps.
 * @throws {ModelError} Naming the step or the setting that is not known.
 */
export function parseSteps(value: unknown, at: StepPlace): Step[] {
  if (value === undefined || value === null) return [];
  const { reader, place } = at;
  return reader.list(value, place).map((one) => {
    const step = reader.record(one, place);
    // Version 0.4 has names, version 0.5 ids.
    const id = reader.text(step.id ?? step.name, `${place} id`);
    const kwargs = step.kwargs === undefined || step.kwargs === null
      ? {}
      : reader.record(step.kwargs, `${place} ${id}`);
    const parsed = parseStep(id, kwargs, { ...at, place: `${place} ${id}` });
    if (!at.isWhole && needsWhole(parsed)) {
      throw reader.bad(place, id, "steps that need no whole image");
    }
    return parsed;
  });
}

/** Whether a step looks at more than single pixels. */
function needsWhole(step: Step): boolean {
  return step.id === "scale_range" || step.id === "zero_mean_unit_variance" ||
    step.id === "clip" &&
      [step.low, step.high].some((limit) =>
        limit !== undefined && "percentile" in limit
      );
}

const knownSteps = [
  "ensure_dtype",
  "scale_range",
  "zero_mean_unit_variance",
  "fixed_zero_mean_unit_variance",
  "scale_linear",
  "clip",
  "binarize",
  "sigmoid",
  "softmax",
] as const;

function parseStep(id: string, kwargs: Fields, at: StepPlace): Step {
  const { reader, place, channels } = at;
  const only = (...known: string[]) => reader.requireOnly(kwargs, place, known);
  switch (id) {
    case "ensure_dtype": {
      only("dtype");
      const dtype = kwargs.dtype as ElementType;
      if (elementTypes.includes(dtype)) return { id, dtype };
      throw reader.bad(`${place} dtype`, dtype, elementTypes.join(", "));
    }
    case "scale_range":
      return scaleRange(kwargs, at);
    case "zero_mean_unit_variance":
      if (kwargs.mode === "fixed") return fixed(kwargs, at);
      only("axes", "eps", "mode");
      return {
        id,
        perChannel: isPerChannel(kwargs, at),
        eps: epsOf(kwargs, at),
      };
    case "fixed_zero_mean_unit_variance":
      return fixed(kwargs, at);
    case "scale_linear":
      only("gain", "offset", "axis", "axes");
      requireChannelAxis(kwargs, at);
      return {
        id,
        gain: reader.numbers(kwargs.gain ?? 1, `${place} gain`, channels),
        offset: reader.numbers(kwargs.offset ?? 0, `${place} offset`, channels),
      };
    case "clip":
      return clip(kwargs, at);
    case "binarize":
      only("threshold", "axis");
      requireChannelAxis(kwargs, at);
      return {
        id,
        threshold: reader.numbers(
          kwargs.threshold,
          `${place} threshold`,
          channels,
        ),
      };
    case "sigmoid":
      only();
      return { id };
    case "softmax":
      only("axis");
      requireChannelAxis(kwargs, at);
      return { id };
    default:
      throw reader.bad(
        `${at.place.replace(/ [^ ]*$/, "")} step`,
        id,
        knownSteps.join(", "),
      );
  }
}

function scaleRange(kwargs: Fields, at: StepPlace): Step {
  const { reader, place } = at;
  reader.requireOnly(kwargs, place, [
    ...["axes", "eps", "mode", "min_percentile", "max_percentile"],
  ]);
  const low = reader.number(kwargs.min_percentile ?? 0, `${place} min`);
  const high = reader.number(kwargs.max_percentile ?? 100, `${place} max`);
  if (!(low >= 0 && high <= 100 && low < high)) {
    throw reader.bad(place, [low, high], "percentiles in order, 0 to 100");
  }
  return {
    ...{ id: "scale_range", low, high, eps: epsOf(kwargs, at) },
    perChannel: isPerChannel(kwargs, at),
  };
}

function fixed(kwargs: Fields, at: StepPlace): Step {
  const { reader, place, channels } = at;
  reader.requireOnly(kwargs, place, [
    "mean",
    "std",
    "axis",
    "axes",
    "mode",
    "eps",
  ]);
  requireChannelAxis(kwargs, at, ["axis"]);
  const std = reader.numbers(kwargs.std, `${place} std`, channels);
  if (!std.every((one) => one > 0)) {
    throw reader.bad(`${place} std`, std, "numbers above 0");
  }
  return {
    id: "fixed_zero_mean_unit_variance",
    mean: reader.numbers(kwargs.mean, `${place} mean`, channels),
    std,
  };
}

function clip(kwargs: Fields, at: StepPlace): Step {
  const { reader, place } = at;
  reader.requireOnly(kwargs, place, [
    ...["min", "max", "min_percentile", "max_percentile", "axes"],
  ]);
  const limit = (name: string) => {
    const value = kwargs[name], share = kwargs[`${name}_percentile`];
    if (value !== undefined && value !== null) {
      return { value: reader.number(value, `${place} ${name}`) };
    }
    if (share === undefined || share === null) return undefined;
    const percentile = reader.number(share, `${place} ${name}_percentile`);
    if (percentile >= 0 && percentile <= 100) return { percentile };
    throw reader.bad(`${place} ${name}_percentile`, percentile, "0 to 100");
  };
  const low = limit("min"), high = limit("max");
  return {
    id: "clip",
    ...(low && { low }),
    ...(high && { high }),
    perChannel: isPerChannel(kwargs, at),
  };
}

function epsOf({ eps = 1e-6 }: Fields, { reader, place }: StepPlace): number {
  const value = reader.number(eps, `${place} eps`);
  if (value > 0 && value <= 0.1) return value;
  throw reader.bad(`${place} eps`, value, "a number above 0, up to 0.1");
}

/** The axes that a list or, in version 0.4, a text of letters names. */
function axesOf(value: unknown, { reader, place }: StepPlace): string[] {
  const names = typeof value === "string"
    ? [...value]
    : reader.list(value, `${place} axes`).map((one) =>
      reader.text(one, `${place} axes`)
    );
  const short: Record<string, string> = { b: "batch", c: "channel" };
  return names.map((name) => Object.hasOwn(short, name) ? short[name]! : name);
}

/** Whether statistics are those of each channel, or of all together. */
function isPerChannel(kwargs: Fields, at: StepPlace): boolean {
  const { reader, place } = at, { axes, mode } = kwargs;
  if (mode !== undefined && mode !== "per_sample") {
    throw reader.bad(`${place} mode`, mode, "per_sample");
  }
  if (axes === undefined || axes === null) return false;
  // Images are given one by one, so the batch changes nothing.
  const names = axesOf(axes, at).filter((name) => name !== "batch");
  const others = names.filter((name) => !["channel", "y", "x"].includes(name));
  const isPlane = names.includes("y") && names.includes("x");
  if (others.length > 0 || !isPlane) {
    throw reader.bad(`${place} axes`, axes, "y and x, with or without channel");
  }
  return !names.includes("channel");
}

/** Refuses lists of numbers along another axis than that of channels. */
function requireChannelAxis(
  kwargs: Fields,
  { reader, place }: StepPlace,
  names: readonly string[] = ["axis", "axes"],
): void {
  for (const name of names) {
    const axis = kwargs[name];
    const isChannel = axis === undefined || axis === null ||
      axis === "channel" || axis === "c";
    // A plane's axes beside single numbers say nothing.
    const isPlane = name === "axes" && typeof axis === "string" &&
      !Array.isArray(kwargs.gain) && !Array.isArray(kwargs.offset);
    if (!isChannel && !isPlane) {
      throw reader.bad(`${place} ${name}`, axis, "channel");
    }
  }
}
