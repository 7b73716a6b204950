import { compile } from "../_compile.ts";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { algorithm, operand } from "../_symbols.ts";

/** Where a row of numbers lies, and where the number that multiplies it. */
export type Weighted = readonly [address: bigint, factor: bigint];

/** Adds two rows of numbers, each times a factor, into a third. */
export type WeightedSum = (a: Weighted, b: Weighted, to: bigint) => void;

/** Adds two rows of so many numbers, each times a factor. */
export function weightedSum(machine: Machine, count: number): WeightedSum {
  const row = machine.layouts.vector([count]);
  return prepare(machine, row, row);
}

/** Adds one number to a row of so many, each times a factor. */
export function weightedShift(machine: Machine, count: number): WeightedSum {
  const { layouts } = machine;
  return prepare(machine, layouts.vector([count]), layouts.vector([1]));
}

function prepare(machine: Machine, row: Layout, by: Layout): WeightedSum {
  const { library, layouts } = machine;
  const number = layouts.vector([1]);
  const key = `weighted sum ${row.id} ${by.id}`;
  const primitive = machine.primitives.get(key, () =>
    compile(library, {
      about: `weighted sum [${row.dims}] [${by.dims}]`,
      maker: "dnnl_binary_primitive_desc_create",
      given: [algorithm.add, row.handle, by.handle, row.handle],
      attribute: machine.attributes.scales,
      operands: [
        [operand.source, row],
        [operand.source1, by],
        [operand.destination, row],
        [operand.scales | operand.source, number],
        [operand.scales | operand.source1, number],
      ],
    }));
  return ([a, factorOfA], [b, factorOfB], to) =>
    primitive.run(a, b, to, factorOfA, factorOfB);
}
