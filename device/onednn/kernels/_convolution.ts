import { dimsOf, type Layout, type NumberType } from "../_layouts.ts";
import type { Handle } from "../_library.ts";
import type { Machine } from "../_machine.ts";
import {
  implementationOf,
  type LayoutQuery,
  Primitive,
  wantedLayout,
} from "../_primitive.ts";
import { algorithm, operand, propagation } from "../_symbols.ts";
import type { Geometry, Shape } from "./_geometry.ts";

/** What a forward convolution does beside. */
export interface ForwardParts {
  /** Whether there is a bias. */
  readonly bias: boolean;
  /** Whether ReLU follows. */
  readonly relu: boolean;
  /** Whether the weights stay, so that preparing them pays. */
  readonly inference: boolean;
  /** Whether weights may not grow, as Winograd's do. */
  readonly direct?: boolean;
}

/** The passes of a convolution. */
export type Pass = "forward" | "data" | "weights";

/** How oneDNN computes one pass. */
interface Way {
  readonly algorithm: number;
  /** What features are. */
  readonly type: NumberType;
  /**
   * How features lie whose channels fill no block, or all: in tfjs' order, or
   * as oneDNN decides.
   */
  readonly lies?: "rows" | "free" | "all free";
}

/**
 * The ways to compute a pass, the best first, by rule, so that a training
 * repeats to the bit. Winograd's F(4×4, 3×3) needs 3×3 kernels of stride 1
 * whose channels fill blocks, and enough windows of 4×4 to pay for turning
 * the weights; oneDNN before 3.2 has it, on AVX-512.
 */
function waysOf(machine: Machine, geometry: Geometry, pass: Pass): Way[] {
  const { kernel: [h, w, input, output], strides, dilations } = geometry;
  const type = machine.mixed ? "bf16" : "f32";
  // A head's few channels: copies to blocks and back take longer than it.
  const isHead = h === 1 && w === 1 && machine.library.hasAvx512;
  const direct: Way[] = (["rows", "free", "all free"] as const)
    .filter((lies) => isHead || lies !== "rows")
    .map((lies) => ({ algorithm: algorithm.direct, type, lies }));
  const fits = machine.options.winograd && h === 3 && w === 3 &&
    input % 16 === 0 && output % 16 === 0 &&
    `${strides}/${dilations}` === "1,1/1,1";
  if (!fits || windowsOf(geometry) < fewestWindows[type][pass]) return direct;
  return [{ algorithm: algorithm.winograd, type: "f32" }, ...direct];
}

/** With fewer windows of 4×4 the direct way is faster: bench/ measures it. */
const fewestWindows: Record<"bf16" | "f32", Record<Pass, number>> = {
  f32: { forward: 16, data: 16, weights: 32 },
  bf16: { forward: 64, data: 64, weights: 64 },
};

function windowsOf({ output: [n, h, w] }: Geometry): number {
  return n * Math.ceil(h / 4) * Math.ceil(w / 4);
}

/** The layouts of a convolution's operands in tfjs' order, as float32. */
function rowMajorOf({ layouts }: Machine, geometry: Geometry) {
  const { input, output, kernel, transposed } = geometry;
  const [h, w, from, to] = kernel;
  return {
    source: layouts.features(input),
    destination: layouts.features(output),
    weights: transposed
      ? layouts.vector([to, from, h, w])
      : layouts.kernel(kernel),
    bias: layouts.vector([to]),
  };
}

/** Channels that fill blocks lie in blocks, others as the way has it. */
function wish(
  { layouts }: Machine,
  [n, h, w, c]: Shape,
  { type, lies = "free" }: Pick<Way, "type" | "lies">,
): Handle {
  const given = c % 16 === 0 ? lies !== "all free" : lies === "rows";
  return given
    ? layouts.preferred([n, h, w, c], type).handle
    : layouts.any([n, c, h, w], type);
}

