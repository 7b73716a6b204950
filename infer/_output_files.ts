import { toRgb8 } from "@unet/data";
import type { MeasuredChannels } from "./_measured_channels.ts";
import type { Source } from "./open_source.ts";
import type { Band } from "./band.ts";
import type { InstanceBand } from "./instances/instance.ts";
import { InstanceFinder } from "./instances/instance_finder.ts";
import type { InstanceOptions } from "./instances/instance_options.ts";
import { InstanceGeoJson } from "./outputs/instance_geojson.ts";
import { LabelPainter } from "./outputs/label_painter.ts";
import { LabelTiff } from "./outputs/label_tiff.ts";
import { measureInstance } from "./outputs/measure_instance.ts";
import { MeasurementCsv } from "./outputs/measurement_csv.ts";
import { OverlayRows } from "./outputs/overlay_rows.ts";
import { PngWriter } from "./outputs/png_writer.ts";
import { ProbabilityTiff } from "./outputs/probability_tiff.ts";
import { RoiZip } from "./outputs/roi_zip.ts";
import { Thumbnail } from "./outputs/thumbnail.ts";
import { TiffWriter } from "./outputs/tiff_writer.ts";
import type { OutputFormat } from "./output_format.ts";

/** What is written of an image, and where. */
export interface OutputPlan {
  /** The files, by format. */
  readonly paths: Readonly<Partial<Record<OutputFormat, string>>>;
  /** A pixel is object when its probability is above this. */
  readonly threshold: number;
  /** How instances are separated. */
  readonly instances: InstanceOptions;
  /** What overlays and thumbnails show. */
  readonly style: "mask" | "instances";
  /** Whether TIFFs get smaller levels. */
  readonly pyramid: boolean;
  /** Whether a thumbnail is drawn. */
  readonly thumbnail: boolean;
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
  /** In the order in which they are finished; the mask last. */
  readonly #writers: Writer[] = [];
  #mask: { writeRows(rows: Uint8Array): Promise<void> }[] = [];
  #probability: ProbabilityTiff | undefined;
  #labels: LabelTiff | undefined;
  #geojson: InstanceGeoJson | undefined;
  #roi: RoiZip | undefined;
  #csv: MeasurementCsv | undefined;
  #picture: { writeRows(rows: Uint8Array): Promise<void> } | undefined;
  readonly #overlay: OverlayRows | undefined;
  readonly #finder: InstanceFinder;
  /** Whether overlays show instances, which are complete later than the mask. */
  readonly #isByInstance: boolean;
  readonly #painter: LabelPainter | undefined;
  readonly #thumbnail: Thumbnail | undefined;
  #rows = 0;
  #foreground = 0;
  #objects = 0;
  #area = 0;

  private constructor(source: Source, plan: OutputPlan) {
    const { width, height } = source.image;
    this.#source = source;
    this.#plan = plan;
    const isDrawn = plan.paths.overlay !== undefined || plan.thumbnail;
    const { threshold, instances, style } = plan;
    this.#finder = new InstanceFinder(width, height, {
      threshold,
      ...instances,
    });
    this.#isByInstance = isDrawn && style === "instances";
    if (this.#isByInstance || plan.paths.labels !== undefined) {
      this.#painter = new LabelPainter(width, height);
    }
    if (isDrawn) this.#overlay = new OverlayRows(width, height, style);
    if (plan.thumbnail) this.#thumbnail = new Thumbnail(width, height);
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
    const { image, pixelSize } = this.#source;
    const { paths, pyramid } = this.#plan;
    const size = { width: image.width, height: image.height };
    const scale = pixelSize ? { pixelSize } : {};
    const keep = <T extends Writer>(writer: T): T => {
      this.#writers.push(writer);
      return writer;
    };
    if (paths.probability !== undefined) {
      this.#probability = keep(
        await ProbabilityTiff.open(paths.probability, {
          ...size,
          ...scale,
          pyramid,
        }),
      );
    }
    if (paths.labels !== undefined) {
      this.#labels = keep(
        await LabelTiff.open(paths.labels, { ...size, ...scale, pyramid }),
      );
    }
    if (paths.geojson !== undefined) {
      this.#geojson = keep(await InstanceGeoJson.open(paths.geojson));
    }
    if (paths.roi !== undefined) {
      this.#roi = keep(await RoiZip.open(paths.roi));
    }
    if (paths.csv !== undefined) {
      this.#csv = keep(
        await MeasurementCsv.open(paths.csv, {
          channels: this.#plan.channels?.names ?? [],
        }),
      );
    }
    if (paths.overlay !== undefined) {
      const options = { ...size, ...scale, channels: 3, thing: "overlay" };
      this.#picture = keep(
        pyramid
          ? await TiffWriter.open(paths.overlay, {
            ...options,
            channels: 3,
            type: "uint8",
            pyramid: "mean",
          })
          : await PngWriter.open(paths.overlay, { ...options, channels: 3 }),
      );
    }
    if (paths.tiff !== undefined) {
      this.#mask.push(keep(
        await TiffWriter.open(paths.tiff, {
          ...size,
          ...scale,
          type: "uint8",
          thing: "mask",
          ...(pyramid && { pyramid: "nearest" }),
        }),
      ));
    }
    if (paths.png !== undefined) {
      this.#mask.push(keep(
        await PngWriter.open(paths.png, { ...size, ...scale, thing: "mask" }),
      ));
    }
  }

  /**
   * Adds the next band.
   *
   * @throws {FileError} If a file cannot be written, or the image not be read.
   */
  async add(band: Band): Promise<void> {
    const mask = this.#maskOf(band);
    for (const writer of this.#mask) await writer.writeRows(mask);
    await this.#probability?.writeRows(band.probability);
    if (!this.#isByInstance) await this.#draw(mask);
    await this.#addInstances(this.#finder.add(band));
  }

  #maskOf({ probability }: Band): Uint8Array {
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
    this.#objects += instances.length;
    for (const { mask } of instances) {
      for (const inside of mask) this.#area += inside;
    }
    await this.#roi?.add(instances);
    if (this.#csv || this.#geojson) await this.#measure(found);
    for (const labels of this.#painter?.add(found) ?? []) {
      await this.#labels?.writeRows(labels);
      if (this.#isByInstance) await this.#draw(labels);
    }
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

  /** Draws the next rows of mask or labels onto the image. */
  async #draw(objects: Uint8Array | Uint32Array): Promise<void> {
    if (!this.#overlay) return;
    const { image, range } = this.#source;
    const rows = objects.length / image.width;
    const pixels = await image.read(0, this.#rows, image.width, rows);
    this.#rows += rows;
    const seen = toRgb8(pixels, range).data as Uint8Array;
    const drawn = this.#overlay.add(seen, objects);
    if (drawn.length === 0) return;
    await this.#picture?.writeRows(drawn);
    this.#thumbnail?.add(drawn);
  }

  /**
   * Completes the files and gives them their names.
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
    };
  }

  /** A small picture of the overlay, as JPEG, where one was wanted. */
  async thumbnail(): Promise<Uint8Array | undefined> {
    return await this.#thumbnail?.encode();
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const writer of this.#writers) await writer[Symbol.asyncDispose]();
  }
}
