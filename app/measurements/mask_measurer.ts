/**
 * Measures the objects of a mask in its image, and again after edits.
 *
 * @module
 */
import type { Labels, PixelSize, Rectangle } from "@unet/data";
import { cannot, UnetError } from "@unet/errors";
import { boxesIn, type Instance, instanceIn } from "@unet/infer/instances";
import {
  type MeasuredImage,
  openMeasuredImage,
} from "@unet/infer/measured-image";
import {
  type Measurement,
  measurementCells,
  measurementColumns,
} from "@unet/infer/outputs";
import type { ReadablePrediction } from "../predictions/kept_prediction.ts";
import type { ViewChoice } from "../view/open_view.ts";
import { meanProbabilities } from "./mean_probabilities.ts";

/** The most pixels of a mask that is measured: 8192×8192. */
export const mostMeasuredPixels: number = 2 ** 26;

/** The most objects of one. */
export const mostMeasuredObjects: number = 2 ** 17;

/** The most numbers of a table. */
const mostCells = 2 ** 24;

/**
 * The most pixels of all objects' rectangles together: a multiple of the
 * image's, which no objects have that are in one piece each.
 */
const boxPixels = { perPixel: 8, least: 2 ** 22, most: 2 ** 27 };

/** Facts about a mask's objects besides their pixels. */
export interface MaskFacts {
  /** The names of all classes, without the background; none by default. */
  readonly classNames?: readonly string[];
  /** The class of each object that has one. */
  readonly classes?: ReadonlyMap<number, string>;
  /** What a network predicted of the image, for the objects' probabilities. */
  readonly prediction?: {
    /** The prediction. */
    readonly kept: ReadablePrediction;
    /**
     * The threshold by which the mask was found, or null for a mask that was
     * made or changed by hand: there each pixel of an object counts.
     */
    readonly threshold: number | null;
  };
  /** Hears how many objects are measured, of how many. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Objects that are measured between two reports. */
const atOnce = 1000;

/** Objects of a block of the image, of so many pixels, are neighbors. */
const blockOf = (place: number): number => Math.floor(place / 256);

/** The objects of a mask, measured. */
export interface MeasuredMask {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** How large a pixel is, where that is known. */
  readonly pixelSize?: PixelSize;
  /** The channels that objects are measured in. */
  readonly channels: readonly string[];
  /** The classes, the background first, where there are classes. */
  readonly classes?: readonly string[];
  /** The objects, in the order of their numbers. */
  readonly instances: readonly Instance[];
  /** Their measurements, in the same order. */
  readonly measurements: readonly Measurement[];
}

interface Known {
  readonly instance: Instance;
  readonly measurement: Measurement;
}

/**
 * Measures the objects of a mask with the numbers that `segment()` gives. After
 * an edit, only objects are measured whose pixels changed.
 *
 * @example
 * ```ts
 * import { MaskMeasurer } from "@unet/app/mask-measurer";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([10, 30, 0]);
 * const image = { width: 3, height: 1, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using measurer = await MaskMeasurer.open(path);
 *   const labels = { width: 3, height: 1, data: new Uint32Array([4, 4, 0]) };
 *   const { measurements } = await measurer.measure(labels);
 *   assertEquals(measurements[0]?.pixels.area, 2);
 *   assertEquals(measurements[0]?.intensities[0]?.mean, 20);
 * }
 * await Deno.remove(path);
 * ```
 */
export class MaskMeasurer implements AsyncDisposable {
  readonly #image: MeasuredImage;
  readonly #path: string;
  #labels: Labels | null = null;
  #known = new Map<number, Known>();

  private constructor(path: string, image: MeasuredImage) {
    this.#path = path;
    this.#image = image;
  }

  /**
   * Opens an image to measure masks of it.
   *
   * @param path The file.
   * @param choice Its plane and time point; the first ones by default.
   * @throws {FileError} If it cannot be read.
   */
  static async open(
    path: string,
    choice: ViewChoice = {},
  ): Promise<MaskMeasurer> {
    return new MaskMeasurer(path, await openMeasuredImage(path, choice));
  }

