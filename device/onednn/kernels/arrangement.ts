import { slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { stridesOf } from "../_layouts.ts";
import { rowMajorOf } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";

/** So many numbers are sooner read than described. */
const few = 4096;

/** oneDNN describes no more dimensions. */
const mostDimensions = 12;

/** The same numbers under another shape. */
export const reshape: Kernel = {
  name: "Reshape",
  run(machine, { inputs, attrs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    const size = util.sizeFromShape(x.shape);
    const shape = util.inferFromImplicitShape(attrs.shape as number[], size);
    return shared(machine, x, shape);
  },
};

/** The same numbers with a dimension of one more. */
export const expandDims: Kernel = {
  name: "ExpandDims",
  run(machine, { inputs, attrs }) {
    const { input } = inputs as Record<"input", TensorInfo>;
    const { dim } = attrs as { dim: number };
    const shape = [...input.shape];
    shape.splice(dim < 0 ? input.shape.length + dim + 1 : dim, 0, 1);
    return shared(machine, input, shape);
  },
};

/** The same tensor. */
export const identity: Kernel = {
  name: "Identity",
  run({ backend }, { inputs }) {
    const { dataId, shape, dtype } = inputs.x!;
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  },
};

/** The same tensor where no number changes. */
export const cast: Kernel = {
  name: "Cast",
  run(machine, call) {
    if (call.inputs.x!.dtype !== call.attrs.dtype) return null;
    return identity.run(machine, call);
  },
};

/** Tensors one behind the other along a dimension. */
export const concat: Kernel = {
  name: "Concat",
  run(machine, { inputs, attrs }) {
    const tensors = Object.values(inputs)
      .filter(({ shape }) => !shape.includes(0));
    const [first] = tensors;
    const rank = first?.shape.length ?? 0;
    if (!first || rank > mostDimensions || rank === 0) return null;
    if (tensors.some(({ dtype }) => dtype !== "float32")) return null;
    const { axis } = attrs as { axis: number };
    const along = axis < 0 ? rank + axis : axis;
    const shape = first.shape.map((size, i) =>
      i === along
        ? tensors.reduce((sum, tensor) => sum + tensor.shape[i]!, 0)
        : size
    );
    const { layouts, reorder } = machine;
    return machine.compute((scope) => {
      const whole = layouts.vector(shape);
      const { tensor, address } = scope.output(shape, whole);
      let from = 0;
      for (const each of tensors) {
        const offsets = shape.map((_, i) => i === along ? from : 0);
        const part = layouts.part(whole, offsets, each.shape);
        const source = scope.source(each, rowMajorOf(machine, each));
        reorder.run(
          layouts.vector(each.shape),
          part,
          { pointer: source },
          { pointer: address },
        );
        from += each.shape[along]!;
      }
      return tensor;
    });
  },
};

/** A part of a tensor. */
export const slice: Kernel = {
  name: "Slice",
  run(machine, { inputs, attrs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    const { begin, size } = attrs as {
      begin: number | number[];
      size: number | number[];
    };
    const [from, shape] = slice_util.parseSliceParams(
      x as never,
      begin,
      size,
    ) as [number[], number[]];
    slice_util.assertParamsValid(x as never, from, shape);
    const rank = x.shape.length;
    if (x.dtype !== "float32" || rank === 0 || rank > mostDimensions) {
      return null;
    }
    if (shape.includes(0)) return null;
    if (machine.backend.valuesOf(x) && util.sizeFromShape(x.shape) <= few) {
      return null;
    }
    const { layouts, reorder } = machine;
    return machine.compute((scope) => {
      const to = layouts.vector(shape);
      const { tensor, address } = scope.output(shape, to);
      const source = scope.source(x, rowMajorOf(machine, x));
      const part = layouts.part(layouts.vector(x.shape), from, shape);
      reorder.run(part, to, { pointer: source }, { pointer: address });
      return tensor;
    });
  },
};

/** Dimensions in another order. */
export const transpose: Kernel = {
  name: "Transpose",
  run(machine, { inputs, attrs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    const { perm } = attrs as { perm: number[] };
    const rank = x.shape.length;
    if (x.dtype !== "float32" || rank === 0 || rank > mostDimensions) {
      return null;
    }
    if (x.shape.includes(0)) return null;
    const shape = perm.map((axis) => x.shape[axis]!);
    const strides = stridesOf(x.shape);
    const { layouts, reorder } = machine;
    return machine.compute((scope) => {
      const to = layouts.vector(shape);
      const turned = layouts.strided(shape, perm.map((axis) => strides[axis]!));
      const { tensor, address } = scope.output(shape, to);
      const source = scope.source(x, rowMajorOf(machine, x));
      reorder.run(turned, to, { pointer: source }, { pointer: address });
      return tensor;
    });
  },
};

/** A tensor's data under another shape, in tfjs' order. */
function shared(
  machine: Machine,
  x: TensorInfo,
  shape: number[],
): TensorInfo {
  const { backend } = machine;
  if (!backend.valuesOf(x)) {
    machine.compute((scope) => {
      scope.settled(x, rowMajorOf(machine, x));
      return [];
    });
  }
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape, dtype: x.dtype };
}
