import { FileError, ModelError } from "@unet/errors";
import { bandsOfFile, type KeptBands } from "./_bands_of_file.ts";
import { BatchMeter } from "./_batch_meter.ts";
import { MeasuredChannels } from "./_measured_channels.ts";
import { openSource, type Source } from "./open_source.ts";
import { type Counts, OutputFiles } from "./_output_files.ts";
import type { Job } from "./_plan_outputs.ts";
import { secondsSince } from "./_seconds_since.ts";
import type { Band } from "./band.ts";
import { removeBands } from "./band_store.ts";
import type { Manifest } from "./batch/manifest.ts";
import { overlap } from "./batch/overlap.ts";
import { assertUnchanged, hashFile, type Stamp } from "./batch/source.ts";
import { WriteFaults } from "./batch/write_faults.ts";
import { isInstanceFormat } from "./output_format.ts";
import type { Predict } from "./predict.ts";
import type {
  FileReport,
  SegmentedFile,
  SegmentOptions,
  SkippedFile,
} from "./segment.ts";
import { withFlips } from "./with_flips.ts";

/** An image that is open. */
interface Read {
  readonly source: Source;
  readonly stamp: Stamp;
  readonly hash: string;
}

/** What the network has made of it: written, or still to be. */
type Worked = { readonly counts: Counts; readonly thumbnail?: Uint8Array } | {
  readonly bands: readonly Band[];
};

type Output = Read & Worked & {
  readonly kept: KeptBands | undefined;
  readonly seconds: number;
};

/** Pixels that wait in memory at most. */
const defaultStreamAbove = 2 ** 24;

/** The files of one run, on their way through. */
export class SegmentBatch {
  /** What became of each, in order. */
  readonly files: FileReport[] = [];
  /** Small pictures, by the image. */
  readonly thumbnails = new Map<string, Uint8Array>();
  readonly #manifest: Manifest;
  readonly #jobs: readonly Job[];
  readonly #options: SegmentOptions;
  readonly #predict: Predict;
  readonly #places: ReadonlyMap<Job, number>;
  readonly #meter: BatchMeter<Job>;

  constructor(
    manifest: Manifest,
    jobs: readonly Job[],
    options: SegmentOptions,
  ) {
    this.#manifest = manifest;
    this.#jobs = jobs;
    this.#options = options;
    this.#places = new Map(jobs.map((job, place) => [job, place]));
    this.#meter = new BatchMeter(jobs, (job) => manifest.expects(job));
    const { predict, views = 1 } = options;
    this.#predict = views === 1 ? predict : withFlips(predict, views);
  }

  async run(): Promise<void> {
    const { signal, out, onFile } = this.#options;
    const faults = new WriteFaults(out);
    await overlap(this.#jobs, {
      read: (job, signal) => this.#read(job, signal),
      work: async (read, job, signal) =>
        "skipped" in read ? read : await this.#work(read, job, signal),
      write: async (output, job) =>
        "skipped" in output ? output : await this.#write(output, job),
      release: async (read) => {
        if (!("skipped" in read)) await read.source[Symbol.asyncDispose]();
      },
    }, {
      ...(signal && { signal }),
      isFault: (error) =>
        error instanceof FileError || error instanceof ModelError,
      onOutcome: (outcome) => {
        const { item: job } = outcome;
        const file: FileReport = "error" in outcome
          ? { input: job.input, error: outcome.error }
          : outcome.result;
        if ("error" in file) {
          this.#meter.fail(job);
          this.#manifest.fail(job, file.error);
        }
        this.files.push(file);
        onFile?.(file, this.files.length, this.#jobs.length);
        faults.add("error" in file ? file.error : undefined);
      },
    });
  }

  async #read(job: Job, signal: AbortSignal): Promise<Read | SkippedFile> {
    const { input } = job;
    const verdict = await this.#manifest.check(job, signal);
    if (verdict.done) {
      const { record, changed } = verdict;
      this.#meter.leaveOut(job);
      return { input, skipped: record, changed };
    }
    const { stamp } = verdict;
    const hash = verdict.hash ?? (await hashFile(input, signal)).hash;
    const source = await openSource(input, this.#options);
    this.#meter.open(job, source.image.width * source.image.height);
    return { source, stamp, hash };
  }

