import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type BatchNormTrainAttrs, fusedKernels } from "../../fused_kernels.ts";
import type { Layout } from "../_layouts.ts";
import type { Handle } from "../_library.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import { Primitive, wantedLayout } from "../_primitive.ts";
import { normalization, operand, propagation } from "../_symbols.ts";
import type { Block } from "../_memory_pool.ts";
import type { Kernel } from "./_kernel.ts";
import { throughRelu } from "./relu_grad.ts";

const companionKey = "where ReLU cut";

/** Batch norm on the batch's own statistics, with ReLU if asked. */
export const batchNormTrain: Kernel = {
  name: fusedKernels.batchNormTrain,
  run(machine, { inputs, attrs }) {
    const { x, scale, offset } = inputs as Record<
      "x" | "scale" | "offset",
      TensorInfo
    >;
    const settings = attrs as unknown as BatchNormTrainAttrs;
    const { backend, pool } = machine;
    const layout = featuresLayout(machine, x);
    const channels = x.shape[3]!;
    const vector = machine.layouts.vector([channels]);
    return machine.compute((scope) => {
      const y = scope.output(x.shape, layout);
      const mean = scope.output([channels], vector);
      const variance = scope.output([channels], vector);
      const run = (relu: boolean): Block | null => {
        const primitive = forward(machine, layout, { ...settings, relu });
        const mask = relu
          ? pool.take(primitive.operands.at(-1)![1].bytes)
          : null;
        primitive.run(
          scope.source(x, layout),
          y.address,
          mean.address,
          variance.address,
          scope.source(scale, vector),
          scope.source(offset, vector),
          ...mask ? [mask.pointer] : [],
        );
        return mask;
      };
      const mask = run(settings.relu);
      if (mask && isFinite(machine, [mean.tensor, variance.tensor])) {
        backend.accompany(y.tensor, { key: companionKey, block: mask });
      } else if (mask) {
        // oneDNN's fused ReLU makes zero of NaN, and would hide it.
        pool.give(mask);
        run(false);
        const cut = reluOf(machine, y.tensor);
        scope.release(y.tensor);
        return [cut, mean.tensor, variance.tensor];
      }
      return [y.tensor, mean.tensor, variance.tensor];
    });
  },
};

/** ReLU that lets NaN pass; seldom needed, so in plain JavaScript. */
function reluOf(
  { backend }: Machine,
  { dataId, shape }: TensorInfo,
): TensorInfo {
  const values = backend.readSync(dataId) as Float32Array;
  const cut = values.map((value) => value < 0 ? 0 : value);
  return {
    dataId: backend.write(cut, shape, "float32"),
    shape,
    dtype: "float32",
  };
}

/** Few numbers, for they are one per channel. */
function isFinite({ backend }: Machine, tensors: TensorInfo[]): boolean {
  return tensors.every(({ dataId }) =>
    (backend.readSync(dataId) as Float32Array).every(Number.isFinite)
  );
}

/** The gradient of {@linkcode batchNormTrain}. */
export const batchNormTrainGrad: Kernel = {
  name: fusedKernels.batchNormTrainGrad,
  run(machine, { inputs, attrs }) {
    const { dy, x, y, scale, mean, variance } = inputs as Record<
      "dy" | "x" | "y" | "scale" | "mean" | "variance",
      TensorInfo
    >;
    const { epsilon, relu } = attrs as unknown as BatchNormTrainAttrs;
    const layout = featuresLayout(machine, x);
    const channels = x.shape[3]!;
    const vector = machine.layouts.vector([channels]);
    const mask = relu ? machine.backend.companionOf(y, companionKey) : null;
    return machine.compute((scope) => {
      const unmasked = relu && !mask;
      const dz = unmasked ? throughRelu(machine, scope, { dy, y }) : dy;
      const settings = { epsilon, relu: mask !== null };
      const primitive = backward(machine, layout, settings);
      const dx = scope.output(x.shape, layout);
      const dscale = scope.output([channels], vector);
      const doffset = scope.output([channels], vector);
      primitive.run(
        scope.source(x, layout),
        scope.source(mean, vector),
        scope.source(variance, vector),
        scope.source(dz, layout),
        scope.source(scale, vector),
        dx.address,
        dscale.address,
        doffset.address,
        ...mask ? [mask.pointer] : [],
      );
      if (unmasked) scope.release(dz);
      return [dx.tensor, dscale.tensor, doffset.tensor];
    });
  },
};

function featuresLayout(machine: Machine, x: TensorInfo): Layout {
  const type = machine.mixed && x.shape[3]! % 16 === 0 ? "bf16" : "f32";
  return machine.layouts.preferred(x.shape, type);
}

function flagsOf({ relu }: BatchNormTrainAttrs): number {
  return normalization.scale | normalization.shift |
    (relu ? normalization.relu : 0);
}

function forwardDescriptor(
  { library }: Machine,
  layout: Layout,
  settings: BatchNormTrainAttrs,
): Handle {
  return library.create(
    "dnnl_batch_normalization_forward_primitive_desc_create",
    `batch norm forward [${layout.dims}]`,
    library.engine,
    propagation.training,
    layout.handle,
    layout.handle,
    settings.epsilon,
    flagsOf(settings),
    0n,
  );
}

function forward(
  machine: Machine,
  layout: Layout,
  settings: BatchNormTrainAttrs,
): Primitive {
  const key = `batch norm ${layout.id} ${settings.epsilon} ${settings.relu}`;
  return machine.primitives.get(key, () => {
    const { library, layouts } = machine;
    const vector = layouts.vector([layout.dims[1]!]);
    const descriptor = forwardDescriptor(machine, layout, settings);
    return new Primitive(library, {
      about: `batch norm forward [${layout.dims}]`,
      descriptor,
      operands: [
        [operand.source, layout],
        [operand.destination, layout],
        [operand.mean, vector],
        [operand.variance, vector],
        [operand.scale, vector],
        [operand.shift, vector],
        ...settings.relu
          ? [[operand.workspace, maskOf(machine, descriptor, layout)] as const]
          : [],
      ],
    });
  });
}

function backward(
  machine: Machine,
  layout: Layout,
  settings: BatchNormTrainAttrs,
): Primitive {
  const { epsilon, relu } = settings;
  const key = `batch norm backward ${layout.id} ${epsilon} ${relu}`;
  return machine.primitives.get(key, () => {
    const { library, layouts } = machine;
    const vector = layouts.vector([layout.dims[1]!]);
    const hint = forwardDescriptor(machine, layout, settings);
    const mask = relu ? maskOf(machine, hint, layout) : null;
    const about = `batch norm backward [${layout.dims}]`;
    const { handle } = layout;
    return compile(library, {
      ...{ about, hint },
      maker: "dnnl_batch_normalization_backward_primitive_desc_create",
      given: [
        ...[propagation.backward, handle, handle, handle],
        ...[epsilon, flagsOf(settings)],
      ],
      operands: [
        [operand.source, layout],
        [operand.mean, vector],
        [operand.variance, vector],
        [operand.destinationGradient, layout],
        [operand.scale, vector],
        [operand.sourceGradient, layout],
        [operand.scaleGradient, vector],
        [operand.shiftGradient, vector],
        ...mask ? [[operand.workspace, mask] as const] : [],
      ],
    });
  });
}

/** Where oneDNN remembers what ReLU cut. */
function maskOf(
  { library, layouts }: Machine,
  descriptor: Handle,
  { rowMajor }: Layout,
): Layout {
  return wantedLayout(library, layouts, descriptor, ["workspace", rowMajor]);
}
