import { hasChosenChannels, type Head } from "@unet/task";
import { nodesOf } from "../graph/node.ts";
import { graphOf } from "../networks/graph_of.ts";
import type { ModelPlan } from "../plan.ts";
import type { OnnxOutputs, OnnxSizes } from "./onnx_options.ts";
import { outputChannelNames } from "./output_channel_names.ts";
import { describeSizes, marginOf } from "../sizes.ts";

/** Facts that users of an exported network need. */
export interface OnnxDescription {
  /** What goes in. */
  readonly input: string;
  /** Which heights and widths. */
  readonly sizes: string;
  /** How dark images and those of more than 8 bits are stretched. */
  readonly intensities: string;
  /** How values are normalized. */
  readonly normalization: string;
  /** What each output holds, by its name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The name of the one output that holds all heads' values. */
export const joinedOutputName = "prediction";

/**
 * Says how an exported network is used, for the file's metadata.
 *
 * @param plan The network.
 * @param options Sizes, stretch and outputs, as the file has them.
 */
export function describeOnnx(
  plan: ModelPlan,
  { sizes, stretch, outputs = "separate" }: {
    readonly sizes: OnnxSizes;
    readonly stretch: boolean;
    readonly outputs?: OnnxOutputs;
  },
): OnnxDescription {
  const isPair = nodesOf(graphOf(plan), "head")[0]!.isPair;
  const names = outputChannelNames(plan.task.heads);
  const channels = [...(isPair ? ["background"] : []), ...names];
  const activated = plan.task.heads.map(({ name, activation }) =>
    `${activation} of ${name}`
  );
  return {
    ...describeInput(plan, stretch),
    sizes: sizes === "any" ? anySize(plan) : fittingSizes(plan),
    outputs: outputs === "joined"
      ? { [joinedOutputName]: `${names.join(", ")}; ${activated.join(", ")}` }
      : {
        logits: `${channels.join(", ")}; ` +
          (isPair
            ? ["softmax over the first two", ...activated.slice(1)]
            : activated).join(", "),
        ...Object.fromEntries(plan.task.heads.flatMap(describeHead)),
      },
  };
}

/** What goes in, and what is done to its values. */
function describeInput(
  { task: { input }, normalization: { mean, deviation } }: ModelPlan,
  stretch: boolean,
): Pick<OnnxDescription, "input" | "intensities" | "normalization"> {
  const { channels } = input, isChosen = hasChosenChannels(input);
  const names = channels.map(({ name }) => name).join(", ");
  const shape = `image, float32 [batch, ${channels.length}, height, width]`;
  const value = isChosen ? "value" : "value / 255";
  return {
    input: isChosen
      ? `${shape}: the channels ${names}, ` +
        (stretch ? "as the file has them" : "each from 0 to 1")
      : `${shape}: red, green, blue from 0 to 255, not normalized; a gray ` +
        "image three times",
    intensities: isChosen
      ? (stretch ? channelsInside : channelsOutside)
      : input.normalization === "color-percentiles"
      ? percentilesOutside
      : (stretch ? stretchedInside : stretchedOutside),
    normalization: `part of the model: (${value} - mean) / deviation with ` +
      `mean ${mean.join(", ")} and deviation ${deviation.join(", ")}`,
  };
}

/** What the outputs of a head hold, by their names. */
function describeHead(head: Head, at: number): [string, string][] {
  const { name, activation, classes } = head;
  const map = onnxMapName(head, at);
  return [
    [
      onnxOutputName(head, at),
      activation === "none"
        ? `values of the head ${name}`
        : classes
        ? `of each class, 0 to 1: ${classes.join(", ")}`
        : `of the head ${name}, 0 to 1`,
    ],
    ...(map === undefined ? [] : [[
      map,
      "uint8, the number of the most probable class: " +
      classes!.map((name, number) => `${number} ${name}`).join(", "),
    ] as [string, string]]),
  ];
}

/** The name of a head's output: the first head's is plainly `probability`. */
export function onnxOutputName(
  { name, activation }: Pick<Head, "name" | "activation">,
  index: number,
): string {
  const kind = activation === "none" ? "values" : "probability";
  return index === 0 ? kind : `${name}_${kind}`;
}

/** Classes that a class map of 8 bits can number. */
const mostClasses = 256;

/** The name of a head's class map; undefined if it has none. */
export function onnxMapName(
  { name, activation, classes }: Pick<Head, "name" | "activation" | "classes">,
  index: number,
): string | undefined {
  const hasMap = activation === "softmax" && classes !== undefined &&
    classes.length <= mostClasses;
  if (!hasMap) return undefined;
  return index === 0 ? "class_map" : `${name}_class_map`;
}

function anySize(plan: ModelPlan): string {
  const margin = marginOf(plan);
  return "any height and width; outputs have the same. The model mirrors " +
    "images at their edges up to the next size that the network takes " +
    `(${describeSizes(plan)}), with the image in the center, and crops its ` +
    "outputs" +
    (margin === 0
      ? ""
      : `. The outer ${margin} pixels are decided with mirrored pixels beside ` +
        "them: overlap the tiles of a larger image by as many");
}

function fittingSizes(plan: ModelPlan): string {
  const margin = marginOf(plan);
  return `height and width are ${describeSizes(plan)}; the caller pads and ` +
    "crops" +
    (margin === 0 ? "" : `. Outputs lack ${margin} pixels on each side`);
}

const stretchedInside =
  "stretched in the model, each image of the batch by itself: where its 99.9th " +
  "percentile over the three channels is below 128, or a value is above 255, " +
  "values from the 0.1th to the 99.9th percentile become 0 to 255. Pass whole " +
  "images of 8 or 16 bits as they are; tiles of a larger image need a model " +
  "exported without this step";

const stretchedOutside =
  "not stretched in the model. Before you cut tiles, find low and high, the " +
  "0.1th and 99.9th percentile of the whole image over its color channels " +
  '(numpy\'s percentile with method="inverted_cdf"). Where the image has more ' +
  "than 8 bits, or high is below 128, replace each value by " +
  "round(min(255, max(0, (value - low) * 255 / (high - low)))), or by 0 where " +
  "high equals low; leave other images as they are";

const percentilesOutside =
  "not stretched in the model. Before you cut tiles, find low and high, the " +
  "1st and 99.8th percentile of the whole image over its color channels " +
  '(numpy\'s percentile with method="inverted_cdf"), or its smallest and ' +
  "largest value where both are equal. Let noise be the median of the absolute " +
  "differences between neighbors in a row, of all color channels, divided by " +
  "0.9539. For integers, let top be 255 or 65535, and missing = min(top, 16 * " +
  "max(1, noise)) - (high - low); where missing is above 0, let below = " +
  "missing * low / (low + top - high), then low = low - below and high = high " +
  "+ missing - below. For floats, high = max(high, low + 16 * noise). Replace " +
  "each value by round(min(255, max(0, (value - low) * 255 / (high - low)))), " +
  "or by 0 where high equals low. Of a slide of more than 16 megapixels with " +
  "levels, take low and high of the lowest level of a megapixel or more, of its " +
  "tissue alone";

const channelsInside =
  "normalized in the model, each channel of each image by itself: values from " +
  "the 1st to the 99.8th percentile become 0 to 1 and are cut off beyond. Pass " +
  "whole images, without values that are not numbers; tiles of a larger image " +
  "need a model exported without this step";

const channelsOutside =
  "not normalized in the model. Before you cut tiles, find low and high, the " +
  "1st and 99.8th percentile of each channel over the whole image (numpy's " +
  'percentile with method="inverted_cdf"), or its smallest and largest value ' +
  "where low equals high. Replace each value by min(1, max(0, (value - low) / " +
  "(high - low))), or by 0 where high equals low";