  /** Runs the network; a large image is written at the same time. */
  async #work(read: Read, job: Job, signal: AbortSignal): Promise<Output> {
    const started = performance.now();
    const { source, hash } = read, { image, seen } = source;
    const pixels = image.width * image.height;
    const { streamAbove = defaultStreamAbove, resume = false } = this.#options;
    const isLarge = Math.max(pixels, seen.width * seen.height) > streamAbove;
    const kept = isLarge
      ? { folder: job.partial, work: `${hash} ${this.#manifest.setup}`, resume }
      : undefined;
    try {
      const bands = bandsOfFile(source, this.#predict, {
        ...this.#options,
        signal,
        onProgress: (windowsDone, windows) => {
          this.#meter.advance(job, windowsDone / windows);
          this.#options.onProgress?.({
            ...this.#meter.estimate(),
            input: job.input,
            filesDone: this.#places.get(job)!,
            files: this.#jobs.length,
            windowsDone,
            windows,
            pixels,
          });
        },
      }, kept);
      const worked = isLarge
        ? await this.#writeBands(read, job, bands)
        : { bands: await Array.fromAsync(bands) };
      this.#meter.finish(job);
      return { ...read, ...worked, kept, seconds: secondsSince(started) };
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #writeBands(
    { source, stamp }: Read,
    job: Job,
    bands: AsyncIterable<Band> | Iterable<Band>,
  ): Promise<{ counts: Counts; thumbnail?: Uint8Array }> {
    const { threshold = 0.5, pyramid = false, summary = false } = this.#options;
    const { instances = {} } = this.#options;
    const isMeasured = "csv" in job.paths || "geojson" in job.paths;
    await using channels = isMeasured
      ? await MeasuredChannels.open(job.input, source, this.#options)
      : null;
    this.#manifest.start(job);
    await using files = await OutputFiles.open(source, {
      ...(channels && { channels }),
      paths: job.paths,
      threshold,
      pyramid,
      thumbnail: summary,
      instances,
      style: styleOf(this.#options),
    });
    for await (const band of bands) await files.add(band);
    await assertUnchanged(job.input, stamp);
    const counts = await files.finish();
    const thumbnail = await files.thumbnail();
    return thumbnail ? { counts, thumbnail } : { counts };
  }

  async #write(output: Output, job: Job): Promise<SegmentedFile> {
    const started = performance.now();
    const { source, stamp, hash } = output, { image } = source;
    await using _source = source;
    const { counts, thumbnail } = "bands" in output
      ? await this.#writeBands(output, job, output.bands)
      : output;
    const { width, height } = image, { foreground, objects, area } = counts;
    const seconds = output.seconds + secondsSince(started);
    await this.#manifest.finish(job, {
      stamp,
      hash,
      counts: {
        width,
        height,
        foreground,
        objects,
        area,
      },
      seconds,
    });
    // Only now are the outputs in their places, and known to be.
    if (output.kept) await removeBands(output.kept.folder);
    if (thumbnail) this.thumbnails.set(job.input, thumbnail);
    return {
      input: job.input,
      outputs: job.paths,
      width,
      height,
      foreground: foreground / (width * height),
      objects,
      area,
      notes: image.notes,
      ...(this.#options.cropBorders && { margins: marginsOf(source) }),
      seconds,
    };
  }
}

function styleOf(
  { overlayStyle, formats = [] }: SegmentOptions,
): "mask" | "instances" {
  return overlayStyle ??
    (formats.some(isInstanceFormat) ? "instances" : "mask");
}

function marginsOf(
  { image, part }: Source,
): NonNullable<SegmentedFile["margins"]> {
  return {
    left: part.x,
    top: part.y,
    right: image.width - part.x - part.width,
    bottom: image.height - part.y - part.height,
  };
}
