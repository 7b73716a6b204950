import type { Instance } from "../instances/instance.ts";
import { TextFile } from "./_text_file.ts";
import type { ClassStyle } from "./class_color.ts";
import type { Measurement } from "./measure_instance.ts";
import { simplifyRing } from "./simplify_ring.ts";
import { type Ring, traceOutline } from "./trace_outline.ts";

/** How objects are described to QuPath. */
export interface InstanceGeoJsonOptions {
  /** QuPath's kind of object; `detection` by default, which it shows faster. */
  readonly objectType?: "detection" | "annotation";
  /** The class of objects that have none; "Nucleus" in red by default. */
  readonly classification?: {
    /** Its name. */
    readonly name: string;
    /** Red, green and blue, 0…255. */
    readonly color: readonly [number, number, number];
  };
  /**
   * The classes of objects that have one, by its number; an object's
   * classification is that of its class.
   */
  readonly classes?: readonly ClassStyle[];
  /**
   * Leaves out corners within this distance in pixels of the outline, which
   * then no longer follows the pixels; none by default.
   */
  readonly simplify?: number;
}

/**
 * Writes objects as GeoJSON that QuPath opens: polygons along the edges of
 * their pixels with holes, coordinates in pixels from the top left, a class,
 * measurements; of a stack, the plane as QuPath has it, for all channels. One
 * line per object.
 *
 * @example
 * ```ts
 * import { InstanceGeoJson } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells.geojson`;
 * await using file = await InstanceGeoJson.open(path);
 * await file.add([{
 *   label: 1,
 *   x: 3,
 *   y: 4,
 *   width: 1,
 *   height: 1,
 *   mask: new Uint8Array([1]),
 *   probability: 0.5,
 * }]);
 * await file.finish();
 *
 * const { features } = JSON.parse(await Deno.readTextFile(path));
 * assertEquals(features[0].geometry, {
 *   type: "Polygon",
 *   coordinates: [[[3, 4], [4, 4], [4, 5], [3, 5], [3, 4]]],
 * });
 * ```
 */
export class InstanceGeoJson implements AsyncDisposable {
  readonly #file: TextFile;
  readonly #options: InstanceGeoJsonOptions;
  #count = 0;

  private constructor(file: TextFile, options: InstanceGeoJsonOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * Begins a file. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param options How objects are described.
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   * @throws {RangeError} If the distance or a color cannot be.
   */
  static async open(
    path: string,
    options: InstanceGeoJsonOptions = {},
  ): Promise<InstanceGeoJson> {
    const { simplify = 0, classification } = options;
    if (!(simplify >= 0 && simplify < Infinity)) {
      throw new RangeError(
        `Cannot write GeoJSON: found a distance of ${simplify}, expected a number from 0`,
      );
    }
    const isByte = (value: number) =>
      Number.isInteger(value) && value >= 0 && value <= 255;
    if (classification && !classification.color.every(isByte)) {
      throw new RangeError(
        `Cannot write GeoJSON: found the color ${
          classification.color.join(", ")
        }, expected integers in 0…255`,
      );
    }
    const file = await TextFile.open(path, "GeoJSON");
    await file.write('{"type":"FeatureCollection","features":[');
    return new InstanceGeoJson(file, options);
  }

  /**
   * Adds objects.
   *
   * @param instances The objects.
   * @param measurements What is known of each, in the same order; label, area
   * and probability alone where none is given.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If an object cannot be, or there are not as many
   * measurements as objects.
   */
  async add(
    instances: readonly Instance[],
    measurements?: readonly Measurement[],
  ): Promise<void> {
    if (measurements && measurements.length !== instances.length) {
      throw new RangeError(
        `Cannot write GeoJSON: found ${measurements.length} measurements, expected ${instances.length}`,
      );
    }
    for (const [index, instance] of instances.entries()) {
      const feature = this.#featureOf(instance, measurements?.[index]);
      const separator = this.#count++ === 0 ? "\n" : ",\n";
      await this.#file.write(separator + JSON.stringify(feature));
    }
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   */
  async finish(): Promise<void> {
    await this.#file.write("\n]}\n");
    await this.#file.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.#file.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  #featureOf(instance: Instance, measured: Measurement | undefined): unknown {
    const {
      objectType = "detection",
      classification = { name: "Nucleus", color: [200, 0, 0] },
      classes = [],
      simplify = 0,
    } = this.#options;
    const own = instance.class === undefined
      ? undefined
      : classes[instance.class];
    const closed = (ring: Ring) => {
      const kept = simplify > 0 ? simplifyRing(ring, simplify) : ring;
      return [...kept, kept[0]];
    };
    const polygons = traceOutline(instance)
      .map(({ outer, holes }) => [outer, ...holes].map(closed));
    const { place } = instance;
    return {
      type: "Feature",
      geometry: {
        ...polygons.length === 1
          ? { type: "Polygon", coordinates: polygons[0] }
          : { type: "MultiPolygon", coordinates: polygons },
        ...place &&
          { plane: { c: -1, z: place.plane ?? 0, t: place.time ?? 0 } },
      },
      properties: {
        objectType,
        classification: own ?? classification,
        measurements: measured ? namesOf(measured) : {
          Label: instance.label,
          "Area px^2": areaOf(instance),
          Probability: instance.probability,
        },
      },
    };
  }
}

function areaOf({ mask }: Instance): number {
  return mask.reduce((sum, value) => sum + (value === 1 ? 1 : 0), 0);
}

/** Measurements as QuPath shows them; it takes numbers alone. */
function namesOf(measured: Measurement): Record<string, number> {
  const { label, pixels, micrometers, intensities } = measured;
  const named: Record<string, number | undefined> = { Label: label };
  for (const [unit, extent] of [["px", pixels], ["µm", micrometers]] as const) {
    if (!extent) continue;
    named[`Area ${unit}^2`] = extent.area;
    named[`Perimeter ${unit}`] = extent.perimeter;
    named[`Major axis ${unit}`] = extent.majorAxis;
    named[`Minor axis ${unit}`] = extent.minorAxis;
  }
  named["Eccentricity"] = measured.eccentricity;
  named["Solidity"] = measured.solidity;
  named["Probability"] = measured.probability;
  for (const { channel, mean, min, max, std, sum } of intensities) {
    named[`${channel}: Mean`] = mean;
    named[`${channel}: Min`] = min;
    named[`${channel}: Max`] = max;
    named[`${channel}: Std.Dev.`] = std;
    named[`${channel}: Sum`] = sum;
  }
  const known = Object.entries(named).filter((entry): entry is [
    string,
    number,
  ] => Number.isFinite(entry[1]));
  return Object.fromEntries(known);
}
