import type { MeasuredChannels } from "./measured_channels.ts";
import { PictureFiles, type PicturePlan } from "./picture_files.ts";
import type { Source } from "./open_source.ts";
import { type Band, planeOf } from "../windows/band.ts";
import type { Instance, InstanceBand } from "../instances/instance.ts";
import { InstanceFinder } from "../instances/instance_finder.ts";
import type { InstanceOptions } from "../instances/instance_options.ts";
import { InstanceGeoJson } from "../outputs/instance_geojson.ts";
import { LabelPainter } from "../outputs/label_painter.ts";
import { LabelTiff } from "../outputs/label_tiff.ts";
import { measureInstance } from "../outputs/measure_instance.ts";
import { MeasurementCsv } from "../outputs/measurement_csv.ts";
import { ProbabilityTiff } from "../outputs/probability_tiff.ts";
import { RoiZip } from "../outputs/roi_zip.ts";
import { sizeClassOf } from "../outputs/size_class.ts";

/** What is written of an image, and where. */
export interface OutputPlan extends PicturePlan {
  /** A pixel is object when its probability is above this. */
  readonly threshold: number;
  /** How instances are separated. */
  readonly instances: InstanceOptions;
  /** The channels that objects are measured in; none by default. */
  readonly channels?: MeasuredChannels;
}

/** What was counted on an image. */
export interface Counts {
  /** Pixels that are object. */
  readonly foreground: number;
  /** Instances. */
  readonly objects: number;
  /** Pixels of all instances. */
  readonly area: number;
  /** How many instances there are of each size class. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** A file that is written piece by piece. */
interface Writer extends AsyncDisposable {
  finish(): Promise<void>;
}

/**
 * The files of one image, written as its bands come. Without `finish()`,
 * nothing of them stays.
 */
export class OutputFiles implements AsyncDisposable {
  readonly #source: Source;
  readonly #plan: OutputPlan;
  readonly #finder: InstanceFinder;
  /** Whether pictures show instances, which are complete later than the mask. */
  readonly #isByInstance: boolean;
  readonly #painter: LabelPainter | undefined;
  /** In the order in which they are finished, the pictures after them. */
  readonly #writers: Writer[] = [];
  #pictures: PictureFiles | undefined;
  #probability: ProbabilityTiff | undefined;
  #labels: LabelTiff | undefined;
  #geojson: InstanceGeoJson | undefined;
  #roi: RoiZip | undefined;
  #csv: MeasurementCsv | undefined;
  #foreground = 0;
  #objects = 0;
  #area = 0;
  readonly #sizes = new Map<string, number>();

  private constructor(source: Source, plan: OutputPlan) {
    const { image: { width, height } } = source;
    const { paths, style, threshold, instances } = plan;
    this.#source = source;
    this.#plan = plan;
    this.#finder = new InstanceFinder(width, height, {
      ...{ threshold, ...instances },
    });
    this.#isByInstance = style === "instances" &&
      (paths.overlay ?? paths.preview) !== undefined;
    if (this.#isByInstance || paths.labels !== undefined) {
      this.#painter = new LabelPainter(width, height);
    }
  }

  /**
   * Begins the files.
   *
   * @throws {FileError} If one cannot be made.
   */
  static async open(source: Source, plan: OutputPlan): Promise<OutputFiles> {
    const files = new OutputFiles(source, plan);
    try {
      await files.#openAll();
      return files;
    } catch (error) {
      await files[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #openAll(): Promise<void> {
    const { image: { width, height }, pixelSize } = this.#source;
    const { paths, pyramid, channels } = this.#plan;
    const size = { width, height, ...(pixelSize && { pixelSize }), pyramid };
    const keep = <T extends Writer>(writer: T): T => {
      this.#writers.push(writer);
      return writer;
    };
    if (paths.probability !== undefined) {
      const tiff = await ProbabilityTiff.open(paths.probability, size);
      this.#probability = keep(tiff);
    }
    if (paths.labels !== undefined) {
      this.#labels = keep(await LabelTiff.open(paths.labels, size));
    }
    if (paths.geojson !== undefined) {
      this.#geojson = keep(await InstanceGeoJson.open(paths.geojson));
    }
    if (paths.roi !== undefined) {
      this.#roi = keep(await RoiZip.open(paths.roi));
    }
    if (paths.csv !== undefined) {
      const names = { channels: channels?.names ?? [] };
      this.#csv = keep(await MeasurementCsv.open(paths.csv, names));
    }
    this.#pictures = keep(await PictureFiles.open(this.#source, this.#plan));
  }

  /**
   * Adds the next band.
   *
   * @throws {FileError} If a file cannot be written, or the image not be read.
   */
  async add(band: Band): Promise<void> {
    const mask = this.#maskOf(band);
    await this.#pictures!.addMask(mask);
    if (!this.#isByInstance) await this.#pictures!.draw(mask);
    await this.#probability?.writeRows(planeOf(band, "object"));
    await this.#addInstances(this.#finder.add(band));
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

  async #addInstances(found: InstanceBand): Promise<void> {
    const { instances } = found;
    for (const instance of instances) this.#count(instance);
    await this.#roi?.add(instances);
    if (this.#csv || this.#geojson) await this.#measure(found);
    for (const labels of this.#painter?.add(found) ?? []) {
      await this.#labels?.writeRows(labels);
      if (this.#isByInstance) await this.#pictures!.draw(labels);
    }
  }

  #count({ mask }: Instance): void {
    let area = 0;
    for (const inside of mask) area += inside;
    this.#objects++;
    this.#area += area;
    const size = String(sizeClassOf(area));
    this.#sizes.set(size, (this.#sizes.get(size) ?? 0) + 1);
  }

  async #measure({ instances }: InstanceBand): Promise<void> {
    const { pixelSize } = this.#source;
    const measurements = [];
    for (const instance of instances) {
      const { x, y, width, height } = instance;
      const channels = await this.#plan.channels?.read(x, y, width, height) ??
        [];
      measurements.push(
        measureInstance(instance, {
          channels,
          ...(pixelSize && { pixelSize }),
        }),
      );
    }
    await this.#csv?.add(measurements);
    await this.#geojson?.add(instances, measurements);
  }

  /**
   * Completes the files and gives them their names, the mask last.
   *
   * @returns What was counted.
   * @throws {FileError} If one cannot be written.
   */
  async finish(): Promise<Counts> {
    for (const writer of this.#writers) await writer.finish();
    return {
      foreground: this.#foreground,
      objects: this.#objects,
      area: this.#area,
      sizes: Object.fromEntries(this.#sizes),
    };
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const writer of this.#writers) await writer[Symbol.asyncDispose]();
  }
}
