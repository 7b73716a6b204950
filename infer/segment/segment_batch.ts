import { FileError, ModelError } from "@unet/errors";
import { bandsOfFile, type KeptBands } from "./bands_of_file.ts";
import { BatchMeter } from "./batch_meter.ts";
import { ClassFiles } from "./class_files.ts";
import { MeasuredChannels } from "./measured_channels.ts";
import { openSource, type Source, type SourceOptions } from "./open_source.ts";
import { type Counts, OutputFiles } from "./output_files.ts";
import type { Job } from "./plan_outputs.ts";
import { type Drawing, drawingFor, redraw } from "./redraw.ts";
import { secondsSince } from "./seconds_since.ts";
import type { Band } from "../windows/band.ts";
import { removeBands } from "../windows/band_store.ts";
import type { Verdict } from "../batch/batch_file.ts";
import type { Manifest } from "../batch/manifest.ts";
import type { DoneEvent } from "../batch/manifest_event.ts";
import type { OtherFile } from "../batch/other_files.ts";
import { overlap } from "../batch/overlap.ts";
import { assertUnchanged, hashFile, type Stamp } from "../batch/source.ts";
import { WriteFaults } from "../batch/write_faults.ts";
import type { PlannedFormat } from "../formats/formats.ts";
import { isMadeOf, type OutputPaths } from "../formats/part_writers.ts";
import type { Predict } from "../windows/predict.ts";
import type { NetworkOutputs } from "./network_outputs.ts";
import type {
  ResultSettings,
  SegmentOptions,
  SegmentProgress,
} from "./segment_options.ts";
import type {
  FileReport,
  SegmentedFile,
  SkippedFile,
} from "./segment_report.ts";
import { withFlips } from "../windows/with_flips.ts";

/** An image that is open, and what is to be written of it. */
interface Read {
  readonly source: Source;
  readonly stamp: Stamp;
  readonly hash: string;
  /** The files beside it that it is read from too, so far. */
  others: readonly OtherFile[];
  /** The outputs to write, by what they are. */
  readonly paths: OutputPaths;
  /** What the manifest knows of it, and which outputs stay. */
  readonly verdict: Missing;
  /** What they are drawn from, where the network need not see the image. */
  readonly drawing: Drawing | undefined;
}

type Missing = Extract<Verdict, { done: false }>;

/** What became of it so far: written, or still to be. */
type Worked =
  | { readonly counts: Counts }
  | { readonly bands: readonly Band[] }
  | {
    readonly drawing: Drawing;
  };

type Output = Read & Worked & {
  readonly kept: KeptBands | undefined;
  readonly seconds: number;
};

/** Pixels that wait in memory at most. */
const defaultStreamAbove = 2 ** 24;

/** How a batch is segmented, and what becomes of the network's predictions. */
export interface BatchOptions extends SegmentOptions {
  /** What becomes of them. */
  readonly network: NetworkOutputs;
}

/** The files of one run, on their way through. */
export class SegmentBatch {
  /** What became of each, in order. */
  readonly files: FileReport[] = [];
  readonly #manifest: Manifest;
  readonly #jobs: readonly Job[];
  readonly #options: BatchOptions;
  readonly #settings: ResultSettings;
  readonly #predict: Predict;
  readonly #places: ReadonlyMap<Job, number>;
  readonly #meter: BatchMeter<Job>;