function keyOf(geometry: Geometry): string {
  const { input, kernel, strides, dilations, before, after } = geometry;
  const { transposed = false } = geometry;
  return [input, kernel, strides, dilations, before, after, transposed]
    .join("/");
}

function describe(pass: Pass, { input, kernel }: Geometry): string {
  return `convolution ${pass} [${input}] · [${kernel}]`;
}

function operationsOf({ output, kernel }: Geometry): number {
  const [n, h, w] = output;
  return 2 * n * h * w * kernel.reduce((a, b) => a * b, 1);
}

function stepsOf({ strides, dilations, before, after }: Geometry) {
  return [
    dimsOf(strides),
    dimsOf(dilations.map((dilation) => dilation - 1)),
    dimsOf(before),
    dimsOf(after),
  ] as const;
}

/** Output channels that fill no block are a head's logits: kept exact. */
function outputType({ output }: Geometry, type: NumberType): NumberType {
  return output[3] % 16 === 0 ? type : "f32";
}

/** A forward convolution: source, weights, bias if there is one, destination. */
export function convolutionForward(
  machine: Machine,
  geometry: Geometry,
  parts: ForwardParts,
): Primitive {
  const { bias, relu, inference, direct = false } = parts;
  const key = `convolution ${keyOf(geometry)} ` +
    `${bias} ${relu} ${inference} ${direct}`;
  return machine.primitives.get(key, () => {
    const { library } = machine;
    const rowMajor = rowMajorOf(machine, geometry);
    const [descriptor, { type }] = first(
      machine,
      waysOf(machine, geometry, "forward")
        .filter(({ algorithm: each }) => !direct || each === algorithm.direct),
      (way) => forwardDescriptor(machine, geometry, parts, way),
    );
    const layout = wanting(machine, descriptor);
    const outType = outputType(geometry, type);
    return new Primitive(library, {
      about: describe("forward", geometry),
      descriptor,
      operations: operationsOf(geometry),
      operands: [
        [operand.source, layout("source", rowMajor.source, type)],
        [operand.weights, layout("weights", rowMajor.weights, type)],
        ...parts.bias ? [[operand.bias, rowMajor.bias] as const] : [],
        [
          operand.destination,
          layout("destination", rowMajor.destination, outType),
        ],
      ],
    });
  });
}

function forwardDescriptor(
  machine: Machine,
  geometry: Geometry,
  { bias, relu, inference }: ForwardParts,
  { algorithm, type, lies = "free", isHint = false }: Way & {
    readonly isHint?: boolean;
  },
): Handle | null {
  const { library, layouts } = machine;
  const rowMajor = rowMajorOf(machine, geometry);
  return library.tryCreate(
    "dnnl_convolution_forward_primitive_desc_create",
    describe("forward", geometry),
    library.engine,
    inference ? propagation.inference : propagation.training,
    algorithm,
    wish(machine, geometry.input, { type, lies }),
    layouts.any(rowMajor.weights.dims, type),
    bias ? rowMajor.bias.handle : 0n,
    // A gradient comes in the type of the features.
    wish(machine, geometry.output, {
      type: isHint ? type : outputType(geometry, type),
      lies,
    }),
    ...stepsOf(geometry),
    relu ? machine.attributes.relu : 0n,
  );
}

