import type { Modality } from "@unet/data";

/** Of all images, and of those that have something in common. */
export interface ByPart<Scores> {
  /** Of the images that were taken one way. */
  readonly modalities: Partial<Record<Modality, Scores>>;
  /**
   * Of the images of each data set by its name; only if several are scored,
   * and without those of which no image was.
   */
  readonly sources?: Readonly<Record<string, Scores>>;
}

/** What an image has in common with others. */
export interface PartsOfImage {
  /** How it was taken. */
  readonly modality: Modality;
  /** The data set that it is from, if there are several. */
  readonly source?: string | undefined;
}

/** Adds up what images scored: all of them, by modality and by data set. */
export class SumsByPart<Sums> {
  readonly #none: Sums;
  readonly #plus: (a: Sums, b: Sums) => Sums;
  readonly #modalities = new Map<Modality, Sums>();
  readonly #sources = new Map<string, Sums>();
  #all: Sums;

  /**
   * @param none The sums of no image.
   * @param plus Adds two sums.
   */
  constructor(none: Sums, plus: (a: Sums, b: Sums) => Sums) {
    this.#none = none;
    this.#plus = plus;
    this.#all = none;
  }

  /** Adds an image to each of its parts. */
  add(own: Sums, { modality, source }: PartsOfImage): void {
    this.#all = this.#plus(this.#all, own);
    const addTo = <Name>(sums: Map<Name, Sums>, name: Name) =>
      sums.set(name, this.#plus(sums.get(name) ?? this.#none, own));
    addTo(this.#modalities, modality);
    if (source !== undefined) addTo(this.#sources, source);
  }

  /**
   * The scores of all images and of each part: modalities by name, data sets in
   * the order in which they came.
   *
   * @param of Makes scores of sums.
   */
  summarize<Scores extends object>(
    of: (sums: Sums) => Scores,
  ): Scores & ByPart<Scores> {
    const each = <Name extends string>(sums: Iterable<[Name, Sums]>) =>
      Object.fromEntries([...sums].map(([name, own]) => [name, of(own)]));
    return {
      ...of(this.#all),
      modalities: each([...this.#modalities].sort()),
      ...(this.#sources.size > 0 && { sources: each(this.#sources) }),
    };
  }
}
