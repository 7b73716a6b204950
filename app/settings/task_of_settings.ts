import {
  channelInput,
  classTask,
  colorPercentilesInput,
  type Input,
  objectTask,
  type Task,
} from "@unet/task";
import type { TrainSettings } from "./train_settings.ts";

/** The weight of the border head's loss where a person gives none. */
const standardBorderWeight = 0.1;

/** What settings let a network learn, and by which losses. */
export function taskOfSettings(
  { loss, boundaries, boundaryWeight, channels, normalization, ...labels }:
    Pick<
      TrainSettings,
      | "loss"
      | "boundaries"
      | "boundaryWeight"
      | "instanceHeads"
      | "classes"
      | "objectClasses"
      | "classWeights"
      | "channels"
      | "normalization"
    >,
): Task {
  const { classes, objectClasses, classWeights, instanceHeads } = labels;
  const input = inputOf({ channels, normalization });
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
    ...(instanceHeads.length > 0 && { instanceHeads }),
  });
}

/** The input, where it is not the one of tasks by default. */
function inputOf(
  { channels, normalization }: Pick<
    TrainSettings,
    "channels" | "normalization"
  >,
): { readonly input?: Input } {
  if (channels) return { input: channelInput(channels) };
  return normalization === "percentiles"
    ? { input: colorPercentilesInput }
    : {};
}
