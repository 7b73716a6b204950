import { join } from "@std/path";
import {
  type ColorNormalization,
  encodePng,
  intensitiesOf,
  pictureOf,
} from "@unet/data";
import { writeFile } from "@unet/files";
import { drawClassComparison, drawComparison } from "@unet/infer";
import type { ScoredImage } from "./scored_image.ts";

/** An image on a list of the worst. */
export type WorstImage<Scores> = Scores & {
  /** The picture of its true and predicted outlines or classes, if drawn. */
  readonly overlay?: string;
};

/** What images are sorted by, the second where the first is the same. */
export interface SortedScores {
  /** What the dataset calls the image. */
  readonly id: string;
  /** Its F1. */
  readonly f1: number;
  /** Its average precision at IoU 0.5. */
  readonly ap50?: number;
}

/** Keeps the images with the smallest F1 of those that come by. */
export class WorstImages<Scores extends SortedScores> {
  readonly #most: number;
  readonly #classes: readonly string[] | undefined;
  /** The worst first. */
  #images: ScoredImage<Scores>[] = [];

  /**
   * @param most How many are kept at most.
   * @param classes The names of the classes, if images are scored by classes.
   */
  constructor(most: number, classes?: readonly string[]) {
    this.#most = most;
    this.#classes = classes;
  }

  /** Shows it an image; those that are not among the worst are let go. */
  add(image: ScoredImage<Scores>): void {
    this.#images = [...this.#images, image]
      .sort(({ scores: a }, { scores: b }) =>
        a.f1 - b.f1 || (a.ap50 ?? 0) - (b.ap50 ?? 0)
      )
      .slice(0, this.#most);
  }

  /**
   * Lists the images, the worst first, and draws each with its true and its
   * predicted outlines or classes.
   *
   * @param folder Where the pictures go, as `01_ID.png`; none is drawn without.
   * @param normalization How the network sees color and gray.
   * @throws {FileError} If one cannot be written.
   */
  async list(
    folder?: string,
    normalization?: ColorNormalization,
  ): Promise<WorstImage<Scores>[]> {
    const listed: WorstImage<Scores>[] = [];
    for (
      const [index, { scores, sample, prediction }] of this.#images.entries()
    ) {
      if (folder === undefined) {
        listed.push(scores);
        continue;
      }
      const place = String(index + 1).padStart(2, "0");
      // An id may be a path.
      const name = scores.id.replaceAll(/[^\w.-]+/g, "-");
      const overlay = join(folder, `${place}_${name}.png`);
      const { image, labels: truth } = sample, classes = this.#classes;
      const seen = intensitiesOf(image, normalization);
      const drawn = classes
        ? drawClassComparison(pictureOf(image, seen), {
          ...{ truth, prediction, classes },
        })
        : drawComparison(image, truth, prediction, seen);
      await writeFile(overlay, await encodePng(drawn), "overlay");
      listed.push({ ...scores, overlay });
    }
    return listed;
  }
}
