import type { InstanceSettings } from "@unet/infer/instances";
import type { ModelPlan } from "@unet/model";
import type { Author, Citation } from "./person.ts";

/** How the objects of a model's probabilities are found. */
export type InstanceStep = Pick<
  InstanceSettings,
  | "threshold"
  | "smoothing"
  | "depth"
  | "borderWeight"
  | "minimalArea"
  | "maximalHole"
>;

/** The facts about a model in its package. */
export interface PackageFacts {
  /** Its name for people: letters, digits, spaces and `_+-()`. */
  readonly title: string;
  /** Who made it. */
  readonly authors: readonly Author[];
  /** What to cite. */
  readonly cite: readonly Citation[];
  /** The license, by its SPDX identifier. */
  readonly license: string;
  /** The license in full, as the card has it. */
  readonly licenseText?: string;
  /** Words to find it by, besides those that every package has. */
  readonly tags: readonly string[];
  /** The network. */
  readonly plan: ModelPlan;
  /** How objects are found; absent where the model finds none. */
  readonly instances?: InstanceStep;
  /** The diameters of objects that it was trained on, in pixels. */
  readonly diameters?: { readonly low: number; readonly high: number };
  /** The pixel size that it was trained for, in µm. */
  readonly pixelSize?: number;
  /** The card in lines, for the documentation. */
  readonly cardLines: readonly string[];
  /** What its makers wrote about it, as Markdown. */
  readonly documentation?: string;
}
