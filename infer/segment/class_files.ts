import { DrawnRows } from "./drawn_rows.ts";
import { measureAll } from "./measure_all.ts";
import type { Source } from "./open_source.ts";
import type { ClassCounts, OutputPlan } from "./output_files.ts";
import type { PartWriters } from "../formats/part_writers.ts";
import type { Instance } from "../instances/instance.ts";
import { RegionFinder } from "../instances/region_finder.ts";
import { type Band, planeOf } from "../windows/band.ts";
import type { ClassHead } from "../windows/class_head.ts";
import { toClassMap } from "../windows/to_class_map.ts";

/** What is written of an image with a network of classes, and where. */
export interface ClassPlan
  extends
    Pick<OutputPlan, "paths" | "style" | "pyramid" | "channels" | "numbers"> {
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
  readonly #plan: Omit<ClassPlan, "paths">;
  readonly #writers: PartWriters;
  readonly #drawn: DrawnRows | undefined;
  readonly #regions: RegionFinder | undefined;
  /** Pixels of each class. */
  readonly #pixels: number[];

  /**
   * @param source The image, or a plane of a stack.
   * @param plan What is written.
   * @param writers The files, open; those of a stack are used for every plane.
   */
  constructor(
    source: Source,
    plan: Omit<ClassPlan, "paths">,
    writers: PartWriters,
  ) {
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
    const found = this.#regions.add({ classMap, probability });
    const regions = this.#numbered(found);
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
  async finish(): Promise<ClassCounts> {
    const { counts } = this;
    await this.#writers.write("classAreas", counts.classes);
    await this.#writers.finish();
    return counts;
  }

  /** What was counted so far. */
  get counts(): ClassCounts {
    const classes = this.#plan.classHead.classes
      .map((name, number) => ({ name, pixels: this.#pixels[number]! }));
    return { classes };
  }

  /** Regions with their numbers and places in a stack, where there is one. */
  #numbered(regions: readonly Instance[]): readonly Instance[] {
    const { numbers } = this.#plan;
    // No region waits for a later one.
    return numbers?.add({ instances: regions, rows: 0 }).instances ?? regions;
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writers[Symbol.asyncDispose]();
  }
}
