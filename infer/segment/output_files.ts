import type { MeasuredChannels } from "./measured_channels.ts";
import type { Source } from "./open_source.ts";
import { DrawnRows } from "./drawn_rows.ts";
import { measureAll } from "./measure_all.ts";
import type { OutputStyle } from "../formats/format.ts";
import type { OutputPaths, PartWriters } from "../formats/part_writers.ts";
import { type Band, planeOf } from "../windows/band.ts";
import type { Instance, InstanceBand } from "../instances/instance.ts";
import { InstanceFinder } from "../instances/instance_finder.ts";
import type { PlaneNumbers } from "../instances/stack_numbers.ts";
import type { InstanceOptions } from "../instances/instance_options.ts";
import { LabelPainter } from "../outputs/label_painter.ts";
import type { ClassArea } from "../outputs/class_areas.ts";
import { classColor } from "../outputs/class_color.ts";
import type { ClassCount } from "../outputs/class_counts.ts";
import type { ClassHead } from "../windows/class_head.ts";
import { sizeClassOf } from "../outputs/size_class.ts";

/** What is written of an image, and where. */
export interface OutputPlan extends OutputStyle {
  /** The files to write, by what they are. */
  readonly paths: OutputPaths;
  /** A pixel is object when its probability is above this. */
  readonly threshold: number;
  /** How instances are separated. */
  readonly instances: InstanceOptions;
  /** The channels that objects are measured in; none by default. */
  readonly channels?: MeasuredChannels;
  /** The head of classes that gives each instance its class; none by default. */
  readonly classHead?: ClassHead;
  /**
   * The instances that each band completes, where they are known without
   * classes; they are found by default.
   */
  readonly found?: readonly InstanceBand[];
  /** What numbers the objects of a plane of a stack; the finder by default. */
  readonly numbers?: PlaneNumbers;
}

/** The counts of an image. */
export type Counts = ObjectCounts | ClassCounts;

/** The counts of an image by a network that finds objects. */
export interface ObjectCounts {
  /** Pixels that are object. */
  readonly foreground: number;
  /** Instances. */
  readonly objects: number;
  /** Pixels of all instances. */
  readonly area: number;
  /** How many instances there are of each size class. */
  readonly sizes: Readonly<Record<string, number>>;
  /**
   * How many instances there are of each class but the background, where they
   * have classes; of a stack, of its sections.
   */
  readonly objectClasses?: readonly ClassCount[];
  /** Instances of all planes of a stack, whose linked ones are one above. */
  readonly sections?: number;
}

/** The counts of an image by a network that predicts a class per pixel. */
export interface ClassCounts {
  /** The area of each class, the background's first. */
  readonly classes: readonly ClassArea[];
}

/**
 * The files of one image, written as its bands come: makes every part that an
 * output takes. Without `finish()`, nothing of them stays.
 */
export class OutputFiles implements AsyncDisposable {
  readonly #source: Source;
  readonly #plan: Omit<OutputPlan, "paths">;
  readonly #writers: PartWriters;
  readonly #finder: Pick<InstanceFinder, "add">;
  readonly #drawn: DrawnRows | undefined;
  readonly #painter: LabelPainter | undefined;
  #foreground = 0;
  #objects = 0;
  #area = 0;
  readonly #sizes = new Map<string, number>();
  /** Instances of each class. */
  readonly #classes: number[];
  /** The class of each instance that is drawn, by its label. */
  readonly #classOf = new Map<number, number>();

