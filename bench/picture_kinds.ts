/** What a picture needs to know of an image that was scored. */
export interface PicturedImage {
  /** Its data set and what that calls it, as in `cells/field-3`. */
  readonly id: string;
  /** How it was taken. */
  readonly modality: string;
  /** F1 of its pixels. */
  readonly f1: number;
  /** True instances. */
  readonly objects: number;
}

/** A kind of image that docs/models.md shows. */
export interface PictureKind {
  /** The picture's name. */
  readonly name: string;
  /** Its heading. */
  readonly title: string;
  /** Whose images they are. */
  readonly source: string;
  /** How they were taken. */
  readonly modality: string;
  /** At least and at most so many true objects; any number by default. */
  readonly objects?: readonly [least: number, most: number];
}

/** Fewer objects say little: one that is missed decides. */
const fewest = 5;

/** From so many objects on, an image of the Bowl is crowded. */
const crowded = 100;

/**
 * The kinds, each of images whose license lets them be shown: CC0, or CC BY 4.0
 * with the citation that docs/models.md gives.
 */
export const pictureKinds: readonly PictureKind[] = [
  {
    name: "fluorescence",
    title: "Fluorescence",
    source: "stage1_train",
    modality: "fluorescence",
    objects: [fewest, crowded - 1],
  },
  {
    name: "crowded",
    title: "Crowded fluorescence",
    source: "stage1_train",
    modality: "fluorescence",
    objects: [crowded, Infinity],
  },
  {
    name: "sixteen-bit",
    title: "Fluorescence of 16 bits",
    source: "bbbc039-subset",
    modality: "fluorescence",
  },
  {
    name: "large",
    title: "Large nuclei",
    source: "aitslab-bioimaging1-subset",
    modality: "fluorescence",
  },
  {
    name: "hematoxylin-eosin",
    title: "H&E",
    source: "tnbc-naylor",
    modality: "stained",
  },
  {
    name: "stained",
    title: "Other stained tissue",
    source: "stage1_train",
    modality: "stained",
  },
  {
    name: "bright-field",
    title: "Bright field",
    source: "stage1_train",
    modality: "brightfield",
  },
];

/**
 * The images of a kind with the highest and the lowest F1, of those with at
 * least five objects; of two alike, the first by id. Nobody picks them.
 *
 * @param images Images that were scored.
 * @param kind The kind.
 * @returns The success and the failure; undefined where there are not two.
 */
export function chooseImages<Scored extends PicturedImage>(
  images: readonly Scored[],
  { source, modality, objects: [least, most] = [fewest, Infinity] }:
    PictureKind,
): readonly [success: Scored, failure: Scored] | undefined {
  const sorted = images.filter((image) =>
    image.id.startsWith(`${source}/`) && image.modality === modality &&
    image.objects >= least && image.objects <= most
  ).sort((a, b) => b.f1 - a.f1 || (a.id < b.id ? -1 : 1));
  const [first] = sorted, last = sorted.at(-1);
  return sorted.length < 2 ? undefined : [first!, last!];
}