  constructor(
    manifest: Manifest,
    jobs: readonly Job[],
    options: BatchOptions,
  ) {
    this.#manifest = manifest;
    this.#jobs = jobs;
    this.#options = options;
    this.#places = new Map(jobs.map((job, place) => [job, place]));
    this.#meter = new BatchMeter(jobs, (job) => manifest.expects(job));
    this.#settings = options.settings ?? {};
    const { predict } = options, { views = 1 } = this.#settings;
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
    const { input, names, paths } = job;
    const verdict = await this.#manifest.check(job, signal);
    if (verdict.done) {
      const { record, changed, otherKind } = verdict;
      this.#meter.leaveOut(job);
      return { input, skipped: record, changed, otherKind };
    }
    const { stamp, missing, record } = verdict;
    const hash = verdict.hash ?? (await hashFile(input, signal)).hash;
    const source = await openSource(input, this.#sourceOptions);
    const others = await this.#manifest.otherFiles
      .describe(input, source.image.otherFiles, signal);
    const drawing = record &&
      drawingFor(job, missing, { ...this.#options.network, record });
    if (drawing) this.#meter.leaveOut(job);
    else this.#meter.open(job, source.image.width * source.image.height);
    const wanted = Object.entries(paths).filter(([format]) =>
      missing.includes(names[format as PlannedFormat]!)
    );
    return {
      ...{ source, stamp, hash, others, verdict, drawing },
      paths: Object.fromEntries(wanted),
    };
  }

  /** Runs the network; a large image is written at the same time. */
  async #work(read: Read, job: Job, signal: AbortSignal): Promise<Output> {
    const started = performance.now();
    const { source, drawing } = read, { image, seen } = source;
    if (drawing) return { ...read, drawing, kept: undefined, seconds: 0 };
    const pixels = image.width * image.height;
    const { streamAbove = defaultStreamAbove, resume = false, batchSize } =
      this.#options;
    const isLarge = Math.max(pixels, seen.width * seen.height) > streamAbove;
    const kept = isLarge
      ? { folder: job.partial, work: this.#workOf(read), resume }
      : undefined;
    try {
      const bands = bandsOfFile(source, this.#predict, {
        ...this.#settings,
        ...(batchSize !== undefined && { batchSize }),
        signal,
        onProgress: (windowsDone, windows) =>
          this.#report(job, { windowsDone, windows, pixels }),
      }, kept);
      const worked = isLarge
        ? { counts: await this.#writeBands(read, job, bands) }
        : { bands: await Array.fromAsync(bands) };
      this.#meter.finish(job);
      return { ...read, ...worked, kept, seconds: secondsSince(started) };
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Names what rows of the network's are made of. */
  #workOf({ hash, others }: Read): string {
    const hashes = [hash, ...others.map((file) => file.hash)];
    return [...hashes, this.#manifest.setup].join(" ");
  }

  get #sourceOptions(): SourceOptions {
    const { maxPixels } = this.#options;
    return {
      ...this.#settings,
      ...(maxPixels !== undefined && { maxPixels }),
    };
  }

  #report(
    job: Job,
    windows: Pick<SegmentProgress, "windowsDone" | "windows" | "pixels">,
  ): void {
    this.#meter.advance(job, windows.windowsDone / windows.windows);
    this.#options.onProgress?.({
      ...this.#meter.estimate(),
      input: job.input,
      filesDone: this.#places.get(job)!,
      files: this.#jobs.length,
      ...windows,
    });
  }

  async #writeBands(
    read: Read,
    job: Job,
    bands: AsyncIterable<Band> | Iterable<Band>,
  ): Promise<Counts> {
    const { source, stamp, paths, verdict } = read;
    const { signal, network } = this.#options;
    await using channels = isMadeOf("measured", paths, network.table)
      ? await MeasuredChannels.open(job.input, source, this.#sourceOptions)
      : null;
    if (channels) {
      read.others = await this.#manifest.otherFiles
        .describe(job.input, channels.otherFiles, signal);
    }
    this.#manifest.start(job, verdict.missing);
    await using files = await this.#openFiles(source, paths, channels);
    for await (const band of bands) await files.add(band);
    await assertUnchanged(job.input, stamp);
    return await files.finish();
  }

  /** Begins the files of an image. */
  async #openFiles(
    source: Source,
    paths: OutputPaths,
    channels: MeasuredChannels | null,
  ): Promise<ClassFiles | OutputFiles> {
    const { pyramid = false, network } = this.#options;
    const { finding, classHead, style } = network;
    const plan = { paths, pyramid, style, ...(channels && { channels }) };
    if (finding === "classes") {
      return await ClassFiles.open(source, { ...plan, classHead: classHead! });
    }
    const { threshold = 0.5, instances = {} } = this.#settings;
    return await OutputFiles.open(source, { ...plan, threshold, instances });
  }

  async #write(output: Output, job: Job): Promise<SegmentedFile> {
    const started = performance.now();
    const { source, stamp, hash, verdict } = output;
    await using _source = source;
    const counted = await this.#writeRest(output, job), { others } = output;
    const { pixelSize, image: { width, height } } = source;
    const seconds = output.seconds + secondsSince(started);
    await this.#manifest.finish(job, {
      ...{ stamp, hash, others, seconds },
      ...counted,
      ...(pixelSize && { pixelSize }),
    });
    // Only now are the outputs in their places, and known to be.
    if (output.kept) await removeBands(output.kept.folder);
    const { preview: _, ...outputs } = job.paths;
    return {
      ...{ input: job.input, outputs, width, height },
      ...foundOf(counted, width * height),
      notes: source.image.notes,
      ...(this.#settings.cropBorders && { margins: marginsOf(source) }),
      written: Object.values(output.paths),
      kept: job.outputs.filter((name) => !verdict.missing.includes(name)),
      ...(output.drawing && { drawnFrom: output.drawing.kind }),
      ...{ otherKind: verdict.otherKind, stale: verdict.stale },
      seconds,
    };
  }

  /** Writes what is not written yet, and gives what was counted. */
  async #writeRest(
    output: Output,
    job: Job,
  ): Promise<Pick<DoneEvent, "counts" | "sizes" | "classes">> {
    const { source, stamp, paths, verdict, drawing } = output;
    if (drawing) {
      const { pyramid = false, network } = this.#options;
      this.#manifest.start(job, verdict.missing);
      await redraw(source, drawing, { paths, pyramid, ...network });
      await assertUnchanged(job.input, stamp);
      const { counts, sizes, classes } = verdict.record!;
      return { counts, ...(sizes && { sizes }), ...(classes && { classes }) };
    }
    const counted = "bands" in output
      ? await this.#writeBands(output, job, output.bands)
      : (output as { counts: Counts }).counts;
    const { width, height } = source.image;
    if ("classes" in counted) {
      const { classes } = counted;
      return { counts: { width, height }, classes };
    }
    const { sizes, ...counts } = counted;
    return { counts: { width, height, ...counts }, sizes };
  }
}

/** What a report says of what was found, of what a manifest notes. */
function foundOf(
  { counts, classes }: Pick<DoneEvent, "counts" | "classes">,
  all: number,
): Pick<SegmentedFile, "foreground" | "objects" | "area" | "classes"> {
  if (classes) {
    return {
      classes: classes.map(({ name, pixels }) => ({
        ...{ name, pixels, share: pixels / all },
      })),
    };
  }
  const { foreground = 0, objects = 0, area = 0 } = counts;
  return { foreground: foreground / all, objects, area };
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
