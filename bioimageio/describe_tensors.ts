import {
  fitInputSize,
  marginOf,
  outputChannelNames,
  sizeRule,
} from "@unet/model";
import type { PackageFacts } from "./package_facts.ts";
import { preprocessingOf } from "./preprocessing_of.ts";
import type { Limit, Step } from "./step.ts";

/** Pixels at a tile's edge that programs leave out, where the network pads. */
const halo = 32;

/** A smaller side would have nothing left between two of them. */
const smallestSide = 96;

/**
 * Describes what goes into a model by bioimage.io's specification.
 *
 * @param facts What is known of the model.
 * @returns The tensor's description, without its test tensor.
 */
export function describeInput(facts: PackageFacts): Record<string, unknown> {
  const { plan } = facts, { input } = plan.task;
  const { steps, isInGraph } = preprocessingOf(input);
  const names = input.channels.map(({ name }) => name);
  const { multiple } = sizeRule(plan);
  return {
    id: "image",
    description: describeChannels(names),
    axes: [
      { type: "batch" },
      { type: "channel", channel_names: names },
      ...["y", "x"].map((id) => ({
        ...spaceOf(id, facts),
        size: { min: fitInputSize(plan, smallestSide), step: multiple },
        // Tiles would be stretched by their own percentiles.
        concatenable: !isInGraph,
      })),
    ],
    data: { type: "float32", range: [0, null] },
    preprocessing: [asFloats, ...steps.map(describeStep), asFloats],
  };
}

const asFloats = { id: "ensure_dtype", kwargs: { dtype: "float32" } } as const;

/**
 * Describes what a model gives by bioimage.io's specification.
 *
 * @param facts What is known of the model.
 * @returns The tensor's description, without its test tensor.
 */
export function describeOutput(facts: PackageFacts): Record<string, unknown> {
  const { plan } = facts, { heads } = plan.task, margin = marginOf(plan);
  const isProbable = heads.every(({ activation }) => activation !== "none");
  return {
    id: "prediction",
    description: isProbable
      ? "probabilities"
      : "probabilities, and values of heads without activation",
    axes: [
      { type: "batch" },
      { type: "channel", channel_names: outputChannelNames(heads) },
      ...["y", "x"].map((id) => ({
        ...spaceOf(id, facts),
        size: {
          ...{ tensor_id: "image", axis_id: id },
          ...(margin > 0 && { offset: -2 * margin }),
        },
        ...(margin === 0 && { halo }),
      })),
    ],
    data: { type: "float32", range: isProbable ? [0, 1] : [null, null] },
  };
}

function spaceOf(
  id: string,
  { pixelSize }: PackageFacts,
): Record<string, unknown> {
  return {
    ...{ type: "space", id },
    ...(pixelSize !== undefined && { unit: "micrometer", scale: pixelSize }),
  };
}

function describeChannels(names: readonly string[]): string {
  const text = `values as the file has them: ${names.join(", ")}`;
  return text.length <= 128 ? text : "values as the file has them";
}

function describeStep(step: Step): Record<string, unknown> {
  switch (step.id) {
    case "scale_range":
      return {
        id: step.id,
        kwargs: {
          axes: axesOf(step.perChannel),
          min_percentile: step.low,
          max_percentile: step.high,
          eps: step.eps,
        },
      };
    case "clip":
      return {
        id: step.id,
        kwargs: {
          ...(step.low && describeLimit("min", step.low)),
          ...(step.high && describeLimit("max", step.high)),
        },
      };
    case "scale_linear":
      return {
        id: step.id,
        kwargs: { gain: step.gain[0], offset: step.offset[0] },
      };
    default:
      throw new RangeError(
        `Cannot describe step: found ${step.id}, expected one of preprocessingOf()`,
      );
  }
}

function axesOf(perChannel: boolean): string[] {
  return perChannel ? ["y", "x"] : ["channel", "y", "x"];
}

function describeLimit(name: string, limit: Limit): Record<string, number> {
  return "value" in limit
    ? { [name]: limit.value }
    : { [`${name}_percentile`]: limit.percentile };
}
