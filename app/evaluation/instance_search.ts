import type { Labels } from "@unet/data";
import type { Planes } from "@unet/infer";
import {
  findInstances,
  type InstanceOptions,
  labelsOf,
} from "@unet/infer/instances";
import type { InstanceSettingName } from "../settings/instance_limits.ts";
import {
  addTotals,
  type InstanceTotals,
  noTotals,
  summarizeTotals,
  totalsOf,
} from "./instance_summary.ts";
import { labeledInstances } from "./labeled_parts.ts";

/** Settings of instances, in pixels that the network saw. */
export type SearchedSettings = Readonly<
  Partial<Record<InstanceSettingName, number>>
>;

/** The values that are tried of each setting; holes hardly matter. */
const values: Readonly<
  Partial<Record<InstanceSettingName, readonly number[]>>
> = {
  depth: [0.75, 1.5, 2.5],
  smoothing: [1, 1.5],
  borderWeight: [5, 12, 20],
  minimalArea: [20, 30],
};

/** How well settings of instances do. */
export interface FoundSettings {
  /** The settings that were tried in place of those in use; none for these. */
  readonly settings: SearchedSettings;
  /** The mean of average precisions at IoU 0.5 to 0.9, and over data sets. */
  readonly meanAveragePrecision: number;
}

/**
 * Every combination of the values that are tried.
 *
 * @param names The settings that are searched.
 * @param hasBorder Whether the network has a border head.
 */
export function combinationsOf(
  names: readonly InstanceSettingName[],
  hasBorder: boolean,
): SearchedSettings[] {
  const searched = names.filter((name) =>
    values[name] && (hasBorder || name !== "borderWeight")
  );
  return searched.reduce<SearchedSettings[]>(
    (all, name) =>
      all.flatMap((settings) =>
        values[name]!.map((value) => ({ ...settings, [name]: value }))
      ),
    [{}],
  );
}

/**
 * Scores combinations of settings image by image, each combination on the same
 * predictions. The measure is that of StarDist's `optimize_thresholds`, the
 * mean of average precisions over IoU thresholds; several data sets count alike,
 * however many images they have.
 */
export class InstanceSearch {
  readonly #combinations: readonly SearchedSettings[];
  /** By data set, of each combination. */
  readonly #totals = new Map<string, InstanceTotals[]>();

  /**
   * @param combinations The settings to try, those to prefer first. The
   * settings in use are tried before them.
   */
  constructor(combinations: readonly SearchedSettings[]) {
    const others = combinations.filter((one) => Object.keys(one).length > 0);
    this.#combinations = [{}, ...others];
  }

  /**
   * Adds an image.
   *
   * @param image What the network predicted, the truth, the data set, and how
   * settings become options of instances of this image.
   */
  add({ segmentation, labels, source, optionsOf }: {
    readonly segmentation: Planes;
    readonly labels: Labels;
    readonly source: string;
    optionsOf(settings: SearchedSettings): InstanceOptions;
  }): void {
    const { width, height } = segmentation;
    const before = this.#totals.get(source) ??
      this.#combinations.map(() => noTotals);
    const after = this.#combinations.map((settings, at) => {
      const found = findInstances(segmentation, optionsOf(settings));
      const compared = labeledInstances(labels, labelsOf(found, width, height));
      return compared
        ? addTotals(before[at]!, totalsOf(compared.truth, compared.prediction))
        : before[at]!;
    });
    this.#totals.set(source, after);
  }

  /**
   * Each combination with its score, the best first; of equal ones the settings
   * in use, or the first that was given. Empty where no image could be scored.
   */
  ranking(): FoundSettings[] {
    const sets = [...this.#totals.values()]
      .filter(([first]) => first!.images > 0);
    if (sets.length === 0) return [];
    return this.#combinations.map((settings, at) => {
      const scores = sets.map((totals) =>
        summarizeTotals(totals[at]!).meanAveragePrecision
      );
      const sum = scores.reduce((all, one) => all + one);
      return { settings, meanAveragePrecision: sum / scores.length };
    }).sort((a, b) => b.meanAveragePrecision - a.meanAveragePrecision);
  }
}