  /**
   * Measures the objects of a mask.
   *
   * @param labels The mask, which is kept until the next one and must not be
   * changed.
   * @param facts What is known of the objects besides.
   * @throws {UnetError} If the mask has another size than the image, or is too
   * large to be measured in memory.
   * @throws {FileError} If the image or the prediction is damaged.
   */
  async measure(labels: Labels, facts: MaskFacts = {}): Promise<MeasuredMask> {
    const { width, height, channels, pixelSize } = this.#image;
    this.#requireSize(labels);
    const boxes = boxesIn(labels);
    this.#requireBounded(boxes);
    const changed = this.#labels && changedLabels(this.#labels, labels);
    const all = [...boxes.keys()].sort((a, b) => a - b);
    const isKnown = (label: number) =>
      changed?.has(label) === false && this.#known.has(label);
    const fresh = await this.#measure(labels, {
      boxes: all.filter((label) => !isKnown(label))
        .map((label) => [label, boxes.get(label)!]),
      onProgress: facts.onProgress,
    });
    const known = new Map(
      all.map((label) => [label, fresh.get(label) ?? this.#known.get(label)!]),
    );
    this.#labels = labels;
    this.#known = known;
    const { prediction, classNames = [], classes = new Map() } = facts;
    const probabilities = prediction && await meanProbabilities(
      prediction.kept,
      labels,
      { threshold: prediction.threshold, boxes },
    );
    const numbers = new Map(classNames.map((name, at) => [name, at + 1]));
    const extraOf = (label: number) => {
      const number = numbers.get(classes.get(label) ?? "");
      const probability = probabilities?.get(label);
      return {
        ...(number !== undefined && { class: number }),
        ...(probability !== undefined && { probability }),
      };
    };
    const objects = [...known.values()];
    return {
      ...{ width, height, channels },
      ...(pixelSize && { pixelSize }),
      ...(classNames.length > 0 && { classes: ["background", ...classNames] }),
      instances: objects.map(({ instance }) => ({
        ...instance,
        ...extraOf(instance.label),
      })),
      measurements: objects.map(({ measurement }) => ({
        ...measurement,
        ...extraOf(measurement.label),
      })),
    };
  }

  /** Measures objects; neighbors together, for which the file is read once. */
  async #measure(
    labels: Labels,
    { boxes, onProgress }: {
      readonly boxes: readonly (readonly [label: number, box: Rectangle])[];
      readonly onProgress: MaskFacts["onProgress"];
    },
  ): Promise<Map<number, Known>> {
    const known = new Map<number, Known>();
    const near = boxes.toSorted(([, one], [, other]) =>
      blockOf(one.y) - blockOf(other.y) || blockOf(one.x) - blockOf(other.x)
    );
    for (let at = 0; at < near.length; at += atOnce) {
      const instances = near.slice(at, at + atOnce)
        .map(([label, box]) => instanceIn(labels, label, box));
      const measured = await this.#image.measure(instances);
      for (const [one, instance] of instances.entries()) {
        known.set(instance.label, { instance, measurement: measured[one]! });
      }
      onProgress?.(Math.min(at + atOnce, near.length), near.length);
    }
    return known;
  }

  #requireSize({ width, height }: Labels): void {
    const image = this.#image;
    if (width !== image.width || height !== image.height) {
      throw this.#fault(
        `a mask of ${width} × ${height} pixels`,
        `the image's ${image.width} × ${image.height}`,
        "remove the mask, or draw it anew",
      );
    }
    if (width * height > mostMeasuredPixels) {
      throw this.#fault(
        `${width} × ${height} pixels`,
        `at most ${mostMeasuredPixels}, as of 8192 × 8192`,
      );
    }
  }

  #requireBounded(boxes: ReadonlyMap<number, Rectangle>): void {
    const columns = measurementColumns(this.#image.channels).length;
    const most = Math.min(mostMeasuredObjects, Math.floor(mostCells / columns));
    if (boxes.size > most) {
      throw this.#fault(`${boxes.size} objects`, `at most ${most}`);
    }
    let pixels = 0;
    for (const { width, height } of boxes.values()) pixels += width * height;
    const { width, height } = this.#image;
    const bound = Math.min(
      boxPixels.most,
      Math.max(boxPixels.least, boxPixels.perPixel * width * height),
    );
    if (pixels <= bound) return;
    throw this.#fault(
      `objects in parts far apart, whose rectangles have ${pixels} pixels`,
      `at most ${bound}`,
    );
  }

  #fault(
    found: string,
    expected: string,
    remedy = "cut the image into parts",
  ): UnetError {
    return new UnetError(
      cannot("measure", "mask of image", this.#path, {
        found,
        expected,
        remedy,
      }),
    );
  }

  /** Closes the image. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#image[Symbol.asyncDispose]();
  }
}

/** The labels of pixels that changed, those before and those after. */
function changedLabels(before: Labels, after: Labels): Set<number> {
  const changed = new Set<number>();
  for (let at = 0; at < after.data.length; at++) {
    const was = before.data[at]!, is = after.data[at]!;
    if (was === is) continue;
    changed.add(was);
    changed.add(is);
  }
  return changed;
}

/** A table of measurements. */
export interface MeasuredTable {
  /** The names of the columns, as of the table that `segment()` writes. */
  readonly columns: readonly string[];
  /** A row per object; what is not known is undefined. */
  readonly rows: readonly (readonly (number | string | undefined)[])[];
}

/**
 * The table of a measured mask, with the columns that `segment()` writes.
 *
 * @param measured The mask.
 */
export function tableOfMask(
  { channels, classes, measurements }: MeasuredMask,
): MeasuredTable {
  const options = classes ? { classNames: classes } : {};
  return {
    columns: measurementColumns(channels, options),
    rows: measurements.map((one) => measurementCells(one, options)),
  };
}
