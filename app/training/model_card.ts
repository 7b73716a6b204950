/**
 * What a model's card says of its training, in words.
 *
 * @module
 */
import type { Diameters } from "@unet/data";
import { brief, briefList, briefText } from "@unet/errors";
import type { InstanceOptions } from "@unet/infer/instances";
import type { ModelPlan } from "@unet/model";
import { describeTask } from "@unet/task";
import { choiceOfSettings } from "../settings/choice_of_settings.ts";
import type { TrainSettings } from "../settings/train_settings.ts";

/** The data in a model's card. */
export interface CardData {
  /** Images in all. */
  readonly images: number;
  /** The first digits of a hash over the images' content. */
  readonly fingerprint: string;
  /** Images of each source, where there are several. */
  readonly sources?: Readonly<
    Record<string, { readonly train: number; readonly validation: number }>
  >;
  /** The file that decided the split, and the roles that were used. */
  readonly roles?: RolesFact;
}

/** The facts kept about a file of roles. */
export interface RolesFact {
  /** The file's name. */
  readonly file: string;
  /** The first digits of a hash over its text. */
  readonly fingerprint: string;
  /** The role of the images to train on. */
  readonly train: string;
  /** The role of the images to validate on; null where none does. */
  readonly validation: string | null;
}

/** What a card specifies besides settings and data. */
export interface CardOrigin {
  /** The name of the weights it started from, or null. */
  readonly startsFrom: string | null;
  /** The sizes of the objects in the tiles it was trained on, if measured. */
  readonly diameters?: Diameters | undefined;
  /** How images are brought to these where nobody decides, if that is known. */
  readonly diameter?: number | "auto" | "off" | undefined;
  /** The license, if there is one. */
  readonly license?: string | null;
  /** The probability above which a pixel is object, if it was chosen. */
  readonly threshold?: number | undefined;
  /** How instances are separated, if it was chosen. */
  readonly instances?: InstanceOptions | undefined;
}

/** Settings of where and how fast, but change nothing of the result. */
const aside: readonly (keyof TrainSettings)[] = [
  "out",
  "resume",
  "data",
  // Of these, `data` says what was used.
  "roles",
  "trainRole",
  "validationRole",
  "workers",
  "saveEvery",
  "log",
  "epochs",
  "patience",
  "weights",
  "pixelScale",
  "license",
  "device",
  // Of these, `reading` says what was chosen.
  "channel",
  "channels",
  "plane",
  "time",
  "level",
];

/**
 * What a model's card says about how it was made, besides the metrics that each
 * saving adds. The same training gives the same card, wherever it runs.
 *
 * @param settings The settings, resolved.
 * @param data The data.
 * @param origin What it started from, and what that gives it; the sizes that it
 * has seen.
 */
export function cardOf(
  settings: TrainSettings,
  data: CardData,
  { startsFrom, diameters, license = settings.license, ...finding }: CardOrigin,
): Record<string, unknown> {
  const { pixelScale } = settings;
  const reading = choiceOfSettings(settings);
  return {
    data,
    // In one order: a run that continues reads its settings from a file.
    settings: Object.fromEntries(
      Object.entries(settings).filter(([name]) =>
        !aside.includes(name as keyof TrainSettings)
      ).sort(([a], [b]) => a < b ? -1 : 1),
    ),
    startsFrom,
    pixelScale,
    license,
    ...(diameters && { diameters }),
    ...(finding.diameter !== undefined && { diameter: finding.diameter }),
    ...(finding.threshold !== undefined && { threshold: finding.threshold }),
    ...(finding.instances && { instances: finding.instances }),
    ...(Object.keys(reading).length > 0 && { reading }),
  };
}

/**
 * A model's card in lines for people. A card is read from a file, so nothing
 * in it is expected to be there.
 *
 * @param plan The model's plan.
 * @param card The card.
 */
export function describeCard(
  plan: ModelPlan,
  card: Readonly<Record<string, unknown>>,
): string[] {
  const { data, settings, startsFrom, metrics, epoch, step } = card;
  const { mean, deviation } = plan.normalization;
  const [input, ...heads] = describeTask(plan.task);
  const known = (name: string, value: unknown): string =>
    `${name}: ${inWords(value) || "not given"}`;
  return [
    known("Data", data),
    known("Trained", { epoch, step }),
    known("Metrics", metrics),
    known("Settings", settings),
    known("Starts from", startsFrom ?? "random weights"),
    `${input}; then in 0…1, less ${mean.join(", ")}, divided by ` +
    deviation.join(", "),
    ...heads,
    known(
      "Pixel scale",
      typeof card.pixelScale === "number"
        ? `${card.pixelScale} µm a pixel`
        : "",
    ),
    known("Object diameters in pixels", card.diameters),
    ...(card.diameter === undefined
      ? []
      : [known("Diameter by default", card.diameter)]),
    known("Reads", card.reading),
    known("Threshold", card.threshold),
    known("Instances", card.instances),
    known("License", card.license),
  ];
}

/** Characters of a value that a line shows; a file may hold megabytes. */
const longest = 400;

function inWords(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") {
    return briefText(String(value), { most: longest });
  }
  const known = Object.entries(value).filter(([, one]) => one !== undefined)
    .map(([name, one]) => `${briefText(name)} ${entryInWords(one)}`);
  return briefList(known, { most: 100 });
}

function entryInWords(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  return typeof value === "string"
    ? briefText(value, { most: longest })
    : brief(value, { most: longest });
}
