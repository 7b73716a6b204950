import type { Handle, Library } from "./_library.ts";
import { algorithm, operand } from "./_symbols.ts";

/** What may be added to a primitive, made once. */
export interface Attributes {
  /** ReLU on the result. */
  readonly relu: Handle;
  /** The result is added to what lies there. */
  readonly sum: Handle;
  /** Two sources of a sum, each times a number given when it runs. */
  readonly scales: Handle;
  /** A source times a number given when it runs. */
  readonly sourceScale: Handle;
  /**
   * ReLU on the result, and factors given when it runs: of the source, of each
   * output channel of the weights, of the destination.
   */
  readonly eightBits: Handle;
  /** The same without the destination's. */
  readonly eightBitsToFloat: Handle;
  /** The same without ReLU either. */
  readonly eightBitsToSum: Handle;
  /** Frees them. */
  destroy(): void;
}

/** Makes the attributes. */
export function createAttributes(library: Library): Attributes {
  const { functions } = library;
  const create = (set: (attributes: Handle) => number): Handle => {
    const attributes = library.create("dnnl_primitive_attr_create", "options");
    library.check(set(attributes), "dnnl_primitive_attr", "options");
    return attributes;
  };
  const withPostOp = (append: (operations: Handle) => number): Handle => {
    const operations = library.create("dnnl_post_ops_create", "options");
    library.check(append(operations), "dnnl_post_ops_append", "options");
    const attributes = create((attributes) =>
      functions.dnnl_primitive_attr_set_post_ops(attributes, operations)
    );
    functions.dnnl_post_ops_destroy(operations);
    return attributes;
  };
  const relu = withPostOp((operations) =>
    functions.dnnl_post_ops_append_eltwise(operations, algorithm.relu, 0, 0)
  );
  const sum = withPostOp((operations) =>
    functions.dnnl_post_ops_append_sum(operations, 1, 0, 0)
  );
  const scaled = (
    attributes: Handle,
    masks: readonly (readonly [operand: number, mask: number])[],
  ): number =>
    masks.reduce(
      (status, [operand, mask]) =>
        status || functions.dnnl_primitive_attr_set_scales_mask(
          attributes,
          operand,
          mask,
        ),
      0,
    );
  const scales = create((attributes) =>
    scaled(attributes, [[operand.source, 0], [operand.source1, 0]])
  );
  const sourceScale = create((attributes) =>
    scaled(attributes, [[operand.source, 0]])
  );
  const factors = [[operand.source, 0], [operand.weights, 1]] as const;
  const reluAnd = (
    masks: readonly (readonly [operand: number, mask: number])[],
  ): Handle => {
    const attributes = withPostOp((operations) =>
      functions.dnnl_post_ops_append_eltwise(operations, algorithm.relu, 0, 0)
    );
    library.check(scaled(attributes, masks), "dnnl_primitive_attr", "options");
    return attributes;
  };
  const eightBitsToFloat = reluAnd(factors);
  const eightBitsToSum = create((attributes) => scaled(attributes, factors));
  const eightBits = reluAnd([...factors, [operand.destination, 0]]);
  const all = [
    ...[relu, sum, scales, sourceScale],
    ...[eightBits, eightBitsToFloat, eightBitsToSum],
  ];
  return {
    sourceScale,
    eightBits,
    eightBitsToFloat,
    eightBitsToSum,
    relu,
    sum,
    scales,
    destroy() {
      for (const attributes of all) {
        functions.dnnl_primitive_attr_destroy(attributes);
      }
    },
  };
}
