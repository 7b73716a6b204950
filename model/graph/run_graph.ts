import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import type { Random } from "@unet/random";
import type { ForwardOptions } from "../model.ts";
import { addRelu } from "../operations/add_relu.ts";
import { announceGradient } from "../operations/announce_gradient.ts";
import {
  type BlockWeights,
  inferBlock,
  inferBlockInt8,
  trainBlock,
} from "../operations/convolution_block.ts";
import { cropBorder } from "../operations/crop.ts";
import { dropout } from "../operations/dropout.ts";
import { foldFrozen } from "../operations/frozen_batch_norm.ts";
import { headConvolution } from "../operations/head_convolution.ts";
import { maxPool } from "../operations/max_pool.ts";
import { objectLogit } from "../operations/object_logit.ts";
import { upConcatenate } from "../operations/up_concatenate.ts";
import { upNearest } from "../operations/up_nearest.ts";
import { int8Limits } from "./int8_limits.ts";
import { inferPlanes, suitsPlanes } from "./run_planes.ts";
import {
  type ConvolutionNode,
  type Graph,
  type GraphNode,
  interpret,
  type Interpreter,
} from "./node.ts";
import { type Freezing, isFrozen } from "./trainable_weights.ts";
import type { WeightStore } from "./weight_store.ts";

/** Options for running a graph. */
export interface RunOptions extends ForwardOptions {
  /** What of the network stays as it is in training. */
  readonly freezing: Freezing;
  /** Normalizes the image. */
  readonly normalize: (x: tf.Tensor4D) => tf.Tensor4D;
}

/** What a node gave. */
interface Value {
  features: tf.Tensor4D;
  /**
   * Pixels on each side that are still to be taken off. Convolutions without
   * padding are computed as padded ones, and what the zeros reached is taken
   * off before anything else reads it: the same numbers, and no device needs
   * another kernel.
   */
  border: number;
  /** Whether anything before it is trained. */
  readonly isTrained: boolean;
}

/** One run of a graph. */
interface Run {
  readonly graph: Graph;
  readonly weights: WeightStore;
  readonly x: tf.Tensor4D;
  readonly options: RunOptions;
  /** Whether a node's own weights are trained. */
  trains(node: GraphNode): boolean;
  /** A trained tensor, whose gradient is announced if somebody asks for it. */
  trained(name: string): tf.Tensor;
}

/**
 * Runs a network; every value is freed after the last node that reads it.
 *
 * @param graph The network.
 * @param weights Its tensors.
 * @param x Images `[N, H, W, C]`.
 * @param options How.
 * @returns What the last node gives; the caller disposes it.
 */
export function runGraph(
  graph: Graph,
  weights: WeightStore,
  x: tf.Tensor4D,
  options: RunOptions,
): tf.Tensor4D {
  const { training, freezing, onGradient } = options;
  const run: Run = {
    graph,
    weights,
    x,
    options,
    trains: (node) => training && !isFrozen(node, freezing),
    trained: (name) =>
      training && onGradient
        ? announceGradient(
          weights.get(name),
          (gradient) => onGradient(name, gradient),
        )
        : weights.get(name),
  };
  const lastReader = new Map<number, number>();
  graph.forEach(({ inputs }, place) =>
    inputs.forEach((input) => lastReader.set(input, place))
  );
  const isInPlanes = options.int8 !== undefined && !training &&
    !options.observe && suitsPlanes(graph);
  return tf.tidy(() => {
    const values: Value[] = [];
    graph.forEach((node, place) => {
      const inputs = node.inputs.map((input) => values[input]!);
      values.push(
        isInPlanes
          ? inPlanes(node, inputs, run)
          : interpret(forwards, node, inputs, run),
      );
      for (const input of node.inputs) {
        if (lastReader.get(input) === place) values[input]!.features.dispose();
      }
    });
    return values.at(-1)!.features;
  });
}

/** A node on a device that keeps eight bits in planes. */
function inPlanes(node: GraphNode, inputs: Value[], run: Run): Value {
  const { graph, weights, options: { int8 } } = run;
  const features = inferPlanes(
    node,
    inputs.map(({ features }) => features),
    { graph, weights, limits: int8! },
  );
  return features
    ? valueOf(features, inputs[0]!)
    : interpret(forwards, node, inputs, run);
}