/** The gradient by the input: destination's gradient, weights, source's. */
export function convolutionBackwardData(
  machine: Machine,
  geometry: Geometry,
): Primitive {
  const key = `convolution data ${keyOf(geometry)}`;
  return machine.primitives.get(key, () => {
    const { library, layouts } = machine;
    const { source, destination, weights } = rowMajorOf(machine, geometry);
    const [descriptor, { type }] = firstHinted(
      machine,
      geometry,
      "data",
      (way, hint) =>
        library.tryCreate(
          "dnnl_convolution_backward_data_primitive_desc_create",
          describe("data", geometry),
          library.engine,
          way.algorithm,
          wish(machine, geometry.input, way),
          layouts.any(weights.dims, way.type),
          wish(machine, geometry.output, way),
          ...stepsOf(geometry),
          hint,
          0n,
        ),
    );
    const layout = wanting(machine, descriptor);
    return new Primitive(library, {
      about: describe("data", geometry),
      descriptor,
      operations: operationsOf(geometry),
      operands: [
        [
          operand.destinationGradient,
          layout("destinationGradient", destination, type),
        ],
        [operand.weights, layout("weights", weights, type)],
        [operand.sourceGradient, layout("sourceGradient", source, type)],
      ],
    });
  });
}

/**
 * The gradient by the kernel: source, destination's gradient, weights'
 * gradient, and the bias' if it is wanted.
 */
export function convolutionBackwardWeights(
  machine: Machine,
  geometry: Geometry,
  bias: boolean,
): Primitive {
  const key = `convolution weights ${keyOf(geometry)} ${bias}`;
  return machine.primitives.get(key, () => {
    const { library, layouts } = machine;
    const rowMajor = rowMajorOf(machine, geometry);
    const { source, destination, weights } = rowMajor;
    const [descriptor, { type }] = firstHinted(
      machine,
      geometry,
      "weights",
      (way, hint) =>
        library.tryCreate(
          "dnnl_convolution_backward_weights_primitive_desc_create",
          describe("weights", geometry),
          library.engine,
          way.algorithm,
          wish(machine, geometry.input, way),
          layouts.any(weights.dims),
          bias ? rowMajor.bias.handle : 0n,
          wish(machine, geometry.output, way),
          ...stepsOf(geometry),
          hint,
          0n,
        ),
    );
    const layout = wanting(machine, descriptor);
    return new Primitive(library, {
      about: describe("weights", geometry),
      descriptor,
      operations: operationsOf(geometry),
      operands: [
        [operand.source, layout("source", source, type)],
        [
          operand.destinationGradient,
          layout("destinationGradient", destination, type),
        ],
        [operand.weightsGradient, layout("weightsGradient", weights, "f32")],
        ...bias ? [[operand.biasGradient, rowMajor.bias] as const] : [],
      ],
    });
  });
}

/** The first way that oneDNN has, its slow reference code only if need be. */
function first(
  { library }: Machine,
  ways: readonly Way[],
  create: (way: Way) => Handle | null,
): [Handle, Way] {
  let slow: [Handle, Way] | null = null;
  for (const way of ways) {
    const descriptor = create(way);
    if (descriptor === null) continue;
    if (!implementationOf(library, descriptor).startsWith("ref")) {
      if (slow) library.functions.dnnl_primitive_desc_destroy(slow[0]);
      return [descriptor, way];
    }
    if (slow) library.functions.dnnl_primitive_desc_destroy(descriptor);
    else slow = [descriptor, way];
  }
  if (slow) return slow;
  throw new Error("no implementation of this convolution in this oneDNN");
}

/** As {@linkcode first}, with the forward descriptor that backward asks for. */
function firstHinted(
  machine: Machine,
  geometry: Geometry,
  pass: Pass,
  create: (way: Way, hint: Handle) => Handle | null,
): [Handle, Way] {
  const plain = { bias: false, relu: false, inference: false };
  return first(machine, waysOf(machine, geometry, pass), (way) => {
    const hint = forwardDescriptor(machine, geometry, plain, {
      ...way,
      isHint: true,
    });
    if (hint === null) return null;
    const descriptor = create(way, hint);
    machine.library.functions.dnnl_primitive_desc_destroy(hint);
    return descriptor;
  });
}

function wanting({ library, layouts }: Machine, descriptor: Handle) {
  return (which: LayoutQuery, rowMajor: Layout, type: NumberType): Layout =>
    wantedLayout(library, layouts, descriptor, [which, rowMajor, type]);
}
