import {
  type Case,
  findModality,
  type Modality,
  readCase,
  type Sample,
} from "@unet/data";
import { UnetError } from "@unet/errors";
import { type Predict, segmentImage, type WindowOptions } from "@unet/infer";
import { findInstances, labelsOf } from "@unet/infer/instances";
import { addBatch, noScores, summarizeScores } from "@unet/train";
import {
  addTotals,
  type InstanceSummary,
  type InstanceTotals,
  noTotals,
  summarizeTotals,
  totalsOf,
} from "./instance_summary.ts";

/** How well a network does on a dataset. */
export interface ModelScores {
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
  /** Over the instances of all images, as `unet segment` finds them. */
  readonly instances: InstanceSummary;
  /** The same for the images that were taken one way. */
  readonly modalities: Partial<Record<Modality, ModalityScores>>;
}

/** How well a network does on images that were taken one way. */
export interface ModalityScores {
  /** Images that were scored. */
  readonly images: number;
  /** Over the instances of these images. */
  readonly instances: InstanceSummary;
}

/** What {@linkcode evaluateModel} works with. */
export interface EvaluateOptions {
  /** The network. */
  readonly predict: Predict;
  /** The cases to score. */
  readonly cases: readonly Case[];
  /** How images are cut, where not by the defaults. */
  readonly window?: WindowOptions;
  /** The probability above which a pixel is object. */
  readonly threshold: number;
  /** When aborted, scoring ends between two windows. */
  readonly signal: AbortSignal;
  /** Told before each image. */
  readonly onImage: (done: number, all: number) => void;
  /** Told of each case that cannot be read. */
  readonly onFault: (error: UnetError) => void;
}

/**
 * Scores a network on whole images, as it would segment them.
 *
 * @param options The network and the cases.
 * @returns Scores over the cases that could be read.
 */
export async function evaluateModel(
  options: EvaluateOptions,
): Promise<ModelScores> {
  const { predict, cases, threshold, signal } = options;
  let scores = noScores, totals = noTotals;
  const byModality = new Map<Modality, InstanceTotals>();
  for (const [index, each] of cases.entries()) {
    options.onImage(index, cases.length);
    const sample = await readOrReport(each, options.onFault);
    if (sample === null) continue;
    const { image, labels } = sample;
    const segmentation = await segmentImage(image, predict, {
      signal,
      ...options.window,
    });
    const { probability, width, height } = segmentation;
    scores = addBatch(scores, {
      prediction: probability,
      target: Uint8Array.from(labels.data, (label) => label > 0 ? 1 : 0),
      images: 1,
      threshold,
    });
    const instances = findInstances(probability, segmentation, { threshold });
    const own = totalsOf(labels, labelsOf(instances, width, height));
    totals = addTotals(totals, own);
    const modality = findModality(image);
    const others = byModality.get(modality) ?? noTotals;
    byModality.set(modality, addTotals(others, own));
  }
  const { f1, iou, precision, recall, f1PerImage } = summarizeScores(scores);
  return {
    images: scores.images,
    pixels: { f1, iou, precision, recall },
    perImage: { f1: f1PerImage },
    instances: summarizeTotals(totals),
    modalities: Object.fromEntries(
      [...byModality].sort().map(([modality, totals]) => [
        modality,
        { images: totals.images, instances: summarizeTotals(totals) },
      ]),
    ),
  };
}

async function readOrReport(
  each: Case,
  onFault: (error: UnetError) => void,
): Promise<Sample | null> {
  try {
    return await readCase(each);
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    onFault(error);
    return null;
  }
}