const forwards: Interpreter<[Value[], Run], Value> = {
  image: (_, __, { x, options }) => valueOf(options.normalize(x), false),
  convolution: (node, [from], run) => {
    const isTrained = from!.isTrained || run.trains(node);
    const features = run.trains(node)
      ? trainNode(node, from!, run)
      : inferNode(node, from!, run);
    const border = from!.border + (node.isPadded ? 0 : (node.kernel - 1) / 2);
    return { features, border, isTrained };
  },
  pool: ({ size }, [from]) => {
    const x = settled(from!);
    return valueOf(maxPool(x, { size, needsGradient: from!.isTrained }), from!);
  },
  up: (node, [below, other], { trained, options }) => {
    const x = settled(below!);
    const skip = other && settled(other);
    const needs = {
      needsGradient: below!.isTrained,
      needsSkipGradient: other?.isTrained ?? false,
    };
    const features = node.by === "nearest"
      ? upNearest(x, { skip, ...needs })
      : upConcatenate({
        x,
        kernel: trained(`${node.name}.weight`),
        bias: trained(`${node.name}.bias`),
        skip: skip!,
      }, needs.needsSkipGradient);
    if (!options.training) options.observe?.(node.name, features);
    return {
      features,
      border: 0,
      isTrained: options.training &&
        (node.by === "convolution" || below!.isTrained ||
          needs.needsSkipGradient),
    };
  },
  add: (node, [a, b], run) => {
    const features = addRelu(settled(a!), settled(b!), {
      needsFirstGradient: a!.isTrained,
      needsSecondGradient: b!.isTrained,
    });
    if (!run.trains(node)) run.options.observe?.(node.name, features);
    const isTrained = a!.isTrained || b!.isTrained;
    return { features, border: 0, isTrained };
  },
  crop: ({ margin }, [from]) => {
    const x = settled(from!);
    return valueOf(cropBorder(x, margin, from!.isTrained), from!);
  },
  dropout: ({ rate }, [from], { options: { training, random } }) => {
    const x = settled(from!);
    const features = training
      ? dropout(x, rate, givenRandom(random))
      : x.clone();
    return valueOf(features, from!);
  },
  head: ({ name, isPair }, [from], { trained }) => {
    const logits = headConvolution(
      settled(from!),
      trained(`${name}.weight`),
      trained(`${name}.bias`),
    );
    if (!isPair) return valueOf(logits, from!);
    const difference = objectLogit(logits);
    logits.dispose();
    return valueOf(difference, from!);
  },
};

function valueOf(
  features: tf.Tensor4D,
  from: Pick<Value, "isTrained"> | false,
): Value {
  return { features, border: 0, isTrained: from && from.isTrained };
}

/** A value's features without the border that is still to be taken off. */
function settled(value: Value): tf.Tensor4D {
  const { features, border, isTrained } = value;
  if (border > 0) {
    value.features = cropBorder(features, border, isTrained);
    value.border = 0;
    features.dispose();
  }
  return value.features;
}

function trainNode(
  node: ConvolutionNode,
  { features, isTrained }: Value,
  { weights, trained, options }: Run,
): tf.Tensor4D {
  const { freezing, statisticsMomentum, sharedBatch } = options;
  weights.forgetFold(node.name);
  const { bias, batchNorm } = weights.block(node);
  const block: BlockWeights = {
    kernel: trained(`${node.name}.weight`),
    bias: bias && trained(`${node.name}.bias`),
    batchNorm: batchNorm && {
      ...batchNorm,
      ...(!freezing.batchNorm && {
        scale: trained(`${node.batchNorm}.weight`),
        offset: trained(`${node.batchNorm}.bias`),
      }),
    },
  };
  return trainBlock(features, freezing.batchNorm ? foldFrozen(block) : block, {
    stride: node.stride,
    relu: node.relu,
    needsInputGradient: isTrained,
    momentum: statisticsMomentum,
    sharedBatch,
  });
}

function inferNode(
  node: ConvolutionNode,
  { features }: Value,
  { graph, weights, options: { int8, observe } }: Run,
): tf.Tensor4D {
  const folded = weights.folded(node);
  const limits = int8 && int8Limits(graph, node, int8);
  const { stride, relu } = node;
  const output = limits
    ? inferBlockInt8(features, folded, limits)
    : inferBlock(features, folded, { stride, relu });
  observe?.(node.name, output);
  return output;
}

function givenRandom(random: Random | undefined): Random {
  if (random !== undefined) return random;
  throw new TypeError(
    cannot("run", "model in", "training", {
      found: "dropout without a source of random numbers",
      expected: "options.random",
    }),
  );
}
