import type { SavedModel } from "@unet/model";
import type { Task } from "@unet/task";
import type { TrainSettings } from "../settings/train_settings.ts";
import { type CardOfOrigin, cardOfOrigin } from "./card_of_origin.ts";

/** What a training keeps of the model that it starts from. */
export interface KeptOfModel {
  /** What holds of the model's card. */
  readonly origin: CardOfOrigin;
  /** What is kept, and what is changed, a line each. */
  readonly lines: readonly string[];
}

/**
 * What a training keeps of the model that it starts from, besides its weights:
 * how much its border head counts, and how objects are made of probabilities,
 * which was fitted to that model.
 *
 * @param saved The model.
 * @param options What is trained, whether all heads start at random (nothing
 * that was fitted holds for them), and the scales at which tiles are shown.
 * Without scales, images are trained on as they are, and seen so in use: a
 * model that learned a few images of one kind measures those of others worse.
 * @throws {ModelError} If the model's card holds what cannot be.
 */
export function keptOfModel(
  saved: SavedModel,
  { task, isFresh, scales }: {
    readonly task: Task;
    readonly isFresh: boolean;
    readonly scales: TrainSettings["scales"];
  },
): KeptOfModel {
  const { threshold, instances, ...card } = cardOfOrigin(saved);
  const { diameter: _, ...sizes } = card;
  const others: CardOfOrigin = card.diameters && scales === null
    ? { ...card, diameter: "off" }
    : sizes;
  const pairs = saved.plan.task.heads.flatMap((before) => {
    const after = task.heads.find(({ name }) => name === before.name);
    return after ? [{ name: before.name, before, after }] : [];
  });
  if (isFresh || !pairs.some(({ name }) => name === "object")) {
    return { origin: others, lines: [] };
  }
  const border = pairs.find(({ name }) => name === "border");
  const isSame = border?.after.weight === border?.before.weight;
  const kept = [
    ...(border && isSame ? [`boundary weight ${border.before.weight}`] : []),
    ...(threshold === undefined ? [] : [`threshold ${threshold}`]),
    ...Object.entries(instances ?? {}).map((entry) => entry.join(" ")),
  ];
  const changed = pairs.filter(({ before, after }) =>
    before.loss !== after.loss
  );
  return {
    origin: {
      ...others,
      ...(threshold !== undefined && { threshold }),
      ...(instances && { instances }),
    },
    lines: [
      ...(kept.length > 0 ? [`Kept of the model: ${kept.join(", ")}`] : []),
      ...(border && !isSame
        ? [
          `Boundary weight: ${border.after.weight} in place of ` +
          `${border.before.weight}`,
        ]
        : []),
      ...changed.map(({ name, before, after }) =>
        `Loss of ${name}: ${after.loss} in place of ${before.loss}`
      ),
    ],
  };
}
