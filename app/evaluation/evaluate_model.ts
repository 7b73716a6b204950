import {
  type Case,
  type CaseOptions,
  type Fault,
  findModality,
  type ImageChoice,
  type MaskOptions,
  type Modality,
} from "@unet/data";
import type { UnetError } from "@unet/errors";
import {
  classHeadOf,
  joinBands,
  objectHead,
  planeOf,
  type Predict,
  segmentImage,
  type WindowOptions,
} from "@unet/infer";
import type { DiameterSettings } from "@unet/infer/diameter";
import {
  findInstances,
  type Instance,
  type InstanceOptions,
  labelsOf,
} from "@unet/infer/instances";
import {
  addBatch,
  addObjectClasses,
  addPixels,
  countObjectClasses,
  noObjectClasses,
  noScores,
  type ObjectClassCounts,
  type ObjectClassScore,
  type PixelScores,
  scoreInstances,
  scoreObjectClasses,
  summarizeScores,
} from "@unet/train";
import type { InstanceSettingName } from "../settings/instance_limits.ts";
import {
  addTotals,
  type InstanceSummary,
  type InstanceTotals,
  noTotals,
  summarizeTotals,
  totalsOf,
} from "./instance_summary.ts";
import {
  instancesAt,
  type ScaledImage,
  scaleForImage,
} from "./scaled_image.ts";
import type { ScoredImage } from "./scored_image.ts";
import { isLabeled, readOrReport } from "./scored_sample.ts";
import { type ByPart, SumsByPart } from "./sums_by_part.ts";
import {
  combinationsOf,
  type FoundSettings,
  InstanceSearch,
} from "./instance_search.ts";
import { labeledInstances, labeledPixels } from "./labeled_parts.ts";
import { ThresholdSearch } from "./threshold_search.ts";

/** How well a network finds the classes of objects. */
export interface ObjectClassScores {
  /** The share of matched objects that have the right class; null without any. */
  readonly accuracy: number | null;
  /** By class, but for the background. */
  readonly classes: Readonly<Record<string, ObjectClassScore>>;
}

/** How well a network does on a set of images. */
export interface PartScores {
  /** Over the objects of all images, if the network gives them classes. */
  readonly objectClasses?: ObjectClassScores;
  /** Images that were scored. */
  readonly images: number;
  /** Over the pixels of all images together. */
  readonly pixels: {
    /** Twice the overlap over the sum of both. */
    readonly f1: number;
    /** The overlap over the union. */
    readonly iou: number;
    /** The share of the prediction that is right. */
    readonly precision: number;
    /** The share of the truth that is found. */
    readonly recall: number;
  };
  /** The mean of the images' own scores. */
  readonly perImage: {
    /** F1; an image without objects counts 1 if none is predicted. */
    readonly f1: number;
  };
  /**
   * Over the instances of all images, as `unet segment` finds them; null where
   * no image has half of its pixels labeled.
   */
  readonly instances: InstanceSummary | null;
}

/** How well a network does on one or more data sets, and on parts of them. */
export interface ModelScores extends PartScores, ByPart<PartScores> {
  /** The threshold with the largest F1 over all pixels, if it was looked for. */
  readonly bestThreshold?: {
    /** A pixel is object when its probability is above this. */
    readonly threshold: number;
    /** F1 over all pixels with it. */
    readonly f1: number;
  };
  /**
   * Settings of instances that were tried, the best first, if they were looked
   * for; those in use are among them, without a setting.
   */
  readonly instanceSettings?: readonly FoundSettings[];
  /**
   * The median diameter of each image's objects in pixels, and by how much it
   * was enlarged for the network, where images are brought to a size.
   */
  readonly diameters?: readonly ScaledImage[];
}

/** How well a network does on an image. */
export interface ImageScores {
  /** What the dataset calls it. */
  readonly id: string;
  /** How it was taken. */
  readonly modality: Modality;
  /** F1 of its pixels. */
  readonly f1: number;
  /** Average precision at IoU 0.5; 0 where there is nothing to match. */
  readonly ap50: number;
  /** True instances. */
  readonly objects: number;
  /** Predicted instances. */
  readonly found: number;
}

/** Options of {@linkcode evaluateModel}. */
export interface EvaluateOptions {
  /** The network. */
  readonly predict: Predict;
  /** The cases to score. */
  readonly cases: readonly Case[];
  /** The data set of a case by its id, if there are several. */
  readonly sourceOf?: (id: string) => string;
  /** How images are cut, where not by the defaults. */
  readonly window?: WindowOptions;
  /** The probability above which a pixel is object. */
  readonly threshold: number;
  /** The classes that the network gives objects, the background first. */
  readonly objectClasses?: readonly string[];
  /** How instances are separated, where not by the defaults. */
  readonly instances?: InstanceOptions;
  /** The size that images are brought to; their own by default. */
  readonly diameter?: DiameterSettings;
  /** Whether the best threshold is looked for; not by default. */
  readonly findThreshold?: boolean;
  /** The settings of instances that are looked for; none by default. */
  readonly findInstances?: readonly InstanceSettingName[];
  /** When aborted, scoring ends between two windows. */
  readonly signal?: AbortSignal;
  /** Called before each image. */
  readonly onImage: (done: number, all: number) => void;
  /** Given each image after it was scored. */
  readonly onScored?: (image: ScoredImage<ImageScores>) => void;
  /** Which part of image files is read. */
  readonly choice?: ImageChoice;
  /** What the numbers of masks mean, and which classes objects have. */
  readonly masks?: MaskOptions & Pick<CaseOptions, "objectClasses">;
  /** Called with each case that cannot be read. */
  readonly onFault: (error: UnetError) => void;
  /** Given each case of which nothing is labeled, which is left out. */
  readonly onUnlabeled?: (id: string) => void;
  /** Given each warning about a case. */
  readonly onWarning?: (fault: Fault) => void;
}

