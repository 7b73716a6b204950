import { cannot, ModelError } from "@unet/errors";
import { headPlaces } from "@unet/task";
import type { SafetensorsView } from "./files/safetensors.ts";
import { nodesOf } from "./graph/node.ts";
import type { ModelFile } from "./model_file.ts";
import { graphOf } from "./networks/graph_of.ts";

/**
 * A model without some of its heads: their rows of the last convolution are
 * left out. What the other heads predict stays the same, to the bit.
 *
 * @param saved The model as it was read; stays as it is.
 * @param names The names of the heads that stay, in any order.
 * @returns The model with these heads, in its own order.
 * @throws {ModelError} If the model has no head of a name, or none is to stay.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createModel, decodeModel, encodeModel, keepHeads } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const task = objectTask({ borderWeight: 0.1, instanceHeads: ["directions"] });
 * const model = createModel({ width: 0.05, task }, createRandom(0));
 * const pieces = await encodeModel(model);
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * const kept = keepHeads(decodeModel(bytes, "example"), ["object", "border"]);
 * assertEquals(kept.plan.task.heads.map(({ name }) => name), [
 *   "object",
 *   "border",
 * ]);
 * model.dispose();
 * ```
 */
export function keepHeads<Saved extends ModelFile>(
  saved: Saved,
  names: readonly string[],
): Saved {
  const { plan, file } = saved, { heads } = plan.task;
  const stranger = names.find((name) =>
    !heads.some((head) => head.name === name)
  );
  if (stranger !== undefined || names.length === 0) {
    throw new ModelError(
      cannot("keep", "head", stranger ?? "", {
        found: stranger === undefined ? "no name" : "no head of that name",
        expected: `some of ${heads.map(({ name }) => name).join(", ")}`,
      }),
    );
  }
  const places = headPlaces(heads)
    .filter(({ head }) => names.includes(head.name));
  if (places.length === heads.length) return saved;
  const tensors = new Map(file.tensors);
  for (const { name, isPair } of nodesOf(graphOf(plan), "head")) {
    // The first row of a pair is the background's, beside the first head's.
    if (isPair && places[0]!.from > 0) {
      throw new ModelError(
        cannot("keep", "heads", names.join(", "), {
          found: `a network whose softmax compares "${heads[0]!.name}"`,
          expected: `"${heads[0]!.name}" among them`,
        }),
      );
    }
    const shift = isPair ? 1 : 0;
    const rows = places.map(({ from, to }) =>
      [from === 0 ? 0 : from + shift, to + shift] as const
    );
    for (const tensor of [`${name}.weight`, `${name}.bias`]) {
      const view = tensors.get(tensor);
      if (view !== undefined) tensors.set(tensor, rowsOf(view, rows));
    }
  }
  const task = { ...plan.task, heads: places.map(({ head }) => head) };
  return {
    ...saved,
    plan: { ...plan, task },
    file: { ...file, tensors },
  };
}

/** Some rows of a tensor, one stretch after the other. */
function rowsOf(
  { dtype, shape: [count, ...rest], bytes }: SafetensorsView,
  rows: readonly (readonly [from: number, to: number])[],
): SafetensorsView {
  const size = bytes.length / count!;
  const total = rows.reduce((sum, [from, to]) => sum + to - from, 0);
  const kept = new Uint8Array(total * size);
  let at = 0;
  for (const [from, to] of rows) {
    kept.set(bytes.subarray(from * size, to * size), at);
    at += (to - from) * size;
  }
  return { dtype, shape: [total, ...rest], bytes: kept };
}
