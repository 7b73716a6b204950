/** Training steps, or inference. */
export type Mode = "train" | "infer";

/** A network, its images and a batch, to be measured in each of the modes. */
export interface Shape {
  /** The network's width. */
  readonly width: number;
  /** Height and width of the images, in pixels. */
  readonly size: number;
  /** Images per step. */
  readonly batch: number;
  /** What is measured of it. */
  readonly modes: readonly Mode[];
}

/** The widths that people use: the published model's, one between, the report's. */
export const usualWidths = [0.25, 0.5, 1];

/** A large image, of which inference alone is measured, by the narrow network. */
const largeImage = { width: 0.25, size: 1024, batch: 1 };

/** Settings of the shapes; null for the usual ones. */
export interface ShapeChoices {
  /** The networks' widths. */
  readonly widths: readonly number[] | null;
  /** The batch sizes. */
  readonly batches: readonly number[] | null;
  /** Height and width of the images, in pixels. */
  readonly size: number | null;
  /** The one mode to measure. */
  readonly mode: Mode | null;
}

/**
 * The shapes to measure: per width the batches that people train it with, on
 * tiles of 256×256, and a large image unless batch or size are chosen.
 */
export function shapesOf(choices: ShapeChoices): Shape[] {
  const { batches, size, mode } = choices;
  const modes = mode ? [mode] : ["train", "infer"] as const;
  const isOpen = batches === null && size === null;
  return (choices.widths ?? usualWidths).flatMap((width): Shape[] => [
    ...(batches ?? usualBatches(width)).map((batch) => ({
      ...{ width, size: size ?? 256, batch, modes },
    })),
    ...(isOpen && width === largeImage.width && mode !== "train"
      ? [{ ...largeImage, modes: ["infer"] } as const]
      : []),
  ]);
}

function usualBatches(width: number): number[] {
  return width < 1 ? [8] : [4, 16];
}
