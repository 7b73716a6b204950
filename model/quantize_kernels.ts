import { scaleNameOf, toEightBits } from "./files/eight_bits.ts";
import type { FloatTensor, SafetensorsView } from "./files/safetensors.ts";
import { nodesOf } from "./graph/node.ts";
import { weightShapes } from "./graph/weight_shapes.ts";
import { graphOf } from "./networks/graph_of.ts";
import type { ModelPlan } from "./plan.ts";

/**
 * Rounds a network's kernels to 8 bits, with a float32 scale for each output
 * channel; biases and batch norm stay float32. This is how a model is stored,
 * not how it computes: readers multiply by the scales again.
 *
 * @param plan Which network it is.
 * @param tensors All or some of its weights, of finite values, in PyTorch's
 * names and order.
 * @returns What {@linkcode serializeSafetensors} stores: kernels `X` as I8,
 * their scales as `X_scale`, of shape `[out, 1, 1, 1]` (of an up-convolution
 * `[1, out, 1, 1]`), so that a kernel is the product of the two. Float32 comes
 * first, so that each tensor starts at a multiple of its elements' size.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createModel, quantizeKernels, torchTensors } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 1 / 64 }, createRandom(0));
 * const stored = quantizeKernels(model.plan, await torchTensors(model));
 * const name = "encoder.features.0.weight";
 * assertEquals(stored.get(name)?.shape, [1, 3, 3, 3]);
 * assertEquals(stored.get(`${name}_scale`)?.shape, [1, 1, 1, 1]);
 * model.dispose();
 * ```
 */
export function quantizeKernels(
  plan: ModelPlan,
  tensors: ReadonlyMap<string, FloatTensor>,
): Map<string, FloatTensor | SafetensorsView> {
  const axes = outputAxes(plan);
  const floats = new Map<string, FloatTensor>();
  const wholes = new Map<string, SafetensorsView>();
  for (const [name, tensor] of tensors) {
    const axis = axes.get(name);
    if (axis === undefined) {
      floats.set(name, tensor);
      continue;
    }
    const { whole, scale } = toEightBits(tensor, axis);
    wholes.set(name, whole);
    floats.set(scaleNameOf(name), scale);
  }
  return new Map<string, FloatTensor | SafetensorsView>([
    ...floats,
    ...wholes,
  ]);
}

/** The axis of the outputs of each of a network's kernels in PyTorch's order. */
export function outputAxes(plan: ModelPlan): Map<string, number> {
  const graph = graphOf(plan);
  // PyTorch's up-convolutions have their outputs second.
  const ups = new Set(nodesOf(graph, "up").map(({ name }) => `${name}.weight`));
  return new Map(
    weightShapes(graph).filter(({ role }) => role === "kernel")
      .map(({ name }) => [name, ups.has(name) ? 1 : 0]),
  );
}
