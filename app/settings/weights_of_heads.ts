import type { Task } from "@unet/task";
import type { TrainSettings } from "./train_settings.ts";

/**
 * How much the heads of the model that a training starts from count in its
 * loss, for what a person does not decide: weights were chosen together with
 * what the heads learned, and post-processing relies on them.
 *
 * @param task What the model learned; undefined without a model.
 * @param classes What is trained now. Weights of other classes do not apply.
 */
export function weightsOfHeads(
  task: Task | undefined,
  { classes, objectClasses }: Pick<TrainSettings, "classes" | "objectClasses">,
): Partial<Pick<TrainSettings, "boundaryWeight" | "classWeights">> {
  const heads = task?.heads ?? [];
  const border = heads.find(({ name }) => name === "border");
  const kinds = heads.find((head) => head.classes);
  const wanted = classes?.map(({ name }) => name) ??
    (objectClasses && ["background", ...objectClasses]);
  const isSame = wanted && `${wanted}` === `${kinds?.classes}`;
  return {
    ...(border && classes === null && { boundaryWeight: border.weight }),
    ...(isSame && kinds?.classWeights && { classWeights: kinds.classWeights }),
  };
}
