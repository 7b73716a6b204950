import { checkDiameter } from "../diameter/diameter_settings.ts";
import { checkThreshold } from "../windows/check_threshold.ts";
import { clearLeftovers } from "./clear_leftovers.ts";
import { findInputs } from "./find_inputs.ts";
import { checkIntoLabels } from "./into_labels.ts";
import { planOutputs, prepareFolder } from "./plan_outputs.ts";
import { secondsSince } from "./seconds_since.ts";
import { SegmentBatch } from "./segment_batch.ts";
import { outputsOfNetwork } from "./network_outputs.ts";
import type { ResultSettings, SegmentOptions } from "./segment_options.ts";
import type { SegmentReport } from "./segment_report.ts";
import { checkStack, chosenFormats, stackAxisOf } from "./stack_settings.ts";
import { checkBatchFiles, writeBatchFiles } from "./write_batch_files.ts";
import { Manifest } from "../batch/manifest.ts";
import { RefusedOutput } from "../batch/refused_output.ts";
import { shardOf } from "../batch/shard.ts";
import { settle } from "../instances/settle.ts";

/**
 * Segments image files: a mask as PNG for each, of the image's exact size,
 * 255 on objects and 0 elsewhere, or a class map, or whatever else `formats`
 * asks for.
 *
 * An input is an image, a folder, or a pattern as `plates/**\/*.tif`. Of a
 * folder, the images in it and in its sub-folders are taken, recognized by their
 * ending, in natural order; hidden files, links to folders and the output
 * folder are skipped. An image given twice is segmented once.
 *
 * The mask of `cells/a/1.jpg`, found in the folder `cells`, is `a/1.png` in
 * the output folder, its overlay `a/1_overlay.png`; that of an image named
 * outright has its name alone. With all planes or times of each file, outputs
 * hold as many, and masks are TIFFs. Files appear atomically, the mask last.
 *
 * A manifest in the output folder notes what was done, so that a rerun passes
 * over images whose content, network, settings and outputs are the same. An
 * input is never replaced, an output that is there already only if it is an
 * interrupted run's own or `force` says so.
 *
 * One image that cannot be read, segmented or written is reported, and the
 * others are segmented. The next images are opened and the last ones written
 * while the network is busy. Large images stream: of a tiled file some rows of
 * windows are in memory at a time.
 *
 * @param inputs Images and folders.
 * @param options The network, the output folder, and the rest.
 * @returns What became of each image.
 * @throws {FileError} Before any work: if an input is missing, a folder holds
 * no image, the output folder cannot be written or is an input, another
 * process segments into it, or two images would make the same output; and
 * when a full disk fails three images in a row.
 * @throws {UsageError} If the network does not give one of the formats.
 * @throws {RangeError} If there is no input, a setting is out of its range, one
 * of objects is given for a network of classes, or a format of your own has the
 * name or the ending of another.
 * @throws The signal's reason, when it is aborted; files finished before stay.
 *
 * @example
 * ```ts
 * import { segment } from "@unet/infer";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const gray = { width: 2, height: 2, channels: 1, depth: 8 } as const;
 * const data = new Uint8Array([255, 0, 0, 0]);
 * await Deno.writeFile(`${folder}/cell.png`, await encodePng({ ...gray, data }));
 * const report = await segment([folder], {
 *   predict: (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
 *   out: `${folder}/masks`,
 * });
 * const [file] = report.files;
 * assertEquals(file && "foreground" in file && file.foreground, 0.25);
 * ```
 */
export async function segment(
  inputs: readonly string[],
  options: SegmentOptions,
): Promise<SegmentReport> {
  const { out, settings = {}, signal, shard } = options;
  if (inputs.length === 0) {
    throw new RangeError("Cannot segment: found no input, expected at least 1");
  }
  checkThreshold(settings.threshold ?? 0.5);
  signal?.throwIfAborted();
  const started = performance.now();
  const formats = chosenFormats(options);
  const network = outputsOfNetwork({ ...options, formats });
  checkStack(options, network.finding);
  checkIntoLabels(options, formats);
  checkDiameter(settings, network.finding);
  const isStack = stackAxisOf(settings) !== undefined;
  const stored = network.finding === "classes"
    ? classSettings(settings)
    : objectSettings(settings);
  const { pyramid = false, summary = false, customFormats = {} } = options;
  const found = await findInputs(inputs, out, options.onNote);
  await prepareFolder(out);
  const { style } = network, { intoLabels } = options;
  const jobs = (await planOutputs(found, out, {
    ...{ formats, customFormats, pyramid, style, summary, isStack },
    ...(intoLabels !== undefined && { intoLabels }),
  }))
    .filter(({ name }) => !shard || shardOf(name, shard.count) === shard.index);
  using manifest = await Manifest.open(out, {
    ...{
      settings: stored,
      model: options.model ?? "",
      files: jobs.length,
      formats: [...formats, ...Object.keys(customFormats)],
    },
    ...(shard && { shard }),
    force: options.force ?? false,
  });
  if (manifest.lockWarning !== null) options.onUnlocked?.(manifest.lockWarning);
  const { resume = false } = options;
  await clearLeftovers(out, jobs, { manifest, resume });
  await checkBatchFiles(manifest, options);
  const batch = new SegmentBatch(manifest, jobs, { ...options, network });
  try {
    await batch.run();
  } catch (error) {
    // What is finished is in the table and in the summary all the same.
    if (signal?.aborted) await writeBatchFiles(manifest, options);
    throw error;
  }
  await manifest.end();
  const { files } = batch;
  // The files of a batch that is refused are those of the run before it.
  const isRefused = files.length > 0 &&
    files.every((file) =>
      "error" in file && file.error instanceof RefusedOutput
    );
  const written = isRefused ? {} : await writeBatchFiles(manifest, options);
  const failed = files.filter((file) => "error" in file).length;
  const skipped = files.filter((file) => "skipped" in file).length;
  return {
    files,
    segmented: files.length - failed - skipped,
    ...{ skipped, failed, manifestFaults: manifest.faults },
    ...written,
    seconds: secondsSince(started),
  };
}

/** The settings as a manifest stores them, every default filled in. */
function objectSettings(
  { threshold = 0.5, instances, ...others }: ResultSettings,
): Record<string, unknown> {
  const { threshold: inside, ...settled } = settle({ threshold, ...instances });
  return {
    ...classSettings(others),
    threshold,
    instances: inside === threshold
      ? settled
      : { ...settled, threshold: inside },
  };
}

/** Those of a network of classes, which has no threshold and no instances. */
function classSettings(
  { views = 1, ...others }: ResultSettings,
): Record<string, unknown> {
  return {
    ...Object.fromEntries(
      Object.entries(others).filter(([, value]) => value !== undefined),
    ),
    views,
  };
}
