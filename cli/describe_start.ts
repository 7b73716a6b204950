import { count } from "@unet/errors";
import { endOfTraining } from "@unet/train";
import { describeClassNumbers } from "./describe_class_numbers.ts";
import { describeResumedSchedule } from "./describe_resumed_schedule.ts";
import { defaultValidation, shownPath, type TrainStart } from "@unet/app";

/**
 * Describes the start of a training in lines: data, network, settings, the run
 * folder, and where a resumed run continues.
 *
 * @param start What is known before the first step.
 */
export async function describeStart(start: TrainStart): Promise<string[]> {
  const { settings, images, tiles, state, previousEpochs } = start;
  const { otherDevice } = start;
  const schedule = previousEpochs === null
    ? undefined
    : await describeResumedSchedule({ ...start, previousEpochs });
  return [
    `Data: ${count(images.train, "image")} to train on ` +
    `(${count(tiles.train, "tile")}), ` +
    (images.validation === 0 ? "none to validate on" : `${images.validation} ` +
      `to validate on (${count(tiles.validation, "tile")})`),
    ...images.validation === 0
      ? [
        "Validation: none; the last epoch is kept, and scores are of the " +
        "training images; " +
        (settings.roles === null
          ? `--validation ${defaultValidation} holds some out`
          : "without --validation 0, the file of roles decides"),
      ]
      : [],
    ...describeSources(start),
    ...settings.channels
      ? [`Channels: ${settings.channels.join(", ")}, each by its percentiles`]
      : settings.normalization === "percentiles"
      ? ["Images: each spread from its 1st to its 99.8th percentile"]
      : [],
    ...describeMasks(start),
    `Network: ${settings.network}, width ${settings.width}, ` +
    `${describeOutputs(settings)}tiles of ` +
    `${settings.tile}×${settings.tile}; ` +
    `${describeLength(settings)}, batch ${settings.batch}, ` +
    `${settings.loss}, ${settings.optimizer} at up to ` +
    `${settings.learningRate}, ${settings.scheduler}`,
    ...start.gradientSums === null ? [] : [
      "Gradients: summed " +
      `${start.gradientSums.overlaps ? "during" : "after"} the backward ` +
      `pass (${start.gradientSums.reason})`,
    ],
    `Run: ${shownPath(settings.out)}`,
    ...state.step > 0
      ? [`Continues after epoch ${state.epoch}, step ${state.step}`]
      : [],
    ...schedule === undefined ? [] : [schedule],
    ...endOfTraining(state, settings) === "epochs"
      ? [
        `Finished: ${settings.epochs} of ` +
        `${count(settings.epochs, "epoch")}; --epochs N trains more`,
      ]
      : [],
    ...otherDevice === null ? [] : [
      `The run began on ${otherDevice}: from here on it is not bit-identical ` +
      `to a run on one device; --device ${otherDevice} continues as it began`,
    ],
  ];
}

/** How many images each source has, and how much of an epoch groups are. */
function describeSources({ sources, settings }: TrainStart): string[] {
  const { roles, shares } = settings;
  const parts = settings.validation === 0
    ? "training images"
    : "training and validation images";
  const all = Object.values(shares ?? {}).reduce((sum, one) => sum + one, 0);
  return [
    ...roles === null ? [] : [
      `Roles: ${parts} as ${shownPath(roles)} has them`,
    ],
    ...Object.entries(sources).map(([name, { train, validation }]) =>
      `  ${name}: ${train} to train on, ${validation} to validate on`
    ),
    ...shares === null ? [] : [
      "Shares of an epoch: " +
      Object.entries(shares).map(([name, share]) =>
        `${name} ${(100 * share / all).toFixed(1)} %`
      ).join(", "),
    ],
  ];
}

/** How long a training lasts, as in "at most 30 epochs (patience 5)". */
function describeLength({ epochs, patience }: TrainStart["settings"]): string {
  const all = count(epochs, "epoch");
  return patience === null ? all : `at most ${all} (patience ${patience})`;
}

/** What the numbers of masks are, where they are classes or some not labeled. */
function describeMasks({ settings, labeled }: TrainStart): string[] {
  const { classes, objectClasses } = settings;
  return [
    ...objectClasses ? [`Classes of objects: ${objectClasses.join(", ")}`] : [],
    ...classes
      ? [
        "Classes: " +
        classes.map(({ name, value }) => `${name} (${value})`).join(", "),
        ...describeClassNumbers(classes),
      ]
      : [],
    ...labeled < 1
      ? [`Labeled: ${(100 * labeled).toFixed(1)} % of the pixels to train on`]
      : [],
  ];
}

/** What the network learns besides objects. */
function describeOutputs(
  { boundaries, instanceHeads }: TrainStart["settings"],
): string {
  if (instanceHeads.length === 0) return boundaries ? "two outputs, " : "";
  const heads = ["object", ...boundaries ? ["border"] : [], ...instanceHeads];
  return `heads ${heads.join(", ")}, `;
}
