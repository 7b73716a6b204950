import type { StackPlace } from "../instances/instance.ts";
import { StackNumbers } from "../instances/stack_numbers.ts";
import { objectFormats } from "../formats/formats.ts";
import { PartWriters } from "../formats/part_writers.ts";
import type { StackShape } from "../outputs/stack_shape.ts";
import type { Band } from "../windows/band.ts";
import type { MeasuredChannels } from "./measured_channels.ts";
import type { Source } from "./open_source.ts";
import {
  type ObjectCounts,
  OutputFiles,
  type OutputPlan,
} from "./output_files.ts";

/** What is written of a stack, and where. */
export interface StackPlan extends Omit<OutputPlan, "channels" | "numbers"> {
  /** Its planes. */
  readonly stack: StackShape;
  /** The smallest overlap that links objects; none are by default. */
  readonly link?: number;
  /** The names of the channels that objects are measured in. */
  readonly channels: readonly string[];
}

/** What was counted on a stack: objects, and the sections that they have. */
export interface StackCounts extends ObjectCounts {
  /** Instances of all planes; of these, linked ones are one object. */
  readonly sections: number;
}

/**
 * The files of one stack, written plane after plane. Without `finish()`,
 * nothing of them stays.
 */
export class StackFiles implements AsyncDisposable {
  readonly #plan: StackPlan;
  readonly #writers: PartWriters;
  readonly #numbers: StackNumbers;
  #foreground = 0;
  #sections = 0;
  #area = 0;
  readonly #sizes = new Map<string, number>();

  private constructor(plan: StackPlan, writers: PartWriters) {
    this.#plan = plan;
    this.#writers = writers;
    this.#numbers = new StackNumbers(plan.link);
  }

  /**
   * Begins the files.
   *
   * @throws {FileError} If one cannot be made.
   */
  static async open(
    { image: { width, height }, pixelSize }: Source,
    plan: StackPlan,
  ): Promise<StackFiles> {
    const { paths, style, pyramid, channels, stack } = plan;
    const { axis, count } = stack;
    const writers = await PartWriters.open(paths, {
      ...{ width, height, style, pyramid, channels },
      ...(pixelSize && { pixelSize }),
      stack: { axis, count },
    }, objectFormats);
    return new StackFiles(plan, writers);
  }

  /**
   * Adds the next plane.
   *
   * @param source The plane.
   * @param bands What the network predicts of it.
   * @param options Where it is in the stack, and the channels that its objects
   * are measured in.
   * @throws {FileError} If a file cannot be written, or the plane not be read.
   */
  async add(
    source: Source,
    bands: AsyncIterable<Band>,
    { place, channels }: {
      readonly place: StackPlace;
      readonly channels?: MeasuredChannels;
    },
  ): Promise<void> {
    const { style, pyramid, threshold, instances } = this.#plan;
    // Its files are the stack's, and stay open.
    const plane = new OutputFiles(source, {
      ...{ style, pyramid, threshold, instances },
      ...(channels && { channels }),
      numbers: this.#numbers.plane(source.image.height, place),
    }, this.#writers);
    for await (const band of bands) await plane.add(band);
    const { foreground, objects, area, sizes } = plane.counts;
    this.#foreground += foreground;
    this.#sections += objects;
    this.#area += area;
    for (const [size, count] of Object.entries(sizes)) {
      this.#sizes.set(size, (this.#sizes.get(size) ?? 0) + count);
    }
  }

  /**
   * Completes the files and gives them their names, the mask last.
   *
   * @returns What was counted.
   * @throws {FileError} If one cannot be written.
   */
  async finish(): Promise<StackCounts> {
    await this.#writers.finish();
    return {
      foreground: this.#foreground,
      objects: this.#numbers.objects,
      sections: this.#sections,
      area: this.#area,
      sizes: Object.fromEntries(this.#sizes),
    };
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writers[Symbol.asyncDispose]();
  }
}
