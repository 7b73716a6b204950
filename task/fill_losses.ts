import { type Task, unknownLoss } from "./task.ts";

/**
 * A task with the losses that its file did not store.
 *
 * @param task The task, of which some losses may be {@linkcode unknownLoss}.
 * @param known A task that names the losses.
 * @returns The task; a head of unknown loss has loss and weight of the head of
 * its name.
 *
 * @example
 * ```ts
 * import { fillLosses, objectTask, unknownLoss } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const known = objectTask({ loss: "dice" });
 * const stored = objectTask({ loss: unknownLoss });
 * assertEquals(fillLosses(stored, known), known);
 * ```
 */
export function fillLosses(task: Task, known: Task): Task {
  const heads = task.heads.map((head) => {
    const other = known.heads.find(({ name }) => name === head.name);
    if (head.loss !== unknownLoss || other === undefined) return head;
    return { ...head, loss: other.loss, weight: other.weight };
  });
  return { ...task, heads };
}
