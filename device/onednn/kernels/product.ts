import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type Layout, stridesOf } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import type { Primitive } from "../_primitive.ts";
import { algorithm, operand, propagation } from "../_symbols.ts";
import type { Kernel } from "./_kernel.ts";
import { rowMajorOf } from "./_joint_layout.ts";

/** Products of matrices, in batches. */
export const batchMatMul: Kernel = {
  name: "BatchMatMul",
  run(machine, { inputs, attrs }) {
    const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
    const { transposeA = false, transposeB = false } = attrs as {
      transposeA?: boolean;
      transposeB?: boolean;
    };
    const tensors = [a, b];
    if (tensors.some(({ dtype }) => dtype !== "float32")) return null;
    if (tensors.some(({ shape }) => shape.includes(0))) return null;
    const batches = tensors.map(({ shape }) => shape.slice(0, -2));
    // One batch for all of the other's, or the same; tfjs has more.
    const [before, other] = batches as [number[], number[]];
    const counts = batches.map((shape) => util.sizeFromShape(shape));
    const same = `${before}` === `${other}`;
    if (!same && !counts.includes(1)) return null;
    const left = matrixOf(machine, a, transposeA);
    const right = matrixOf(machine, b, transposeB);
    const rows = left.dims[1]!, columns = right.dims[2]!;
    const leading = counts[0] === 1 && !same ? other : before;
    const shape = [...leading, rows, columns];
    const product = machine.layouts.vector([
      Math.max(...counts),
      rows,
      columns,
    ]);
    return machine.compute((scope) => {
      const { tensor, address } = scope.output(shape, product);
      multiply(machine, [left, right, product]).run(
        scope.source(a, rowMajorOf(machine, a)),
        scope.source(b, rowMajorOf(machine, b)),
        address,
      );
      return tensor;
    });
  },
};

/** Shares that add up to 1, along the last dimension. */
export const softmax: Kernel = {
  name: "Softmax",
  run(machine, { inputs, attrs }) {
    const { logits } = inputs as Record<"logits", TensorInfo>;
    const { shape, dtype } = logits;
    const { dim = -1 } = attrs as { dim?: number };
    const isLast = dim === -1 || dim === shape.length - 1;
    if (!isLast || dtype !== "float32" || shape.includes(0)) return null;
    if (shape.length === 0) return null;
    const classes = shape.at(-1)!;
    const rows = util.sizeFromShape(shape) / classes;
    const layout = machine.layouts.vector([rows, classes]);
    const { library, primitives } = machine;
    const primitive = primitives.get(`softmax ${layout.id}`, () => {
      const about = `softmax [${layout.dims}]`;
      return compile(library, {
        about,
        maker: "dnnl_softmax_forward_primitive_desc_create",
        given: [
          propagation.inference,
          algorithm.softmax,
          layout.handle,
          layout.handle,
          1,
        ],
        operands: [[operand.source, layout], [operand.destination, layout]],
      });
    });
    return machine.compute((scope) => {
      const { tensor, address } = scope.output(shape, layout);
      primitive.run(
        scope.source(logits, rowMajorOf(machine, logits)),
        address,
      );
      return tensor;
    });
  },
};

/** A tensor as a batch of matrices, which may lie transposed. */
function matrixOf(
  { layouts }: Machine,
  { shape }: TensorInfo,
  isTransposed: boolean,
): Layout {
  const batch = util.sizeFromShape(shape.slice(0, -2));
  const [rows, columns] = shape.slice(-2) as [number, number];
  const [step, line, item] = stridesOf([batch, rows, columns]) as [
    number,
    number,
    number,
  ];
  return isTransposed
    ? layouts.strided([batch, columns, rows], [step, item, line])
    : layouts.strided([batch, rows, columns], [step, line, item]);
}

function multiply(
  { library, primitives }: Machine,
  layouts: readonly [Layout, Layout, Layout],
): Primitive {
  const [a, b, product] = layouts;
  return primitives.get(`product ${a.id} ${b.id} ${product.id}`, () => {
    const about = `product [${a.dims}] · [${b.dims}]`;
    return compile(library, {
      about,
      maker: "dnnl_matmul_primitive_desc_create",
      given: [a.handle, b.handle, 0n, product.handle],
      operations: 2 * product.dims.reduce((x, y) => x * y, 1) * a.dims[2]!,
      operands: [
        [operand.source, a],
        [operand.weights, b],
        [operand.destination, product],
      ],
    });
  });
}