  /**
   * @param source The image, or a plane of a stack.
   * @param plan What is written.
   * @param writers The files, open; those of a stack are used for every plane.
   */
  constructor(
    source: Source,
    plan: Omit<OutputPlan, "paths">,
    writers: PartWriters,
  ) {
    const { image: { width, height } } = source;
    const { style, threshold, instances, classHead } = plan;
    this.#source = source;
    this.#plan = plan;
    this.#writers = writers;
    const { name = "", classes = [] } = classHead ?? {};
    this.#classes = classes.map(() => 0);
    this.#finder = plan.found && !classHead
      ? finderOf(plan.found)
      : new InstanceFinder(width, height, {
        ...{ threshold, ...instances },
      }, classHead ? { classes: { name, channels: classes.length } } : {});
    if (writers.takes("drawing")) {
      // Instances with classes have the colors of these.
      this.#drawn = classHead && style === "instances"
        ? new DrawnRows(source, "classes", {
          colorOf: (label) => classColor(this.#classOf.get(label) ?? 0),
        })
        : new DrawnRows(source, style);
    }
    const isDrawnByInstance = style === "instances" && this.#drawn;
    if (isDrawnByInstance || writers.takes("labels")) {
      this.#painter = new LabelPainter(width, height);
    }
  }

  /**
   * Adds the next band.
   *
   * @throws {FileError} If a file cannot be written, or the image not be read.
   */
  async add(band: Band): Promise<void> {
    const mask = this.#maskOf(band);
    await this.#writers.write("mask", mask);
    if (this.#plan.style === "mask") await this.#draw(mask);
    await this.#writers.write("band", band);
    const found = this.#finder.add(band), { numbers } = this.#plan;
    await this.#addInstances(numbers ? numbers.add(found) : found);
  }

  #maskOf(band: Band): Uint8Array {
    const probability = planeOf(band, "object");
    const mask = new Uint8Array(probability.length);
    const { threshold } = this.#plan;
    for (let at = 0; at < mask.length; at++) {
      if (!(probability[at]! > threshold)) continue;
      mask[at] = 255;
      this.#foreground++;
    }
    return mask;
  }

  async #draw(objects: Uint8Array | Uint32Array): Promise<void> {
    await this.#drawn?.addTo(this.#writers, objects);
  }

  async #addInstances(found: InstanceBand): Promise<void> {
    const { instances } = found;
    for (const instance of instances) this.#count(instance);
    await this.#writers.write("instances", instances);
    if (this.#writers.takes("measured")) {
      const { channels } = this.#plan;
      const measurements = await measureAll(instances, this.#source, channels);
      await this.#writers.write("measured", { instances, measurements });
    }
    for (const labels of this.#painter?.add(found) ?? []) {
      await this.#writers.write("labels", labels);
      // Instances are complete later than the mask.
      if (this.#plan.style === "instances") await this.#draw(labels);
    }
  }

  #count({ mask, label, class: number }: Instance): void {
    if (number !== undefined) {
      this.#classes[number]!++;
      if (this.#drawn) this.#classOf.set(label, number);
    }
    let area = 0;
    for (const inside of mask) area += inside;
    this.#objects++;
    this.#area += area;
    const size = String(sizeClassOf(area));
    this.#sizes.set(size, (this.#sizes.get(size) ?? 0) + 1);
  }

  /**
   * Completes the files and gives them their names, the mask last.
   *
   * @returns What was counted.
   * @throws {FileError} If one cannot be written.
   */
  async finish(): Promise<ObjectCounts> {
    await this.#writers.finish();
    return this.counts;
  }

  /** What was counted so far. */
  get counts(): ObjectCounts {
    const { classHead } = this.#plan;
    return {
      foreground: this.#foreground,
      objects: this.#objects,
      area: this.#area,
      sizes: Object.fromEntries(this.#sizes),
      ...(classHead && {
        objectClasses: classHead.classes.slice(1).map((name, at) => ({
          ...{ name, objects: this.#classes[at + 1]! },
        })),
      }),
    };
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writers[Symbol.asyncDispose]();
  }
}

/** Gives what was found before, band by band. */
function finderOf(
  found: readonly InstanceBand[],
): Pick<InstanceFinder, "add"> {
  const bands = found.values();
  return { add: () => bands.next().value! };
}
