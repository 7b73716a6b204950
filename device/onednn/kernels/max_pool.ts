import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { dimsOf, type Layout } from "../_layouts.ts";
import type { Handle } from "../_library.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import { Primitive, wantedLayout } from "../_primitive.ts";
import { algorithm, operand, propagation } from "../_symbols.ts";
import type { Kernel } from "./_kernel.ts";

type Shape = [number, number, number, number];
type Window = backend_util.Conv2DInfo;

/** tfjs' max pooling. */
export const maxPool: Kernel = {
  name: "MaxPool",
  run(machine, { inputs, attrs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    const window = windowOf(x, attrs);
    if (!suits(window)) return null;
    const { backend, pool } = machine;
    const stored = backend.nativeOf(x).layout;
    if (stored?.type === "u8") return poolEightBits(machine, x, window, stored);
    const primitive = forward(machine, window);
    const [[, source], [, destination], [, places]] = primitive.operands as [
      readonly [number, Layout],
      readonly [number, Layout],
      readonly [number, Layout],
    ];
    return machine.compute((scope) => {
      const y = scope.output(window.outShape, destination);
      const block = pool.take(places.bytes);
      backend.accompany(y.tensor, { key: keyOf(window), block });
      primitive.run(scope.source(x, source), y.address, block.pointer);
      return y.tensor;
    });
  },
};

/** The gradient of tfjs' max pooling: to the first of the largest. */
export const maxPoolGrad: Kernel = {
  name: "MaxPoolGrad",
  run(machine, { inputs, attrs }) {
    const { dy, input, output } = inputs as Record<
      "dy" | "input" | "output",
      TensorInfo
    >;
    const window = windowOf(input, attrs);
    if (!suits(window)) return null;
    const primitive = backward(machine, window);
    const { pool, backend } = machine;
    const [, [, destination], [, places]] = forward(machine, window)
      .operands as [
        readonly [number, Layout],
        readonly [number, Layout],
        readonly [number, Layout],
      ];
    return machine.compute((scope) => {
      const known = backend.companionOf(output, keyOf(window));
      const found = known?.pointer ?? scope.scratch(places.bytes);
      if (!known) {
        const again = scope.scratch(destination.bytes);
        const from = forward(machine, window).operands[0]![1];
        forward(machine, window).run(scope.source(input, from), again, found);
      }
      const [[, gradient], [, source]] = primitive.operands as [
        readonly [number, Layout],
        readonly [number, Layout],
      ];
      const dx = scope.output(input.shape, source);
      // Windows that do not cover all leave gaps, where the gradient is zero.
      pool.clear(dx.address, source.bytes);
      primitive.run(scope.source(dy, gradient), dx.address, found);
      return dx.tensor;
    });
  },
};

/** The largest of eight bits is one of eight bits; no gradient follows. */
function poolEightBits(
  machine: Machine,
  x: TensorInfo,
  window: Window,
  source: Layout,
): TensorInfo {
  const { library, layouts } = machine;
  const destination = layouts.eightBits(window.outShape, "u8", source.scale);
  const key = `eight bits ${source.id} ${keyOf(window)}`;
  const primitive = machine.primitives.get(key, () => {
    const about = `max pool of eight bits [${source.dims}]`;
    return compile(library, {
      about,
      maker: "dnnl_pooling_forward_primitive_desc_create",
      given: [
        propagation.inference,
        algorithm.maxPool,
        source.handle,
        destination.handle,
        ...stepsOf(window),
      ],
      operands: [
        [operand.source, source],
        [operand.destination, destination],
      ],
    });
  });
  return machine.compute((scope) => {
    const { tensor, address } = scope.output(window.outShape, destination);
    primitive.run(scope.source(x, source), address);
    return tensor;
  });
}

function windowOf(
  x: TensorInfo,
  attrs: Record<string, unknown>,
): Window {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as {
    filterSize: number | [number, number];
    strides: number | [number, number];
    pad: "valid" | "same" | number | backend_util.ExplicitPadding;
    dimRoundingMode?: "floor" | "round" | "ceil";
  };
  return backend_util.computePool2DInfo(
    x.shape as Shape,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** oneDNN refuses windows that lie in the padding as a whole. */
function suits({ padInfo, outShape, inShape, ...window }: Window): boolean {
  const { top, bottom, left, right } = padInfo;
  return ![...outShape, ...inShape].includes(0) &&
    Math.max(top, bottom) < window.filterHeight &&
    Math.max(left, right) < window.filterWidth;
}

function keyOf({ inShape, outShape, padInfo, ...window }: Window): string {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = window;
  const sizes = [filterHeight, filterWidth, strideHeight, strideWidth];
  return `max pool ${inShape}/${outShape}/${sizes}/${padInfo.top},${padInfo.left}`;
}

function layoutsOf(machine: Machine, { inShape, outShape }: Window) {
  const type = machine.mixed && inShape[3] % 16 === 0 ? "bf16" : "f32";
  return {
    source: machine.layouts.preferred(inShape, type),
    destination: machine.layouts.preferred(outShape, type),
  };
}

function stepsOf({ padInfo, inShape, outShape, ...window }: Window) {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = window;
  const { top, left } = padInfo;
  const bottom = (outShape[1] - 1) * strideHeight + filterHeight - inShape[1] -
    top;
  const right = (outShape[2] - 1) * strideWidth + filterWidth - inShape[2] -
    left;
  return [
    dimsOf([strideHeight, strideWidth]),
    dimsOf([filterHeight, filterWidth]),
    dimsOf([0, 0]),
    dimsOf([top, left]),
    dimsOf([bottom, right]),
  ] as const;
}

function forwardDescriptor(machine: Machine, window: Window): Handle {
  const { source, destination } = layoutsOf(machine, window);
  return machine.library.create(
    "dnnl_pooling_forward_primitive_desc_create",
    `max pool forward [${source.dims}]`,
    machine.library.engine,
    propagation.training,
    algorithm.maxPool,
    source.handle,
    destination.handle,
    ...stepsOf(window),
    0n,
  );
}

function forward(machine: Machine, window: Window): Primitive {
  return machine.primitives.get(keyOf(window), () => {
    const { library, layouts } = machine;
    const { source, destination } = layoutsOf(machine, window);
    const descriptor = forwardDescriptor(machine, window);
    const places = wantedLayout(library, layouts, descriptor, [
      "workspace",
      destination.rowMajor,
    ]);
    return new Primitive(library, {
      about: `max pool forward [${source.dims}]`,
      descriptor,
      operands: [
        [operand.source, source],
        [operand.destination, destination],
        [operand.workspace, places],
      ],
    });
  });
}

function backward(machine: Machine, window: Window): Primitive {
  return machine.primitives.get(`backward ${keyOf(window)}`, () => {
    const { library, layouts } = machine;
    const { source, destination } = layoutsOf(machine, window);
    const about = `max pool backward [${source.dims}]`;
    const hint = forwardDescriptor(machine, window);
    const places = wantedLayout(library, layouts, hint, [
      "workspace",
      destination.rowMajor,
    ]);
    return compile(library, {
      ...{ about, hint },
      maker: "dnnl_pooling_backward_primitive_desc_create",
      given: [
        ...[algorithm.maxPool, source.handle, destination.handle],
        ...stepsOf(window),
      ],
      operands: [
        [operand.destinationGradient, destination],
        [operand.sourceGradient, source],
        [operand.workspace, places],
      ],
    });
  });
}
