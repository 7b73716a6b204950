import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type UpConcatGradAttrs } from "../../fused_kernels.ts";
import type { Layout, NumberType } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { type Geometry, sameConvolution } from "./_geometry.ts";
import { convolve, inputGradient, weightsGradient } from "./_convolve.ts";
import type { Kernel } from "./_kernel.ts";
import type { Scope } from "../_scope.ts";
import type { Part } from "../_tensor_entry.ts";
import {
  areJoinable,
  type Features,
} from "../machine_code/winograd_geometry.ts";
import {
  suitsUpConvolution,
  upLanes,
  upOrder,
} from "../machine_code/up_convolution.ts";

type Shape = [number, number, number, number];

/** The tensors of an up-convolution. */
type UpInputs = Record<"x" | "kernel" | "bias" | "skip", TensorInfo>;

/**
 * The up-convolution in machine code, or else as a product: each pixel becomes
 * 4 · out channels, which a copy then spreads over 2×2 pixels, straight into
 * the concatenation.
 */
export const upConcat: Kernel = {
  name: fusedKernels.upConcat,
  run(machine, { inputs }) {
    const { x, kernel, bias, skip } = inputs as UpInputs;
    const own = inMachineCode(machine, { x, kernel, bias, skip });
    if (own) return own;
    const plan = planOf(machine, x, kernel, skip.shape[3]!);
    const { layouts, reorder } = machine;
    return machine.compute((scope) => {
      const biases = fourfold(machine, bias);
      const parts = { x, kernel, bias: biases };
      const product = convolve(machine, scope, plan.geometry, parts);
      const output = scope.output(plan.shape, plan.joined);
      const from = scope.source(product, plan.product);
      const spread = { pointer: output.address };
      reorder.run(plan.packed, plan.spread, { pointer: from }, spread);
      const part = layouts.channels(plan.joined, plan.channels, plan.skip);
      const native = machine.backend.nativeOf(skip);
      const own = native.layout ?? layouts.features(skip.shape);
      reorder.run(own, part, native.block, spread);
      scope.release(product);
      machine.backend.disposeData(biases.dataId, true);
      return output.tensor;
    });
  },
};

/** The up-convolution in machine code; null where there is no program. */
function inMachineCode(
  machine: Machine,
  { x, kernel, bias, skip }: UpInputs,
): TensorInfo | null {
  const { upConvolution, layouts, reorder } = machine;
  const inputs = x.shape[3]!, outputs = kernel.shape[2]!;
  const others = skip.shape[3]!;
  const channels = { outputs, skip: others };
  const fits = upConvolution !== null && !machine.mixed &&
    suitsUpConvolution(x.shape as Shape, channels);
  if (!fits) return null;
  const { shape, joined } = planOf(machine, x, kernel, others);
  const features = (
    { shape }: TensorInfo,
    layout: Layout,
    address: bigint,
  ): Features => ({
    address,
    shape: shape as Shape,
    blocked: layout !== layouts.features(shape),
  });
  const staysApart = readsParts(machine, shape, channels);
  return machine.compute((scope) => {
    const read = (tensor: TensorInfo) => {
      const layout = layouts.preferred(tensor.shape);
      return features(tensor, layout, scope.source(tensor, layout));
    };
    const own = [...shape.slice(0, 3), outputs];
    const output = staysApart
      ? scope.output(own, layouts.preferred(own))
      : scope.output(shape, joined);
    const { tensor, address } = output;
    const layout = staysApart ? layouts.preferred(own) : joined;
    const target = features(tensor, layout, address);
    const order = upOrder(inputs, outputs, upLanes(target));
    const ours = layouts.strided(order.sizes, order.ours);
    upConvolution.run({
      source: read(x),
      ...(!staysApart && { skip: read(skip) }),
      target,
      kernel: scope.derived(kernel, ours, ours.bytes, (pointer) => {
        const rows = layouts.vector([4 * outputs, inputs, 1, 1]);
        const from = { pointer: scope.source(kernel, rows) };
        const tfjs = layouts.strided(order.sizes, order.tfjs);
        reorder.run(tfjs, ours, from, { pointer });
      }),
      bias: scope.source(bias, layouts.vector([outputs])),
    });
    if (!staysApart) return tensor;
    scope.settled(skip, layouts.preferred(skip.shape));
    return joinLater(machine, scope, [tensor, skip], { shape, joined });
  });
}

/** Whether a convolution of 3×3 can read the two without a copy. */
function readsParts(
  { winograd }: Machine,
  [, height, width]: Shape,
  { outputs, skip }: { readonly outputs: number; readonly skip: number },
): boolean {
  return winograd !== null && height % 4 === 0 && width % 4 === 0 &&
    areJoinable(outputs, skip);
}

/** A tensor of two, which are copied when somebody needs it in one piece. */
function joinLater(
  { backend, layouts, pool, reorder }: Machine,
  scope: Scope,
  [own, skip]: readonly [TensorInfo, TensorInfo],
  { shape, joined }: Pick<Plan, "shape" | "joined">,
): TensorInfo {
  const partOf = (tensor: TensorInfo): Part => {
    const { layout } = backend.nativeOf(tensor);
    const native = { block: backend.share(tensor), layout };
    return { shape: tensor.shape, native };
  };
  const parts = [partOf(own), partOf(skip)] as const;
  scope.release(own);
  return backend.adoptJoint([...shape], parts, () => {
    const block = pool.take(joined.bytes);
    let first = 0;
    for (const { shape, native } of parts) {
      const channels = shape[3]!;
      const from = native.layout ?? layouts.features(shape);
      const to = layouts.channels(joined, first, channels);
      reorder.run(from, to, native.block, { pointer: block.pointer });
      first += channels;
    }
    const isRows = joined === layouts.features(shape);
    return { block, layout: isRows ? null : joined };
  });
}