/** What the scores of a set of images are made from. */
interface Sums {
  readonly pixels: PixelScores;
  readonly instances: InstanceTotals;
  readonly classes: ObjectClassCounts;
}

/**
 * Scores a network on whole images, as it would segment them.
 *
 * @param options The network and the cases.
 * @returns Scores over the cases that could be read and have labels.
 */
export async function evaluateModel(
  options: EvaluateOptions,
): Promise<ModelScores> {
  const { predict, cases, threshold, signal } = options;
  const search = options.findThreshold ? new ThresholdSearch() : undefined;
  const instanceSearch = options.findInstances && new InstanceSearch(
    combinationsOf(
      options.findInstances,
      predict.heads?.some(({ name }) => name === "border") ?? false,
    ),
  );
  const names = options.objectClasses ?? [];
  const classHead = names.length > 0
    ? classHeadOf(predict.heads ?? [])
    : undefined;
  const noSums: Sums = {
    ...{ pixels: noScores, instances: noTotals },
    classes: noObjectClasses(names.length),
  };
  const sums = new SumsByPart(noSums, addSums);
  const scales: ScaledImage[] = [];
  for (const [index, each] of cases.entries()) {
    options.onImage(index, cases.length);
    const sample = await readOrReport(each, options);
    if (sample === null || !isLabeled(sample, options)) continue;
    const { image, labels } = sample;
    const found = await scaleForImage(image, options), scaled = found?.scaled;
    if (scaled) scales.push({ id: each.id, ...scaled });
    const { width, height } = image;
    const segmentation = found?.bands
      ? await joinBands(found.bands, image, predict.heads ?? [objectHead])
      : await segmentImage(image, predict, {
        ...(signal && { signal }),
        ...options.window,
        ...(scaled && { scale: scaled.scale }),
      });
    const { probability, target } = labeledPixels(
      planeOf(segmentation, "object"),
      labels,
    );
    search?.add(probability, target);
    const source = options.sourceOf?.(each.id);
    instanceSearch?.add({
      ...{ segmentation, labels, source: source ?? "" },
      optionsOf: (settings) =>
        instancesAt(scaled, {
          ...options,
          instances: { ...options.instances, ...settings },
        }),
    });
    const instances = findInstances(
      segmentation,
      instancesAt(scaled, options),
      classHead
        ? {
          classes: { name: classHead.name, channels: classHead.classes.length },
        }
        : {},
    );
    const prediction = labelsOf(instances, width, height);
    const batch = { prediction: probability, target, images: 1, threshold };
    const compared = labeledInstances(labels, prediction);
    const own: Sums = {
      pixels: addBatch(noScores, batch),
      instances: compared
        ? totalsOf(compared.truth, compared.prediction)
        : noTotals,
      classes: compared && names.length > 0
        ? countObjectClasses(
          {
            labels: compared.truth,
            classOf: (number) => sample.objectClasses?.[number - 1] ?? -1,
          },
          { labels: compared.prediction, classOf: classOf(instances) },
          names.length,
        )
        : noSums.classes,
    };
    const modality = findModality(image);
    sums.add(own, { modality, source });
    const scores = imageScores(each.id, modality, own);
    options.onScored?.({ scores, sample, prediction });
  }
  return {
    ...sums.summarize((own) => summarize(own, names)),
    ...(search && { bestThreshold: search.best() }),
    ...(instanceSearch && { instanceSettings: instanceSearch.ranking() }),
    ...(options.diameter && { diameters: scales }),
  };
}

function addSums(a: Sums, b: Sums): Sums {
  return {
    pixels: {
      images: a.pixels.images + b.pixels.images,
      counts: addPixels(a.pixels.counts, b.pixels.counts),
      f1Sum: a.pixels.f1Sum + b.pixels.f1Sum,
    },
    instances: addTotals(a.instances, b.instances),
    classes: addObjectClasses(a.classes, b.classes),
  };
}

/** The class of each predicted instance by its number. */
function classOf(found: readonly Instance[]): (number: number) => number {
  const classes = new Map(found.map((one) => [one.label, one.class!]));
  return (number) => classes.get(number)!;
}

/** Scores of objects' classes, by name. */
function scoresOfClasses(
  counts: ObjectClassCounts,
  names: readonly string[],
): ObjectClassScores {
  const { accuracy, classes } = scoreObjectClasses(counts);
  return {
    accuracy,
    classes: Object.fromEntries(
      names.slice(1).map((name, at) => [name, classes[at]!]),
    ),
  };
}

function summarize(
  { pixels, instances, classes }: Sums,
  names: readonly string[],
): PartScores {
  const { f1, iou, precision, recall, f1PerImage } = summarizeScores(pixels);
  return {
    images: pixels.images,
    pixels: { f1, iou, precision, recall },
    perImage: { f1: f1PerImage },
    instances: instances.images === 0 ? null : summarizeTotals(instances),
    ...(names.length > 0 &&
      { objectClasses: scoresOfClasses(classes, names) }),
  };
}

function imageScores(
  id: string,
  modality: Modality,
  { pixels, instances }: Sums,
): ImageScores {
  const [half] = instances.counts;
  return {
    id,
    modality,
    f1: summarizeScores(pixels).f1,
    ap50: scoreInstances(half!).averagePrecision,
    objects: half!.truePositive + half!.falseNegative,
    found: half!.truePositive + half!.falsePositive,
  };
}
