import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import { Primitive } from "../_primitive.ts";
import { algorithm, operand, propagation } from "../_symbols.ts";
import type { Kernel } from "./_kernel.ts";

type Shape = [number, number, number, number];

/** tfjs' upsampling by repeating pixels, where it doubles height and width. */
export const resizeNearest: Kernel = {
  name: "ResizeNearestNeighbor",
  run(machine, { inputs, attrs }) {
    const { images } = inputs as Record<"images", TensorInfo>;
    const [n, h, w, c] = images.shape as Shape;
    const [height, width] = attrs.size as [number, number];
    const isDoubled = height === 2 * h && width === 2 * w;
    if (images.dtype !== "float32" || !isDoubled || !isPlain(attrs)) {
      return null;
    }
    if (images.shape.includes(0)) return null;
    const layouts = layoutsOf(machine, [n, h, w, c]);
    return machine.compute((scope) => {
      const y = scope.output([n, 2 * h, 2 * w, c], layouts.large);
      forward(machine, layouts)
        .run(scope.source(images, layouts.small), y.address);
      return y.tensor;
    });
  },
};

/** The gradient of doubling: the sum over the pixels that repeat one. */
export const upNearestGrad: Kernel = {
  name: fusedKernels.upNearestGrad,
  run(machine, { inputs }) {
    const { dy } = inputs as Record<"dy", TensorInfo>;
    const [n, h, w, c] = dy.shape as Shape;
    const shape: Shape = [n, h / 2, w / 2, c];
    const layouts = layoutsOf(machine, shape);
    return machine.compute((scope) => {
      const dx = scope.output(shape, layouts.small);
      backward(machine, layouts)
        .run(scope.source(dy, layouts.large), dx.address);
      return dx.tensor;
    });
  },
};

/** The layouts of the features before and after doubling. */
interface Layouts {
  readonly small: Layout;
  readonly large: Layout;
}

function isPlain(attrs: Record<string, unknown>): boolean {
  return attrs.alignCorners === false && !attrs.halfPixelCenters;
}

function layoutsOf(machine: Machine, [n, h, w, c]: Shape): Layouts {
  const type = machine.mixed && c % 16 === 0 ? "bf16" : "f32";
  return {
    small: machine.layouts.preferred([n, h, w, c], type),
    large: machine.layouts.preferred([n, 2 * h, 2 * w, c], type),
  };
}

const factors = Float32Array.of(2, 2);

function forwardDescriptor({ library }: Machine, { small, large }: Layouts) {
  return library.create(
    "dnnl_resampling_forward_primitive_desc_create",
    `upsampling forward [${small.dims}]`,
    library.engine,
    propagation.training,
    algorithm.resampleNearest,
    factors,
    small.handle,
    large.handle,
    0n,
  );
}

function forward(machine: Machine, layouts: Layouts): Primitive {
  const { small, large } = layouts;
  return machine.primitives.get(
    `upsampling ${small.id}`,
    () =>
      new Primitive(machine.library, {
        about: `upsampling forward [${small.dims}]`,
        descriptor: forwardDescriptor(machine, layouts),
        operands: [[operand.source, small], [operand.destination, large]],
      }),
  );
}

function backward(machine: Machine, layouts: Layouts): Primitive {
  const { small, large } = layouts;
  return machine.primitives.get(`upsampling backward ${small.id}`, () => {
    const { library } = machine;
    const about = `upsampling backward [${small.dims}]`;
    const hint = forwardDescriptor(machine, layouts);
    return compile(library, {
      ...{ about, hint },
      maker: "dnnl_resampling_backward_primitive_desc_create",
      given: [
        ...[algorithm.resampleNearest, factors],
        ...[small.handle, large.handle],
      ],
      operands: [
        [operand.destinationGradient, large],
        [operand.sourceGradient, small],
      ],
    });
  });
}
