import {
  cropped,
  type ImageReader,
  type ImageSize,
  type Rectangle,
} from "@unet/data";
import type { Intensities } from "@unet/data/intensities";
import { InstanceFinder } from "../instances/instance_finder.ts";
import type { InstanceOptions } from "../instances/instance_options.ts";
import type { InstanceBand, Speck } from "../instances/instance.ts";
import { type Band, planeOf } from "../windows/band.ts";
import type { Predict } from "../windows/predict.ts";
import { segmentBands } from "../windows/segment_bands.ts";
import type { WindowOptions } from "../windows/window_plan.ts";
import type { Look } from "./judge_looks.ts";

/** How a network looks at parts of an image. */
export interface LookOptions {
  /** The values that the network sees as black and white. */
  readonly range: Intensities;
  /** How parts are cut, where not by the defaults. */
  readonly window?: WindowOptions;
  /** How instances are separated. */
  readonly instances?: InstanceOptions;
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal;
}

/** Specks of fewer pixels are no objects at any scale. */
const leastArea = 10;

/** Probabilities between these are no decision. */
export const doubtful = { low: 0.2, high: 0.8 } as const;

/** What a network saw in parts of an image. */
export interface Sight {
  /** What it found; undefined without an object that lies in a part whole. */
  readonly look: Look | undefined;
  /** The highest probability of a pixel. */
  readonly highest: number;
}

/** What a network saw in a whole image, at its own size. */
export interface WholeSight extends Sight {
  /** Its predictions. */
  readonly bands: readonly Band[];
  /** What each band completed, with the options of the look. */
  readonly found: readonly InstanceBand[];
}

/** An object as far as it is measured. */
interface Measured {
  readonly diameter: number;
  readonly area: number;
  readonly probability: number;
  /** How many such objects there are for each that no border cuts. */
  readonly weight: number;
}

/**
 * Segments parts of an image, and measures the objects that lie in them whole.
 * Large ones are cut by a border more often: each counts as often as it stands
 * for (Miles and Lantuéjoul's correction).
 *
 * @param reader The image at the scale of the look.
 * @param scale By how much it was enlarged.
 * @param parts The parts of it.
 * @param predict The network.
 * @param options How it looks.
 * @returns What it saw.
 */
export async function takeLook(
  { reader, scale, parts }: {
    readonly reader: ImageReader;
    readonly scale: number;
    readonly parts: readonly Rectangle[];
  },
  predict: Predict,
  { range, window, instances, signal }: LookOptions,
): Promise<Sight> {
  const tally = new Tally(instances);
  for (const part of parts) {
    const bands = segmentBands(cropped(reader, part), predict, {
      ...{ ...window, range },
      ...(signal && { signal }),
    });
    for await (const _ of tally.passing(bands, part));
  }
  return tally.sight(scale);
}

/**
 * Segments an image, as for its result, and measures its objects.
 *
 * @param reader The image.
 * @param predict The network.
 * @param options How it looks.
 * @returns What it saw, and what it predicts.
 */
export async function lookAtWhole(
  reader: ImageReader,
  predict: Predict,
  { range, window, instances, signal }: LookOptions,
): Promise<WholeSight> {
  const tally = new Tally(instances), found: InstanceBand[] = [];
  const segmented = segmentBands(reader, predict, {
    ...{ ...window, range },
    ...(signal && { signal }),
  });
  const bands = await Array.fromAsync(tally.passing(segmented, reader, found));
  return { ...tally.sight(1), bands, found };
}

/** What was seen so far. */
class Tally {
  readonly #options: InstanceOptions | undefined;
  readonly #found: Measured[] = [];
  #object = 0;
  #doubt = 0;
  #highest = 0;

  constructor(options: InstanceOptions | undefined) {
    this.#options = options;
  }

  /** Adds a part, whose bands are passed on; notes what each completed. */
  async *passing(
    bands: AsyncIterable<Band>,
    part: ImageSize,
    found: InstanceBand[] = [],
  ): AsyncGenerator<Band, void, void> {
    const { width, height } = part;
    const finder = new InstanceFinder(width, height, {
      ...this.#options,
      speckArea: leastArea,
    });
    for await (const band of bands) {
      this.#count(planeOf(band, "object"));
      const { specks = [], ...completed } = finder.add(band);
      for (const object of [...completed.instances, ...specks]) {
        const measured = measure(object, part);
        if (measured) this.#found.push(measured);
      }
      found.push(completed);
      yield band;
    }
  }

  #count(values: Float32Array): void {
    let object = 0, doubt = 0, highest = this.#highest;
    for (const value of values) {
      if (value > 0.5) object++;
      if (value > doubtful.low && value < doubtful.high) doubt++;
      if (value > highest) highest = value;
    }
    this.#object += object;
    this.#doubt += doubt;
    this.#highest = highest;
  }

  sight(scale: number): Sight {
    const doubt = this.#doubt / Math.max(1, this.#object);
    const look = lookOf(this.#found, { scale, doubt });
    return { look, highest: this.#highest };
  }
}

function lookOf(
  found: readonly Measured[],
  rest: Pick<Look, "scale" | "doubt">,
): Look | undefined {
  if (found.length === 0) return undefined;
  const area = found.reduce((sum, each) => sum + each.area, 0);
  const sure = found.reduce(
    (sum, each) => sum + each.area * each.probability,
    0,
  );
  return {
    ...{ ...rest, diameter: weightedMedian(found), objects: found.length },
    probability: sure / area,
  };
}

/** Measures an object; nothing where a border of its part cuts it. */
function measure(
  { x, y, width, height, mask, probability = 0 }: Speck,
  part: ImageSize,
): Measured | undefined {
  const isCut = x === 0 || y === 0 || x + width === part.width ||
    y + height === part.height;
  if (isCut) return undefined;
  let area = 0;
  for (const inside of mask) area += inside;
  if (area < leastArea) return undefined;
  const places = (part.width - width) * (part.height - height);
  return {
    ...{ diameter: 2 * Math.sqrt(area / Math.PI), area, probability },
    weight: part.width * part.height / places,
  };
}

function weightedMedian(objects: readonly Measured[]): number {
  const sorted = objects.toSorted((a, b) => a.diameter - b.diameter);
  const weightOf = (one: Measured): number => one.diameter * one.weight;
  const half = sorted.reduce((sum, one) => sum + weightOf(one), 0) / 2;
  let sum = 0;
  return sorted.find((one) => (sum += weightOf(one)) >= half)!.diameter;
}
