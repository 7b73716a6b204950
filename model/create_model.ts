/**
 * A network on tfjs' current backend, with random or given weights. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { registerGradients } from "@unet/device/gradients";
import type { Random } from "@unet/random";
import type { Task } from "@unet/task";
import { checkInput } from "./_check_input.ts";
import type { Graph } from "./graph/node.ts";
import { passSizes } from "./graph/pass_sizes.ts";
import { runGraph } from "./graph/run_graph.ts";
import { type SizeRule, sizeRuleOf } from "./graph/size_rule.ts";
import { type Freezing, trainableWeights } from "./graph/trainable_weights.ts";
import { WeightStore } from "./graph/weight_store.ts";
import type { WeightShape } from "./graph/weight_shapes.ts";
import { initialValues } from "./initialize.ts";
import { requireInt8 } from "./int8.ts";
import type { ForwardOptions, Model } from "./model.ts";
import { graphOf } from "./networks/graph_of.ts";
import { networkOf } from "./networks/custom_network.ts";
import { withoutGradient } from "./operations/without_gradient.ts";
import { completePlan, type ModelPlan } from "./plan.ts";

export type { WeightShape };

/**
 * Builds a network with random weights on tfjs' current backend: the one
 * that the plan names.
 *
 * @param plan What differs from the network's own settings.
 * @param random The source of the weights; the same on every device.
 * @returns The model; the caller disposes it.
 * @throws {RangeError} If a setting is outside its range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const x = tf.zeros<tf.Rank.R4>([1, 32, 64, 3]);
 * const logits = model.forward(x, { training: false });
 * assertEquals(logits.shape, [1, 32, 64, 1]);
 * tf.dispose([x, logits]);
 * model.dispose();
 * ```
 */
export function createModel(plan: Partial<ModelPlan>, random: Random): Model {
  return buildModel(
    completePlan(plan),
    (weight) => initialValues(weight, random),
  );
}

/**
 * Builds a network with given weights on tfjs' current backend.
 *
 * @param plan The plan, complete.
 * @param valuesOf Gives the values of a tensor, in tfjs' order.
 * @returns The model; the caller disposes it.
 */
export function buildModel(
  plan: ModelPlan,
  valuesOf: (weight: WeightShape) => Float32Array,
): Model {
  return new GraphModel(plan, valuesOf);
}

class GraphModel implements Model {
  readonly margin: number;
  readonly sizeMultiple: number;
  readonly #graph: Graph;
  readonly #sizes: SizeRule;
  readonly #store: WeightStore;
  readonly #mean: tf.Tensor;
  readonly #deviation: tf.Tensor;
  #plan: ModelPlan;

  constructor(
    plan: ModelPlan,
    valuesOf: (weight: WeightShape) => Float32Array,
  ) {
    // What has no derivative by hand is differentiated by these.
    registerGradients();
    this.#plan = plan;
    this.#graph = graphOf(plan);
    this.#sizes = sizeRuleOf(this.#graph);
    this.sizeMultiple = this.#sizes.multiple;
    this.margin = this.#sizes.margin;
    this.#store = new WeightStore(this.#graph, valuesOf);
    const { mean, deviation } = plan.normalization;
    this.#mean = tf.keep(tf.tensor1d([...mean]));
    this.#deviation = tf.keep(tf.tensor1d([...deviation]));
  }

  get plan(): ModelPlan {
    return this.#plan;
  }

  get task(): Task {
    return this.#plan.task;
  }

  get weights(): ReadonlyMap<string, tf.Variable> {
    return this.#store.variables;
  }

  get trainable(): readonly string[] {
    return trainableWeights(this.#graph, this.#freezing);
  }

  freezeEncoder(frozen: boolean | number): void {
    this.#plan = completePlan({ ...this.#plan, freezeEncoder: frozen });
  }

  forward(x: tf.Tensor4D, options: ForwardOptions): tf.Tensor4D {
    checkInput(x, this.#sizes, this.task.input.channels.length);
    if (options.int8) requireInt8();
    if (options.training) return this.#run(x, options);
    const [count, height, width] = x.shape;
    const { mostValues } = options;
    const sizes = passSizes(this.#graph, [count, height, width], mostValues);
    if (sizes.length === 1) return this.#run(x, options);
    return tf.tidy(() =>
      tf.concat(
        tf.split<tf.Tensor4D>(x, sizes).map((part) => {
          const logits = this.#run(part, options);
          part.dispose();
          return logits;
        }),
      )
    );
  }

  #run(x: tf.Tensor4D, options: ForwardOptions): tf.Tensor4D {
    return runGraph(this.#graph, this.#store, x, {
      ...options,
      freezing: this.#freezing,
      normalize: (x) => this.#normalize(x),
    });
  }

  dispose(): void {
    this.#store.dispose();
    tf.dispose([this.#mean, this.#deviation]);
  }

  get #freezing(): Freezing {
    const { network, freezeEncoder, freezeBatchNorm } = this.#plan;
    const all = freezeEncoder ? networkOf(network).blocks : 0;
    return {
      blocks: typeof freezeEncoder === "number" ? freezeEncoder : all,
      batchNorm: freezeBatchNorm,
    };
  }

  #normalize(x: tf.Tensor4D): tf.Tensor4D {
    return withoutGradient(() =>
      tf.div<tf.Tensor4D>(tf.sub(x, this.#mean), this.#deviation)
    );
  }
}
