import { join } from "@std/path";
import { FileError, ModelError } from "@unet/errors";
import { atDiameter } from "./at_diameter.ts";
import { bandsOfFile, type KeptBands } from "./bands_of_file.ts";
import {
  type BandsOf,
  nameOfWork,
  type Output,
  type Read,
} from "./image_work.ts";
import { BatchMeter } from "./batch_meter.ts";
import { batchOf, batchRoom } from "./batch_room.ts";
import { type Found, foundBefore, foundNow } from "./found.ts";
import { MeasuredChannels } from "./measured_channels.ts";
import {
  openSource,
  pixelsOf,
  type Source,
  type SourceOptions,
  type SourceStack,
} from "./open_source.ts";
import { openStackSource } from "./open_stack_source.ts";
import { openFiles } from "./open_files.ts";
import type { Counts } from "./output_files.ts";
import type { Job } from "./plan_outputs.ts";
import { drawingFor, redraw } from "./redraw.ts";
import { secondsSince } from "./seconds_since.ts";
import type { Band } from "../windows/band.ts";
import { removeBands } from "../windows/band_store.ts";
import type { Manifest } from "../batch/manifest.ts";
import type { OtherFile } from "../batch/other_files.ts";
import { overlap } from "../batch/overlap.ts";
import { assertUnchanged, hashFile } from "../batch/source.ts";
import { WriteFaults } from "../batch/write_faults.ts";
import type { InstanceBand } from "../instances/instance.ts";
import { isMadeOf } from "../formats/part_writers.ts";
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
import { segmentedFile } from "./segmented_file.ts";
import { holdStack } from "./hold_bands.ts";
import { StackMembers } from "./stack_members.ts";
import { sourceOptionsOf } from "./source_options_of.ts";
import { stackAxisOf } from "./stack_settings.ts";
import type { SegmentImageOptions } from "../windows/segment_bands.ts";
import { withFlips } from "../windows/with_flips.ts";
import { writeStack } from "./write_stack.ts";

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
  readonly #members: StackMembers = new StackMembers();

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
    this.#options.predict.prepare?.(batchOf(this.#jobs, this.#manifest));
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
      ...batchRoom,
      isFault: (error) =>
        error instanceof FileError || error instanceof ModelError,
      onOutcome: async (outcome) => {
        const { item: job } = outcome;
        const file: FileReport = "error" in outcome
          ? { input: job.input, error: outcome.error }
          : outcome.result;
        if ("error" in file) {
          this.#meter.fail(job);
          await this.#manifest.fail(job, file.error);
        }
        this.files.push(file);
        onFile?.(file, this.files.length, this.#jobs.length);
        faults.add("error" in file ? file.error : undefined);
      },
    });
  }

  async #read(job: Job, signal: AbortSignal): Promise<Read | SkippedFile> {
    const { input, names, paths, fault } = job;
    if (fault) throw fault;
    const verdict = await this.#manifest.check(job, signal);
    if (verdict.done) {
      const { record, changed, otherKind } = verdict;
      this.#meter.leaveOut(job);
      this.#noteStack(job, record.others);
      return { input, skipped: record, changed, otherKind };
    }
    const { stamp, missing, record } = verdict;
    const hash = verdict.hash ?? (await hashFile(input, signal)).hash;
    const source = await this.#open(input);
    const others = await this.#manifest.otherFiles
      .describe(input, source.image.otherFiles, signal);
    const drawing = record &&
      drawingFor(job, missing, { ...this.#options.network, record });
    if (drawing) this.#meter.leaveOut(job);
    else this.#meter.open(job, pixelsOf(source));
    const wanted = Object.entries(paths).filter(([format]) =>
      missing.includes(names[format]!)
    );
    // Measured ahead, so that the network need not wait for what is found.
    const seen = drawing ? source : await atDiameter(source, {
      ...{ settings: this.#settings, predict: this.#options.predict, signal },
      opening: this.#sourceOptions,
    });
    return {
      ...{ source: seen, stamp, hash, others, verdict, drawing },
      paths: Object.fromEntries(wanted),
    };
  }

  async #open(input: string): Promise<Source> {
    const options = this.#sourceOptions, axis = stackAxisOf(this.#settings);
    return axis === undefined
      ? await openSource(input, options)
      : await openStackSource(input, options, axis);
  }

  /** Runs the network; a large image is written at the same time. */
  async #work(read: Read, job: Job, signal: AbortSignal): Promise<Output> {
    const started = performance.now(), { drawing, source } = read;
    if (drawing) return { ...read, drawing, kept: undefined, seconds: 0 };
    const { seen } = source;
    const pixels = pixelsOf(source);
    const { streamAbove = defaultStreamAbove, resume = false } = this.#options;
    const planes = source.stack?.count ?? 1;
    const most = Math.max(pixels, seen.width * seen.height * planes);
    const isLarge = most > streamAbove;
    const kept = isLarge
      ? {
        folder: job.partial,
        work: nameOfWork(read, this.#manifest.setup),
        resume,
      }
      : undefined;
    const bandsOf = (plane: Source, kept?: KeptBands, before = 0, planes = 1) =>
      this.#bandsOf(plane, kept, {
        signal,
        onProgress: (done, each) =>
          this.#report(job, {
            windowsDone: before * each + done,
            windows: planes * each,
            pixels,
          }),
      });
    try {
      const worked = source.stack
        ? { counts: await this.#writeStack(read, job, { kept, bandsOf }) }
        : isLarge
        ? { counts: await this.#writeBands(read, job, bandsOf(source, kept)) }
        : { bands: await Array.fromAsync(bandsOf(source)) };
      this.#meter.finish(job);
      return { ...read, ...worked, kept, seconds: secondsSince(started) };
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw error;
    }
  }

  #bandsOf(
    source: Source,
    kept: KeptBands | undefined,
    options: Pick<SegmentImageOptions, "signal" | "onProgress">,
  ): AsyncGenerator<Band, void, void> {
    const { batchSize } = this.#options;
    return bandsOfFile(source, this.#predict, {
      ...this.#settings,
      ...(batchSize !== undefined && { batchSize }),
      ...options,
    }, kept);
  }

  get #sourceOptions(): SourceOptions {
    return sourceOptionsOf({ ...this.#options, predict: this.#predict });
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
    found?: readonly InstanceBand[],
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
    await this.#manifest.start(job, verdict.missing);
    await using files = await openFiles(source, {
      ...this.#options,
      paths,
      ...(channels && { channels }),
      ...(found && { found }),
    });
    for await (const band of bands) await files.add(band);
    await assertUnchanged(job.input, stamp);
    return await files.finish();
  }

  /** Segments a stack and writes it, plane after plane. */
  async #writeStack(
    read: Read,
    job: Job,
    { kept, bandsOf }: {
      readonly kept: KeptBands | undefined;
      readonly bandsOf: BandsOf;
    },
  ): Promise<Counts> {
    const { stamp, paths, verdict } = read, { input: path } = job;
    const source = read.source as Source & { readonly stack: SourceStack };
    const { axis, count } = source.stack, { signal } = this.#options;
    this.#members.check(path);
    await this.#manifest.start(job, verdict.missing);
    using _held = kept && await holdStack(kept);
    const counts = await writeStack(source, {
      path,
      plan: { ...this.#options, paths },
      options: this.#sourceOptions,
      bandsOf: (plane, index) =>
        bandsOf(
          plane,
          kept && {
            folder: join(kept.folder, String(index)),
            // Files beside it that later planes lie in are known by now.
            work: `${nameOfWork(read, this.#manifest.setup)} ${axis} ${index}`,
            resume: kept.resume,
          },
          index,
          count,
        ),
      onOtherFiles: async (names) => {
        read.others = await this.#manifest.otherFiles
          .describe(path, names, signal);
      },
      check: () => assertUnchanged(path, stamp),
    });
    this.#noteStack(job, read.others);
    return counts;
  }

  #noteStack({ input }: Job, others: readonly OtherFile[] = []): void {
    if (stackAxisOf(this.#settings)) this.#members.add(input, others);
  }

  async #write(output: Output, job: Job): Promise<SegmentedFile> {
    const started = performance.now();
    const { source, stamp, hash, verdict } = output;
    await using _source = source;
    const counted = await this.#writeRest(output, job), { others } = output;
    const { pixelSize, scaled } = source;
    const imageScale = output.drawing ? verdict.record?.imageScale : scaled;
    const seconds = output.seconds + secondsSince(started);
    await this.#manifest.finish(job, {
      ...{ stamp, hash, others, seconds },
      ...counted,
      ...(pixelSize && { pixelSize }),
      ...(imageScale && { imageScale }),
    });
    // Only now are the outputs in their places, and known to be.
    if (output.kept) await removeBands(output.kept.folder);
    return segmentedFile(job, {
      ...{ ...output, ...counted, seconds, settings: this.#settings },
      ...(imageScale && { imageScale }),
    });
  }

  /** Writes what is not written yet, and gives what was counted. */
  async #writeRest(output: Output, job: Job): Promise<Found> {
    const { source, stamp, paths, verdict, drawing } = output;
    if (drawing) {
      const { pyramid = false, network, settings = {} } = this.#options;
      await this.#manifest.start(job, verdict.missing);
      await redraw(source, drawing, { paths, pyramid, settings, ...network });
      await assertUnchanged(job.input, stamp);
      return foundBefore(verdict.record!);
    }
    const counted = "bands" in output
      ? await this.#writeBands(output, job, output.bands, source.found)
      : (output as { counts: Counts }).counts;
    return foundNow(counted, source);
  }
}
