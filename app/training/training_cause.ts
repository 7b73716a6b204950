import { count } from "@unet/errors";
import { networks } from "@unet/model";
import type { EpochRow, Evaluation } from "@unet/train";
import { defaultLearningRates } from "../settings/recipes.ts";
import type { TrainSettings } from "../settings/train_settings.ts";

/** What is known of a training while it runs and at its end. */
export interface TrainingFacts {
  /** Its settings. */
  readonly settings: TrainSettings;
  /** Its epochs so far, epoch 0 among them if that was scored. */
  readonly rows: readonly EpochRow[];
  /** The loss of the very first step, or null where another process made it. */
  readonly startLoss: number | null;
  /** The last epoch's validation, or null where another process made it. */
  readonly evaluation: Evaluation | null;
}

/** Why a network learned nothing, as far as the numbers show. */
export interface Cause {
  /** What the numbers show. */
  readonly found: string;
  /** What to do. */
  readonly remedy: string;
  /** Whether more training alone would hardly help. */
  readonly isSure: boolean;
}

/** Steps below which a network may only need more of them. */
const fewSteps = 200;

/** How far above an optimizer's default a rate is a cause on its own. */
const farAbove = 20;

/** A logit range in which a network gives every pixel the same number. */
const sameLogits = 1e-3;

/** Why a network learns nothing, as far as numbers show; the plainest first. */
export function causeOf(facts: TrainingFacts): Cause {
  const { settings, rows, startLoss, evaluation } = facts;
  const { learningRate, optimizer, loss } = settings;
  const trained = rows.filter((row) => row.loss !== null);
  const usual = defaultLearningRates[optimizer];
  const lower = lowerRate(settings);
  const sure = (found: string, remedy: string): Cause => ({
    ...{ found, remedy, isSure: true },
  });
  if (learningRate === 0) {
    return {
      found: "the learning rate is 0, so no weight changes",
      remedy: `train again with \`learningRate ${usual}\` and another \`out\``,
      isSure: false,
    };
  }
  const start = startLoss ?? trained[0]?.loss ?? NaN;
  const worst = Math.max(...trained.map(({ loss }) => loss!));
  if (worst > 2 * start) {
    const { epoch } = trained.find((row) => row.loss === worst)!;
    return sure(
      `the loss rose from ${digits(start)} to ${digits(worst)} in epoch ` +
        `${epoch}, as after steps that are too large (learning rate ` +
        `${learningRate})`,
      lower,
    );
  }
  if (learningRate > farAbove * usual) {
    return sure(
      `the learning rate ${learningRate} is ` +
        `${Math.round(learningRate / usual)} times ${optimizer}'s default ` +
        String(usual),
      lower,
    );
  }
  const [lowest, highest] = evaluation?.range ?? [0, 1];
  if (highest - lowest < sameLogits) {
    return sure(
      "the network gives every pixel the same number, whatever the image: its " +
        "units are dead, as after steps that are too large",
      lower,
    );
  }
  const { step } = trained.at(-1)!;
  if (step < fewSteps) {
    return {
      found: `it has made only ${count(step, "step")}`,
      remedy: "train for more `epochs`",
      isSure: false,
    };
  }
  const share = objectShare(evaluation);
  if (share !== undefined && share < 0.01 && !loss.includes("dice")) {
    return sure(
      `objects cover only ${(100 * share).toPrecision(2)} % of the pixels, ` +
        `and the loss ${loss} lets a network ignore them`,
      `train again with \`loss ${settings.classes ? "ce" : "bce"}+dice\` and ` +
        "another `out`",
    );
  }
  return sure(
    `after ${count(step, "step")}, the loss is still ` +
      `${digits(trained.at(-1)!.loss!)}, from ${digits(start)}`,
    lower,
  );
}

/**
 * The advice to train again with a lower learning rate: the optimizer's
 * default, or a tenth of one that is no higher.
 *
 * @param settings The settings of the training.
 */
export function lowerRate(settings: TrainSettings): string {
  const { learningRate, optimizer, batchNorm, network, weights } = settings;
  const usual = defaultLearningRates[optimizer];
  const rate = learningRate > usual ? usual : learningRate / 10;
  // The network of a file stays as it is; an unpadded one has no batch norm.
  const isPlain = !batchNorm && weights === null &&
    !networks[network].worksUnpadded;
  return `train again with \`learningRate ${Number(rate.toPrecision(2))}\`` +
    `${isPlain ? " or `batchNorm on`" : ""} and another \`out\``;
}

/** The share of object pixels in the validation masks. */
export function objectShare(evaluation: Evaluation | null): number | undefined {
  if (evaluation === null) return undefined;
  const { truePositive, falseNegative, falsePositive, trueNegative } =
    evaluation.counts;
  const objects = truePositive + falseNegative;
  return objects / (objects + falsePositive + trueNegative);
}

function digits(loss: number): string {
  return loss.toPrecision(3);
}
