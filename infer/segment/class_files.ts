import { DrawnRows } from "./drawn_rows.ts";
import { measureAll } from "./measure_all.ts";
import type { Source } from "./open_source.ts";
import type { Counts, OutputPlan } from "./output_files.ts";
import { classFormats } from "../formats/formats.ts";
import { PartWriters } from "../formats/part_writers.ts";
import { RegionFinder } from "../instances/region_finder.ts";
import { type Band, planeOf } from "../windows/band.ts";
import type { ClassHead } from "../windows/class_head.ts";
import { toClassMap } from "../windows/to_class_map.ts";

/** What is written of an image with a network of classes, and where. */
export interface ClassPlan
  extends Pick<OutputPlan, "paths" | "style" | "pyramid" | "channels"> {
  /** The network's head of classes. */
  readonly classHead: ClassHead;
}

/**
 * The files of one image, written as the bands of a network of classes come:
 * makes every part that an output takes. Without `finish()`, nothing of them
 * stays.
 */
export class ClassFiles implements AsyncDisposable {
  readonly #source: Source;
  readonly #plan: ClassPlan;
  readonly #writers: PartWriters;
  readonly #drawn: DrawnRows | undefined;
  readonly #regions: RegionFinder | undefined;
  /** Pixels of each class. */
  readonly #pixels: number[];

  private constructor(source: Source, plan: ClassPlan, writers: PartWriters) {
    const { image: { width, height } } = source;
    const { classes } = plan.classHead;
    this.#source = source;
    this.#plan = plan;
    this.#writers = writers;
    this.#pixels = classes.map(() => 0);
    if (writers.takes("drawing")) {
      this.#drawn = new DrawnRows(source, "classes");
    }
    if (writers.takes("instances") || writers.takes("measured")) {
      this.#regions = new RegionFinder(width, height, classes.length);
    }
  }

  /**
   * Begins the files.
   *
   * @throws {FileError} If one cannot be made.
   */
  static async open(source: Source, plan: ClassPlan): Promise<ClassFiles> {
    const { image: { width, height }, pixelSize } = source;
    const { paths, style, pyramid, channels, classHead } = plan;
    const writers = await PartWriters.open(paths, {
      ...{ width, height, style, pyramid, classHead },
      ...(pixelSize && { pixelSize }),
      channels: channels?.names ?? [],
    }, classFormats);
    return new ClassFiles(source, plan, writers);
  }

  /**
   * Adds the next band.
   *
   * @throws {FileError} If a file cannot be written, or the image not be read.
   */
  async add(band: Band): Promise<void> {
    const { name } = this.#plan.classHead;
    const classMap = toClassMap(band, name).data as Uint8Array;
    for (const number of classMap) this.#pixels[number]!++;
    await this.#writers.write("classMap", classMap);
    await this.#drawn?.addTo(this.#writers, classMap);
    await this.#writers.write("band", band);
    if (!this.#regions) return;
    const probability = planeOf(band, name);
    const regions = this.#regions.add({ classMap, probability });
    await this.#writers.write("instances", regions);
    if (!this.#writers.takes("measured")) return;
    const { channels } = this.#plan;
    const measurements = await measureAll(regions, this.#source, channels);
    await this.#writers.write("measured", { instances: regions, measurements });
  }

  /**
   * Completes the files and gives them their names, the class map last.
   *
   * @returns What was counted.
   * @throws {FileError} If one cannot be written.
   */
  async finish(): Promise<Counts> {
    const classes = this.#plan.classHead.classes
      .map((name, number) => ({ name, pixels: this.#pixels[number]! }));
    await this.#writers.write("classAreas", classes);
    await this.#writers.finish();
    return { classes };
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writers[Symbol.asyncDispose]();
  }
}
