/**
 * The layers of a network, and what they cost. Runs in a browser.
 *
 * @module
 */
import { cannot } from "@unet/errors";
import { extentsOf } from "./graph/extent.ts";
import { interpret, type Interpreter, nodesOf } from "./graph/node.ts";
import { describeRule, fitTo, sizeRuleOf } from "./graph/size_rule.ts";
import { isParameter, weightsOfNode } from "./graph/weight_shapes.ts";
import { graphOf } from "./networks/graph_of.ts";
import { completePlan, type ModelPlan } from "./plan.ts";

/** One line of a {@linkcode Summary}. */
export interface SummaryRow {
  /** The layer's name. */
  readonly name: string;
  /** What it is, as in "3×3 convolution". */
  readonly kind: string;
  /** Rows, columns and channels that come out. */
  readonly output: readonly [height: number, width: number, channels: number];
  /** Trained values in it. */
  readonly parameters: number;
  /** Floating point operations for one image, a multiply-add counted as two. */
  readonly flop: number;
}

/** The layers of a network, with totals. */
export interface Summary {
  /** The layers in order; batch norm and ReLU count with their convolution. */
  readonly rows: readonly SummaryRow[];
  /** Convolutions with their batch norm, but for the head's. */
  readonly convolutions: number;
  /** Trained values. */
  readonly parameters: number;
  /** Floating point operations of a forward pass for one image. */
  readonly flop: number;
}

/**
 * Lists the layers of a network without building it.
 *
 * @param plan What differs from the report's network.
 * @param size Height and width of the input.
 * @returns Output shapes, parameters and operations.
 * @throws {RangeError} If a setting or the size is out of range.
 *
 * @example
 * ```ts
 * import { summarize } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const { convolutions, parameters } = summarize();
 * assertEquals(convolutions, 27);
 * assertEquals((parameters / 1e6).toFixed(1), "55.0");
 * ```
 */
export function summarize(
  plan: Partial<ModelPlan> = {},
  size: { readonly height: number; readonly width: number } = {
    height: 256,
    width: 256,
  },
): Summary {
  const graph = graphOf(completePlan(plan));
  const rule = sizeRuleOf(graph), { height, width } = size;
  const isFit = (side: number): boolean =>
    Number.isSafeInteger(side) && fitTo(rule, side) === side;
  if (!isFit(height) || !isFit(width)) {
    throw new RangeError(
      cannot("summarize", "model at size", `${height} × ${width}`, {
        found: "a size that the network's poolings do not divide",
        expected: describeRule(rule),
      }),
    );
  }
  const extents = extentsOf(graph);
  const rows = graph.flatMap((node, place): SummaryRow[] => {
    const layer = interpret(layers, node);
    if (layer === null) return [];
    const { stride, lost } = extents[place]!;
    const rows = (height - lost) / stride, columns = (width - lost) / stride;
    const parameters = weightsOfNode(node)
      .filter(({ role }) => isParameter(role))
      .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
    return [{
      name: layer.name,
      kind: layer.kind,
      output: [rows, columns, layer.channels],
      parameters,
      flop: 2 * layer.products * layer.channels * rows * columns,
    }];
  });
  const total = (pick: (row: SummaryRow) => number): number =>
    rows.reduce((sum, row) => sum + pick(row), 0);
  return {
    rows,
    convolutions: nodesOf(graph, "convolution").length,
    parameters: total((row) => row.parameters),
    flop: total((row) => row.flop),
  };
}

/** What a row says of a node. */
interface Layer {
  readonly name: string;
  readonly kind: string;
  readonly channels: number;
  /** Multiplications for one number of the output. */
  readonly products: number;
}

/** Nodes without weights have no row. */
const layers: Interpreter<[], Layer | null> = {
  image: () => null,
  pool: () => null,
  add: () => null,
  crop: () => null,
  dropout: () => null,
  convolution: (node) => {
    const { name, channels, kernel, from, stride, batchNorm } = node;
    const parts = [
      `${kernel}×${kernel} convolution`,
      ...stride === 1 ? [] : [`stride ${stride}`],
      ...batchNorm === undefined ? [] : ["batch norm"],
    ];
    const products = kernel * kernel * from;
    return { name, kind: parts.join(", "), channels, products };
  },
  up: ({ name, by, from, to }) =>
    by === "nearest"
      ? null
      : { name, kind: "2×2 up-convolution", channels: to, products: from },
  head: ({ name, kernel, from, to }) => ({
    name,
    kind: `${kernel}×${kernel} convolution`,
    channels: to,
    products: kernel * kernel * from,
  }),
};
