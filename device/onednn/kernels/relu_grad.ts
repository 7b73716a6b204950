import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import type { Primitive } from "../_primitive.ts";
import type { Scope } from "../_scope.ts";
import { algorithm, operand, propagation } from "../_symbols.ts";
import { jointLayout } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";

/** The gradient of ReLU. */
export const reluGrad: Kernel = {
  name: fusedKernels.reluGrad,
  run(machine, { inputs }) {
    const { dy, y } = inputs as Record<"dy" | "y", TensorInfo>;
    return machine.compute((scope) => throughRelu(machine, scope, { dy, y }));
  },
};

/** The gradient where the output was positive, else zero. */
export function throughRelu(
  machine: Machine,
  scope: Scope,
  { dy, y }: { dy: TensorInfo; y: TensorInfo },
): TensorInfo {
  const layout = jointLayout(machine, [y, dy]);
  const { tensor, address } = scope.output(dy.shape, layout);
  reluBackward(machine, layout).run(
    scope.source(y, layout),
    scope.source(dy, layout),
    address,
  );
  return tensor;
}

function reluBackward(machine: Machine, layout: Layout): Primitive {
  const flat = machine.layouts.flat(layout);
  return machine.primitives.get(`relu backward ${flat.id}`, () => {
    const { library } = machine;
    const about = `relu backward [${flat.dims}]`;
    const hint = library.create(
      "dnnl_eltwise_forward_primitive_desc_create",
      about,
      library.engine,
      propagation.training,
      algorithm.reluFromOutput,
      flat.handle,
      flat.handle,
      0,
      0,
      0n,
    );
    const { handle } = flat;
    return compile(library, {
      ...{ about, hint },
      maker: "dnnl_eltwise_backward_primitive_desc_create",
      given: [algorithm.reluFromOutput, handle, handle, handle, 0, 0],
      operands: [
        [operand.destination, flat],
        [operand.destinationGradient, flat],
        [operand.sourceGradient, flat],
      ],
    });
  });
}
