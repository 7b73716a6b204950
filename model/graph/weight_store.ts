import * as tf from "@tensorflow/tfjs-core";
import {
  type BlockWeights,
  foldBatchNorm,
  type FoldedBlock,
} from "../operations/convolution_block.ts";
import type { ConvolutionNode, Graph } from "./node.ts";
import {
  isParameter,
  type WeightShape,
  weightShapes,
} from "./weight_shapes.ts";

/** A folded block, and the data that it was folded from. */
interface Fold extends FoldedBlock {
  readonly from: readonly tf.DataId[];
}

/** A network's tensors on tfjs' current backend. */
export class WeightStore {
  /** All of them, by PyTorch's names. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  readonly #folds = new Map<string, Fold>();

  /** Makes the tensors of a graph, with given values in tfjs' order. */
  constructor(graph: Graph, valuesOf: (weight: WeightShape) => Float32Array) {
    this.variables = new Map(
      weightShapes(graph).map((weight) => {
        const values = tf.tensor(valuesOf(weight), [...weight.shape]);
        const variable = tf.variable(values, isParameter(weight.role));
        values.dispose();
        return [weight.name, variable];
      }),
    );
  }

  /** A tensor by its name. */
  get(name: string): tf.Variable {
    return this.variables.get(name)!;
  }

  /** The tensors of a convolution and of the batch norm after it. */
  block({ name, bias, batchNorm }: ConvolutionNode): BlockWeights {
    return {
      kernel: this.get(`${name}.weight`),
      bias: bias ? this.get(`${name}.bias`) : undefined,
      batchNorm: batchNorm === undefined ? undefined : {
        scale: this.get(`${batchNorm}.weight`),
        offset: this.get(`${batchNorm}.bias`),
        mean: this.get(`${batchNorm}.running_mean`),
        variance: this.get(`${batchNorm}.running_var`),
      },
    };
  }

  /** A block with batch norm folded in, kept until one of its tensors changes. */
  folded(node: ConvolutionNode): FoldedBlock {
    const block = this.block(node);
    if (block.batchNorm === undefined) return foldBatchNorm(block);
    const { kernel, bias, batchNorm } = block;
    const from = [kernel, ...bias ? [bias] : [], ...Object.values(batchNorm)]
      .map(({ dataId }) => dataId);
    const known = this.#folds.get(node.name);
    if (known?.from.every((dataId, i) => dataId === from[i])) return known;
    this.forgetFold(node.name);
    const fold = { from, ...foldBatchNorm(block) };
    this.#folds.set(node.name, {
      ...fold,
      kernel: tf.keep(fold.kernel),
      bias: tf.keep(fold.bias),
    });
    return fold;
  }

  /** Frees what {@linkcode folded} keeps of a block. */
  forgetFold(name: string): void {
    const known = this.#folds.get(name);
    if (known) tf.dispose([known.kernel, known.bias]);
    this.#folds.delete(name);
  }

  /** Frees everything. */
  dispose(): void {
    for (const name of [...this.#folds.keys()]) this.forgetFold(name);
    tf.dispose([...this.variables.values()]);
  }
}
