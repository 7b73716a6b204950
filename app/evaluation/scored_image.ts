import type { Labels, Sample } from "@unet/data";

/** An image that was scored. */
export interface ScoredImage<Scores> {
  /** How well it went. */
  readonly scores: Scores;
  /** The image and the truth. */
  readonly sample: Sample;
  /** What was predicted: numbers of instances, or of classes. */
  readonly prediction: Labels;
}
