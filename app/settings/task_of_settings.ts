import { channelInput, classTask, objectTask, type Task } from "@unet/task";
import type { TrainSettings } from "./train_settings.ts";

/** The weight of the border head's loss where a person gives none. */
const standardBorderWeight = 0.1;

/** What settings let a network learn, and by which losses. */
export function taskOfSettings(
  { loss, boundaries, boundaryWeight, channels, ...labels }: Pick<
    TrainSettings,
    | "loss"
    | "boundaries"
    | "boundaryWeight"
    | "classes"
    | "objectClasses"
    | "classWeights"
    | "channels"
  >,
): Task {
  const { classes, objectClasses, classWeights } = labels;
  const input = channels ? { input: channelInput(channels) } : {};
  if (classes !== null) {
    return classTask({
      loss,
      classes: classes.map(({ name }) => name),
      ...(classWeights && { classWeights }),
      ...input,
    });
  }
  return objectTask({
    loss,
    ...input,
    ...(objectClasses && {
      classes: ["background", ...objectClasses],
      ...(classWeights && { classWeights }),
    }),
    ...(boundaries && {
      borderWeight: boundaryWeight ?? standardBorderWeight,
    }),
  });
}
