import type { TensorInfo } from "@tensorflow/tfjs-core";
import {
  fusedKernels,
  type Int8ConvolutionAttrs,
} from "../../fused_kernels.ts";
import { dimsOf, type Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import type { Block } from "../_memory_pool.ts";
import { Primitive, wantedLayout } from "../_primitive.ts";
import { algorithm, operand, propagation } from "../_symbols.ts";
import { centeredConvolution, type Geometry } from "./_geometry.ts";
import type { Kernel } from "./_kernel.ts";

type Shape = [number, number, number, number];

/** The steps of eight bits on one side of zero. */
const steps = { u8: 255, s8: 127 } as const;

/** A convolution on numbers of eight bits. */
export const int8Convolution: Kernel = {
  name: fusedKernels.int8Convolution,
  run(machine, { inputs, attrs }) {
    const { x, kernel, bias } = inputs as Record<
      "x" | "kernel" | "bias",
      TensorInfo
    >;
    const { inputLimit, signed, outputLimit, stride, relu } =
      attrs as unknown as Int8ConvolutionAttrs;
    const { layouts } = machine;
    const type = signed ? "s8" : "u8";
    const source = layouts.eightBits(x.shape, type, inputLimit / steps[type]);
    const geometry = centeredConvolution(
      x.shape as Shape,
      kernel.shape as Shape,
      stride,
    );
    const shape = geometry.output;
    const destination = outputLimit === null
      ? layouts.features(shape)
      : layouts.eightBits(shape, "u8", outputLimit / steps.u8);
    const primitive = forward(machine, geometry, { source, destination, relu });
    const [, weights, biases] = primitive.operands
      .map(([, layout]) => layout) as [Layout, Layout, Layout];
    return machine.compute((scope) => {
      const from = scope.source(x, source);
      const { factors, address } = roundedKernel(machine, kernel, weights);
      const output = scope.output(shape, destination);
      const scales = scope.numbers(source.scale, destination.scale);
      primitive.run(
        from,
        address,
        scope.source(bias, biases),
        output.address,
        scales[0]!,
        factors,
        ...outputLimit === null ? [] : [scales[1]!],
      );
      return output.tensor;
    });
  },
};

function forward(
  machine: Machine,
  { kernel, strides, before, after, output, input }: Geometry,
  { source, destination, relu }: {
    source: Layout;
    destination: Layout;
    relu: boolean;
  },
): Primitive {
  const key =
    `eight bits ${source.id} ${destination.id} ${kernel}/${strides} ${relu}`;
  return machine.primitives.get(key, () => {
    const { library, layouts, attributes } = machine;
    const [h, w, from, to] = kernel;
    const about = `convolution of eight bits [${input}] · [${kernel}]`;
    const vector = layouts.vector([to]), number = layouts.vector([1]);
    const isFloat = destination.type === "f32";
    const descriptor = library.create(
      "dnnl_convolution_forward_primitive_desc_create",
      about,
      library.engine,
      propagation.inference,
      algorithm.direct,
      source.handle,
      layouts.any([to, from, h, w], "s8"),
      vector.handle,
      destination.handle,
      dimsOf(strides),
      dimsOf([0, 0]),
      dimsOf(before),
      dimsOf(after),
      isFloat
        ? relu ? attributes.eightBitsToFloat : attributes.eightBitsToSum
        : attributes.eightBits,
    );
    const weights = wantedLayout(library, layouts, descriptor, [
      "weights",
      layouts.kernel(kernel),
      "s8",
    ]);
    const [n, height, width] = output;
    return new Primitive(library, {
      about,
      descriptor,
      operations: 2 * n * height * width * h * w * from * to,
      operands: [
        [operand.source, source],
        [operand.weights, weights],
        [operand.bias, vector],
        [operand.destination, destination],
        [operand.scales | operand.source, number],
        [operand.scales | operand.weights, vector],
        ...isFloat
          ? []
          : [[operand.scales | operand.destination, number] as const],
      ],
    });
  });
}

/** The kernel rounded, and what a step stands for in each output channel. */
function roundedKernel(
  machine: Machine,
  kernel: TensorInfo,
  layout: Layout,
): { factors: bigint; address: bigint } {
  const { backend, pool, layouts, reorder } = machine;
  const key = `eight bits ${layout.id}`;
  const channels = kernel.shape[3]!;
  // Factors first, then the kernel on a line of the cache of its own.
  const offset = BigInt(64 * Math.ceil(channels / 16));
  let block: Block | null = backend.companionOf(kernel, key);
  if (!block) {
    const values = backend.readSync(kernel.dataId) as Float32Array;
    const { factors, rounded } = roundByChannel(values, channels);
    const plain = layouts.strided(
      layout.dims,
      layouts.kernelStrides(kernel.shape),
      "s8",
    );
    block = pool.take(Number(offset) + layout.bytes);
    pool.upload(block.pointer, factors);
    const place = pool.take(rounded.byteLength);
    pool.upload(place.pointer, rounded);
    reorder.run(plain, layout, place, { pointer: block.pointer + offset });
    pool.give(place);
    backend.accompany(kernel, { key, block });
  }
  return { factors: block.pointer, address: block.pointer + offset };
}

function roundByChannel(
  values: Float32Array,
  channels: number,
): { factors: Float32Array<ArrayBuffer>; rounded: Int8Array<ArrayBuffer> } {
  const largest = new Float32Array(channels);
  for (let i = 0; i < values.length; i++) {
    const channel = i % channels;
    largest[channel] = Math.max(largest[channel]!, Math.abs(values[i]!));
  }
  // A channel of zeros stays one.
  const factors = largest.map((value) => (value || 1) / steps.s8);
  const rounded = new Int8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    rounded[i] = Math.round(values[i]! / factors[i % channels]!);
  }
  return { factors, rounded };
}
