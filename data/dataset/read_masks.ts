import type { Case } from "./case.ts";
import { stemOf } from "./case_names.ts";
import { emptyFault, overlapFault, unlabeledFault } from "./case_faults.ts";
import type { ImageSize } from "../types.ts";
import type { Fault } from "./fault.ts";
import { judgeCoverage } from "../masks/judge_coverage.ts";
import { judgeMask } from "../masks/judge_mask.ts";
import type { MaskOfCase } from "./mask_of_case.ts";
import { nameObjects } from "./name_objects.ts";
import type { ObjectClasses } from "./object_classes.ts";
import { MaskDoubts } from "./mask_doubts.ts";
import type { MaskFinding } from "../masks/mask_finding.ts";
import { labelMask, objectNumbers } from "../masks/label_mask.ts";
import type { MaskOptions } from "../masks/mask_options.ts";
import { markUnlabeled } from "../masks/mark_unlabeled.ts";
import { mergeLabels, readNucleus } from "../masks/merge_masks.ts";
import { backgroundOf } from "../masks/stored_mask.ts";
import { unlabeled } from "../targets/class_target.ts";
import type { Labels } from "../types.ts";

/** Instances, and what is wrong with their masks. */
export interface Instances {
  readonly labels: Labels;
  /** How many instances there are. */
  readonly nuclei: number;
  readonly faults: readonly Fault[];
  /** The class of each instance, if objects have classes. */
  readonly objectClasses?: readonly number[];
}

/** What the masks of a case are read for. */
export interface MasksOptions extends MaskOptions {
  /** The case that they belong to. */
  readonly each: Case;
  /** The image's size. */
  readonly size: ImageSize;
  /** Which class each object has, if objects have classes. */
  readonly objectClasses?: ObjectClasses;
}

/** Gathers Kaggle's masks: one nucleus each, or as the options want. */
export async function mergeNuclei(
  masks: AsyncIterable<MaskOfCase>,
  asked: MasksOptions,
): Promise<Instances> {
  const { each, ignore = [] } = asked, options = withIgnored(asked);
  const labels = emptyLabels(options.size);
  const faults: Fault[] = [], doubts = new MaskDoubts(each);
  const objects: string[] = [];
  let nuclei = 0, shared = 0, sharing = 0, hidden = 0;
  for await (const { file, mask } of masks) {
    const own = readNucleus(mask, options);
    const { pixels, overlap, added } = mergeLabels(labels, own.labels, nuclei);
    markUnlabeled(labels, mask, ignore);
    doubts.add(file, own.findings);
    if (pixels > labels.data.length * 0.3) {
      const alone = emptyLabels(options.size);
      mergeLabels(alone, own.labels, 0);
      if (!mask.hasShapeInAlpha) {
        doubts.add(file, judgeCoverage(mask, alone, { reading: "binary" }));
      }
    }
    if (pixels === 0) faults.push(emptyFault(each, file, own.top));
    else if (pixels === overlap) hidden++;
    if (overlap > 0) sharing++;
    nuclei += added;
    for (let one = 0; one < added; one++) objects.push(stemOf(file));
    shared += overlap;
  }
  faults.push(...doubts.faults());
  if (shared > 0) {
    const overlap = { pixels: shared, masks: sharing, hidden };
    faults.push(overlapFault(each, overlap));
  }
  return named({ labels, nuclei, faults }, objects, asked);
}

/** Takes the only mask as all nuclei. */
export async function readLabels(
  masks: AsyncIterable<MaskOfCase>,
  asked: MasksOptions,
): Promise<Instances> {
  const { each, ignore = [], objectClasses } = asked;
  const ignoring = withIgnored(asked);
  // What has a class by its number is an object by its number.
  const options: MasksOptions = objectClasses
    ? { ...ignoring, mask: "labels" }
    : ignoring;
  let labels = emptyLabels(options.size), nuclei = 0;
  let objects: string[] = [];
  const faults: Fault[] = [], doubts = new MaskDoubts(each);
  for await (const { file, mask } of masks) {
    const background = backgroundOf(mask, options.background ?? [0]);
    const judgment = judgeMask(mask, background, options);
    labels = labelMask(mask, background, judgment);
    if (objectClasses) {
      objects = objectNumbers(mask, background).map((number) => `${number}`);
    }
    nuclei = 0;
    for (const value of labels.data) if (value > nuclei) nuclei = value;
    const coverage = mask.hasShapeInAlpha
      ? []
      : judgeCoverage(mask, labels, judgment);
    // With another background, numbers are seen in another light.
    const isOfNumbers = ({ kind }: MaskFinding) =>
      kind === "class-map" || kind === "void-value";
    doubts.add(
      file,
      judgment.findings.filter((one) =>
        coverage.length === 0 || !isOfNumbers(one)
      ),
    );
    doubts.add(file, coverage);
    markUnlabeled(labels, mask, ignore);
    if (labels.data.every((own) => own === unlabeled)) {
      faults.push(unlabeledFault(each, file));
    } else if (nuclei === 0) {
      faults.push(emptyFault(each, file, judgment.top));
    }
  }
  faults.push(...doubts.faults());
  return named({ labels, nuclei, faults }, objects, asked);
}

/** Instances with their classes, if objects have classes. */
function named(
  instances: Instances,
  objects: readonly string[],
  { each, objectClasses: classes }: MasksOptions,
): Instances {
  if (!classes) return instances;
  const { objectClasses, faults } = nameObjects(each, objects, classes);
  const all = [...instances.faults, ...faults];
  return { ...instances, objectClasses, faults: all };
}

/** The options, in which what is not labeled is no object either. */
function withIgnored(options: MasksOptions): MasksOptions {
  const { background = [0], ignore = [] } = options;
  return ignore.length === 0
    ? options
    : { ...options, background: [...background, ...ignore] };
}

function emptyLabels({ width, height }: ImageSize): Labels {
  return { width, height, data: new Uint32Array(width * height) };
}
