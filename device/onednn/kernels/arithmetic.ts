import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import type { Primitive } from "../_primitive.ts";
import type { Scope } from "../_scope.ts";
import { algorithm, operand } from "../_symbols.ts";
import { jointLayout, rowMajorOf } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";

const operations: Readonly<Record<string, number>> = {
  Add: algorithm.add,
  Maximum: algorithm.maximum,
  Minimum: algorithm.minimum,
  Multiply: algorithm.multiply,
  RealDiv: algorithm.divide,
  Sub: algorithm.subtract,
};

const commutes = ["Add", "Maximum", "Minimum", "Multiply"];

/**
 * Kernels that combine two tensors number by number: of one shape, or where
 * the second is a number or fits the last dimensions of the first.
 */
export const arithmetic: readonly Kernel[] = Object.entries(operations).map(
  ([name, algorithm]) => ({
    name,
    run(machine, { inputs }) {
      const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
      if (a.dtype !== "float32" || b.dtype !== "float32") return null;
      if (a.shape.includes(0) || b.shape.includes(0)) return null;
      if (`${a.shape}` === `${b.shape}`) {
        return sameShape(machine, [a, b], { algorithm });
      }
      if (fits(a.shape, b.shape)) return broadcast(machine, algorithm, a, b);
      if (commutes.includes(name) && fits(b.shape, a.shape)) {
        return broadcast(machine, algorithm, b, a);
      }
      return null;
    },
  }),
);

/** The sum of two tensors of one shape, then ReLU. */
export const addRelu: Kernel = {
  name: fusedKernels.addRelu,
  run(machine, { inputs }) {
    const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
    return sameShape(machine, [a, b], { algorithm: algorithm.add, relu: true });
  },
};

/** The sum of several tensors of one shape. */
export const addN: Kernel = {
  name: "AddN",
  run(machine, { inputs }) {
    const tensors = Object.values(inputs);
    const [first, ...others] = tensors;
    if (tensors.some(({ dtype }) => dtype !== "float32")) return null;
    if (!first || others.length === 0 || first.shape.includes(0)) return null;
    let sum = first;
    for (const other of others) {
      const next = sameShape(machine, [sum, other], {
        algorithm: algorithm.add,
      });
      if (sum !== first) machine.backend.disposeData(sum.dataId, true);
      sum = next;
    }
    return sum;
  },
};

/** What joins two numbers. */
interface Operation {
  readonly algorithm: number;
  /** Whether ReLU follows; false by default. */
  readonly relu?: boolean;
}

function sameShape(
  machine: Machine,
  [a, b]: readonly [TensorInfo, TensorInfo],
  operation: Operation,
): TensorInfo {
  const own = jointLayout(machine, [a, b]);
  // In padding, zero by zero would be NaN.
  const layout = own.dense || own.rowMajor === own ? own : own.rowMajor;
  return machine.compute((scope) => {
    const flat = machine.layouts.flat(layout);
    const { tensor, address } = scope.output(a.shape, layout);
    combine(machine, operation, flat, flat).run(
      scope.source(a, layout),
      scope.source(b, layout),
      address,
    );
    return tensor;
  });
}

/** Whether the second repeats along the first's leading dimensions. */
function fits(shape: readonly number[], by: readonly number[]): boolean {
  const size = by.reduce((a, b) => a * b, 1);
  const core = by.slice(by.findIndex((count) => count !== 1));
  return size === 1 ? by.length <= shape.length : by.length <= shape.length &&
    `${core}` === `${shape.slice(shape.length - core.length)}`;
}

function broadcast(
  machine: Machine,
  algorithm: number,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo {
  const { layouts } = machine;
  const columns = b.shape.reduce((x, y) => x * y, 1);
  const size = a.shape.reduce((x, y) => x * y, 1);
  const rowMajor = rowMajorOf(machine, a);
  // A number as one of many rows of one would take oneDNN a hundred times as
  // long as in one row, and rows of three numbers five times as long as rows
  // of many.
  const times = columns === 1 ? 1 : repeats(size / columns, columns);
  const all = layouts.vector(
    columns === 1 ? [1, size] : [size / columns / times, columns * times],
  );
  const row = layouts.vector([1, columns * times]);
  return machine.compute((scope) => {
    const { tensor, address } = scope.output(a.shape, rowMajor);
    combine(machine, { algorithm }, all, row).run(
      scope.source(a, rowMajor),
      times === 1
        ? scope.source(b, rowMajorOf(machine, b))
        : repeated(machine, scope, b, times),
      address,
    );
    return tensor;
  });
}

/** A row of that many numbers is long enough. */
const longRow = 1024;

/** How many short rows make a longer one, of which there is a whole number. */
function repeats(rows: number, columns: number): number {
  let times = Math.max(1, Math.floor(longRow / columns));
  while (rows % times > 0) times--;
  return times;
}

/** A row of numbers several times, one after the other. */
function repeated(
  { backend, pool }: Machine,
  scope: Scope,
  row: TensorInfo,
  times: number,
): bigint {
  const values = backend.readSync(row.dataId) as Float32Array;
  const long = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) long.set(values, i * values.length);
  const place = scope.scratch(long.byteLength);
  pool.upload(place, long);
  return place;
}

/** What joins two tensors that lie so, number by number. */
export function combine(
  machine: Machine,
  { algorithm, relu = false }: Operation,
  a: Layout,
  b: Layout,
): Primitive {
  const key = `arithmetic ${algorithm} ${relu} ${a.id} ${b.id}`;
  return machine.primitives.get(key, () => {
    const about = `arithmetic ${
      algorithm.toString(16)
    } [${a.dims}] [${b.dims}]`;
    return compile(machine.library, {
      about,
      maker: "dnnl_binary_primitive_desc_create",
      given: [algorithm, a.handle, b.handle, a.handle],
      attribute: relu ? machine.attributes.relu : 0n,
      operands: [
        [operand.source, a],
        [operand.source1, b],
        [operand.destination, a],
      ],
    });
  });
}
