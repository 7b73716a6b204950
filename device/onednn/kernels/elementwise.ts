import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import type { Primitive } from "../_primitive.ts";
import { algorithm, operand, propagation } from "../_symbols.ts";
import { jointLayout, rowMajorOf } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";

/** A function of one number, as oneDNN has it. */
interface Elementwise {
  /** tfjs' name. */
  readonly name: string;
  /** oneDNN's. */
  readonly algorithm: number;
  /** oneDNN's two parameters. */
  readonly parameters?: (attrs: Record<string, unknown>) => [number, number];
  /** Whether zero stays zero, so that padding stays clean. */
  readonly keepsZero: boolean;
}

/**
 * Exp and ReLU are none of them: oneDNN's make infinity and zero of NaN, which
 * would hide that a training diverged.
 */
const functions: readonly Elementwise[] = [
  { name: "Abs", algorithm: algorithm.abs, keepsZero: true },
  {
    name: "ClipByValue",
    algorithm: algorithm.clip,
    parameters: ({ clipValueMin, clipValueMax }) => [
      clipValueMin as number,
      clipValueMax as number,
    ],
    keepsZero: false,
  },
  {
    name: "LeakyRelu",
    algorithm: algorithm.relu,
    parameters: ({ alpha }) => [alpha as number, 0],
    keepsZero: true,
  },
  { name: "Log", algorithm: algorithm.log, keepsZero: false },
  {
    name: "Neg",
    algorithm: algorithm.linear,
    parameters: () => [-1, 0],
    keepsZero: true,
  },
  { name: "Sigmoid", algorithm: algorithm.logistic, keepsZero: false },
  { name: "Sqrt", algorithm: algorithm.sqrt, keepsZero: true },
  { name: "Square", algorithm: algorithm.square, keepsZero: true },
  { name: "Tanh", algorithm: algorithm.tanh, keepsZero: true },
];

/** Kernels that compute each number on its own. */
export const elementwise: readonly Kernel[] = functions.map((each) => ({
  name: each.name,
  run(machine, { inputs, attrs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    if (x.dtype !== "float32" || x.shape.includes(0)) return null;
    const [alpha, beta] = each.parameters?.(attrs) ?? [0, 0];
    const own = jointLayout(machine, [x]);
    const layout = own.type === "f32" && (own.dense || each.keepsZero)
      ? own
      : rowMajorOf(machine, x);
    return machine.compute((scope) => {
      const { tensor, address } = scope.output(x.shape, layout);
      eachNumber(machine, layout, [each.algorithm, alpha, beta])
        .run(scope.source(x, layout), address);
      return tensor;
    });
  },
}));

/** A function of each number of a layout, with oneDNN's two parameters. */
export function eachNumber(
  machine: Machine,
  layout: Layout,
  [algorithm, alpha = 0, beta = 0]: readonly [
    algorithm: number,
    alpha?: number,
    beta?: number,
  ],
): Primitive {
  const flat = machine.layouts.flat(layout);
  const key = `elementwise ${algorithm} ${alpha} ${beta} ${flat.id}`;
  return machine.primitives.get(key, () => {
    const about = `elementwise ${algorithm.toString(16)} [${flat.dims}]`;
    return compile(machine.library, {
      about,
      maker: "dnnl_eltwise_forward_primitive_desc_create",
      given: [
        propagation.inference,
        algorithm,
        flat.handle,
        flat.handle,
        alpha,
        beta,
      ],
      operands: [[operand.source, flat], [operand.destination, flat]],
    });
  });
}