/** The gradient of {@linkcode upConcat}. */
export const upConcatGrad: Kernel = {
  name: fusedKernels.upConcatGrad,
  run(machine, { inputs, attrs }) {
    const { dy, x, kernel } = inputs as Record<
      "dy" | "x" | "kernel",
      TensorInfo
    >;
    const wanted = attrs as unknown as UpConcatGradAttrs;
    const skip = dy.shape[3]! - kernel.shape[2]!;
    const plan = planOf(machine, x, kernel, skip);
    const { layouts, reorder } = machine;
    return machine.compute((scope) => {
      const joined = { pointer: scope.source(dy, plan.joined) };
      const [n, h, w] = plan.geometry.output;
      const shape = [n, h, w, 4 * plan.channels];
      const product = scope.output(shape, plan.product);
      const packed = { pointer: product.address };
      reorder.run(plan.spread, plan.packed, joined, packed);
      const parts = {
        x,
        dy: product.tensor,
        bias: true,
        shape: kernel.shape,
      };
      const [dkernel, biases] = weightsGradient(
        machine,
        scope,
        plan.geometry,
        parts,
      );
      const dx = inputGradient(machine, scope, plan.geometry, {
        dy: product.tensor,
        kernel,
      });
      const dbias = summedUp(machine, biases!.tensor);
      const outputs = [dx, dkernel!.tensor, dbias];
      if (wanted.skip) {
        const part = layouts.channels(plan.joined, plan.channels, skip);
        const shape = [...dy.shape.slice(0, 3), skip];
        const dskip = scope.output(
          shape,
          layouts.preferred(shape, plan.joined.type),
        );
        const to = layouts.preferred(shape, plan.joined.type);
        reorder.run(part, to, joined, { pointer: dskip.address });
        outputs.push(dskip.tensor);
      }
      scope.release(product.tensor);
      scope.release(biases!.tensor);
      return outputs;
    });
  },
};

/** The shapes and layouts of an up-convolution. */
interface Plan {
  /** The product, as a convolution of 1×1. */
  readonly geometry: Geometry;
  /** The shape of the concatenation. */
  readonly shape: Shape;
  /** The layout of the concatenation. */
  readonly joined: Layout;
  /** The layout of the product. */
  readonly product: Layout;
  /** The product's memory in six dimensions. */
  readonly packed: Layout;
  /** The concatenation's memory in the same six. */
  readonly spread: Layout;
  /** Channels of the up-convolution. */
  readonly channels: number;
  /** Channels of the other feature map. */
  readonly skip: number;
}

function planOf(
  machine: Machine,
  x: TensorInfo,
  kernel: TensorInfo,
  skip: number,
): Plan {
  const { layouts } = machine;
  const [n, h, w, input] = x.shape as Shape;
  const channels = kernel.shape[2]!, all = channels + skip;
  const geometry = {
    ...sameConvolution([n, h, w, input], [1, 1, input, 4 * channels]),
    transposed: true,
  };
  const shape: Shape = [n, 2 * h, 2 * w, all];
  const blocks = channels % 16 === 0 && skip % 16 === 0;
  const type: NumberType = machine.mixed && blocks ? "bf16" : "f32";
  const pixels = h * w;
  const shared = { geometry, shape, channels, skip };
  if (!blocks) {
    // n, row, row of 2, column, column of 2, channel.
    const dims = [n, h, 2, w, 2, channels];
    return {
      ...shared,
      joined: layouts.features(shape),
      product: layouts.features(geometry.output),
      packed: layouts.strided(dims, [
        4 * pixels * channels,
        4 * w * channels,
        2 * channels,
        4 * channels,
        channels,
        1,
      ]),
      spread: layouts.strided(dims, [
        4 * pixels * all,
        4 * w * all,
        2 * w * all,
        2 * all,
        all,
        1,
      ]),
    };
  }
  // n, row of 2, column of 2, block of channels, row, column, channel of 16.
  const dims = [n, 2, 2, channels / 16, h, w, 16];
  return {
    ...shared,
    joined: layouts.preferred(shape, type),
    product: layouts.preferred(geometry.output, type),
    packed: layouts.strided(dims, [
      4 * channels * pixels,
      2 * channels * pixels,
      channels * pixels,
      16 * pixels,
      16 * w,
      16,
      1,
    ], type),
    spread: layouts.strided(dims, [
      4 * all * pixels,
      32 * w,
      16,
      64 * pixels,
      64 * w,
      32,
      1,
    ], type),
  };
}

/** The bias once for each of the 2×2 pixels. */
function fourfold({ backend }: Machine, bias: TensorInfo): TensorInfo {
  const values = backend.readSync(bias.dataId) as Float32Array;
  const shape = [4 * values.length], four = new Float32Array(shape[0]!);
  for (let i = 0; i < 4; i++) four.set(values, i * values.length);
  return {
    dataId: backend.write(four, shape, "float32"),
    shape,
    dtype: "float32",
  };
}

/** The gradient of {@linkcode fourfold}. */
function summedUp({ backend }: Machine, biases: TensorInfo): TensorInfo {
  const values = backend.readSync(biases.dataId) as Float32Array;
  const count = values.length / 4, shape = [count];
  const sums = Float32Array.from(
    { length: count },
    (_, i) =>
      values[i]! + values[i + count]! + values[i + 2 * count]! +
      values[i + 3 * count]!,
  );
  return {
    dataId: backend.write(sums, shape, "float32"),
    shape,
    dtype: "float32",
  };
}
