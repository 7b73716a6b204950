import type { StackPlace } from "../instances/instance.ts";
import { StackNumbers } from "../instances/stack_numbers.ts";
import { PartWriters } from "../formats/part_writers.ts";
import type { Band } from "../windows/band.ts";
import type { MeasuredChannels } from "./measured_channels.ts";
import type { Source, SourceStack } from "./open_source.ts";
import { outputImageOf } from "./output_image.ts";
import { filesOf, type FilesPlan } from "./open_files.ts";
import type { Counts } from "./output_files.ts";
import { sumClassAreas } from "../outputs/class_areas.ts";
import { type ClassCount, sumClassCounts } from "../outputs/class_counts.ts";

/** What is written of a stack, and where. */
export interface StackPlan extends
  Pick<
    FilesPlan,
    "paths" | "network" | "pyramid" | "settings"
  > {
  /** The names of the channels that objects are measured in. */
  readonly channelNames: readonly string[];
}

/**
 * The files of one stack, written plane after plane. Without `finish()`,
 * nothing of them stays.
 */
export class StackFiles implements AsyncDisposable {
  readonly #plan: StackPlan;
  readonly #writers: PartWriters;
  readonly #numbers: StackNumbers;
  readonly #counts: Counts[] = [];

  private constructor(plan: StackPlan, writers: PartWriters) {
    this.#plan = plan;
    this.#writers = writers;
    this.#numbers = new StackNumbers(plan.settings?.link);
  }

  /**
   * Begins the files.
   *
   * @throws {FileError} If one cannot be made.
   */
  static async open(
    source: Source & { readonly stack: SourceStack },
    plan: StackPlan,
  ): Promise<StackFiles> {
    const { paths, network, pyramid = false, settings } = plan;
    const { style, classHead, table } = network;
    const writers = await PartWriters.open(
      paths,
      outputImageOf(source, {
        ...{ style, pyramid, channels: plan.channelNames },
        ...(settings && { settings }),
        ...(classHead && { classHead }),
      }),
      table,
    );
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
    // Its files are the stack's, and stay open.
    const plane = filesOf(source, {
      ...this.#plan,
      ...(channels && { channels }),
      numbers: this.#numbers.plane(source.image.height, place),
    }, this.#writers);
    for await (const band of bands) await plane.add(band);
    const { counts } = plane;
    this.#counts.push(counts);
    if (!("classes" in counts)) return;
    const areas = counts.classes.map((area) => ({ ...area, place }));
    await this.#writers.write("classAreas", areas);
  }

  /**
   * Completes the files and gives them their names, the mask last.
   *
   * @returns What was counted.
   * @throws {FileError} If one cannot be written.
   */
  async finish(): Promise<Counts> {
    await this.#writers.finish();
    return sumCounts(this.#counts, this.#numbers.objects);
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writers[Symbol.asyncDispose]();
  }
}

/** What was counted on all planes together. */
function sumCounts(planes: readonly Counts[], objects: number): Counts {
  const ofClasses = planes.filter((counts) => "classes" in counts);
  if (ofClasses.length > 0) {
    return { classes: sumClassAreas(ofClasses.map(({ classes }) => classes)) };
  }
  const sizes: Record<string, number> = {},
    kinds: (readonly ClassCount[])[] = [];
  let foreground = 0, sections = 0, area = 0;
  for (const counts of planes) {
    if ("classes" in counts) continue;
    foreground += counts.foreground;
    sections += counts.objects;
    area += counts.area;
    if (counts.objectClasses) kinds.push(counts.objectClasses);
    for (const [size, count] of Object.entries(counts.sizes)) {
      sizes[size] = (sizes[size] ?? 0) + count;
    }
  }
  return {
    ...{ foreground, objects, sections, area, sizes },
    ...(kinds.length > 0 && { objectClasses: sumClassCounts(kinds) }),
  };
}
