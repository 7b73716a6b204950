/**
 * A model that is open to segment one image after the other.
 *
 * @module
 */
import {
  type Image,
  type Labels,
  openImage,
  type ReadingNote,
} from "@unet/data";
import type { DeviceFacts } from "@unet/device";
import { cannot, ModelError } from "@unet/errors";
import {
  classHeadOf,
  type Planes,
  type PredictedHead,
  segmentImage,
  type SegmentReport,
  toClassMap,
} from "@unet/infer";
import { findInstances, labelsOf } from "@unet/infer/instances";
import { hasChosenChannels, type Input } from "@unet/task";
import { readNamedModel } from "./models/find_model.ts";
import { placeOfNetwork } from "./models/place_of_network.ts";
import { refuseOfObjects } from "./models/refuse_of_objects.ts";
import { openForeignNetwork } from "./packages/foreign_network.ts";
import type { SegmentChoices, SegmentEvents } from "./segment_choices.ts";
import {
  decisionOf,
  knownOf,
  nameOf,
  oneReadingOf,
  segmentWith,
  sizeOfImages,
} from "./segment_with.ts";

/** What is decided when a model is opened. */
export type SegmenterChoices = Pick<
  SegmentChoices,
  "model" | "device" | "precision" | "context" | "window" | "overlap" | "blend"
>;

/** What is decided of each image. */
export type SegmentedChoices = Omit<SegmentChoices, keyof SegmenterChoices>;

/** What is known of an image before a network sees it. */
export interface ImageLook {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** How many planes or time points of that size are segmented. */
  readonly planes: number;
  /** What the file leaves open and nobody decided, and how it would be read. */
  readonly notes: readonly ReadingNote[];
}

/** A model that is open to segment images. */
export interface Segmenter extends AsyncDisposable {
  /** What computes. */
  readonly device: DeviceFacts;
  /** What the network takes. */
  readonly input: Input;
  /** What it predicts. */
  readonly heads: readonly PredictedHead[];
  /** What is found with it. */
  readonly finding: "objects" | "classes";
  /**
   * Opens an image as it would be segmented, and closes it again.
   *
   * @param path The image.
   * @param choices The settings for it.
   * @throws {FileError} If it cannot be read.
   * @throws {UsageError} If the model takes no such channels.
   */
  look(path: string, choices: SegmentedChoices): Promise<ImageLook>;
  /**
   * Segments images, as `segment()` does.
   *
   * @param inputs Image files, folders of images, or patterns.
   * @param choices The output folder, and what else is decided.
   * @param events What is reported, and what ends it.
   * @returns What became of each image.
   * @throws {UnetError} As `segment()`.
   */
  segment(
    inputs: readonly string[],
    choices: SegmentedChoices,
    events?: SegmentEvents,
  ): Promise<SegmentReport>;
  /**
   * What the network says of an image in memory, at the image's own size.
   *
   * @param image The image: color or gray, or the channels that the network
   * takes; see {@linkcode Segmenter.input}.
   * @param signal Ends the work between two batches of windows.
   * @returns The values of each head.
   * @throws The signal's reason, when it is aborted.
   */
  predict(image: Image, signal?: AbortSignal): Promise<Planes>;
  /**
   * What that comes to: the objects' numbers, or each pixel's class.
   *
   * @param planes What the network says.
   * @param choices What is an object.
   * @returns As `segment()` gives it of images that are not rescaled.
   * @throws {UsageError} If objects are decided of a model of classes.
   */
  find(planes: Planes, choices: SegmentedChoices): Labels;
}

/**
 * Opens a model to segment images, which are decided on one by one.
 *
 * @param choices The model, what computes, and how images are cut.
 * @param onNote Given a line about what was decided.
 * @returns The segmenter; dispose of it to free the device.
 * @throws {UnetError} If the model or the device cannot be opened.
 * @throws {ModelError} If the model is another program's package.
 *
 * @example
 * ```ts
 * import { openSegmenter } from "@unet/app";
 * import { synthesize } from "@unet/data";
 * import { assert } from "@std/assert";
 *
 * await using segmenter = await openSegmenter({
 *   model: "nuclei",
 *   device: "wasm",
 * });
 * const [drawn] = synthesize({ count: 1, width: 64, height: 64, seed: 1 });
 * const planes = await segmenter.predict(drawn!.image);
 * assert(segmenter.find(planes, { out: "" }).data.some((label) => label > 0));
 * ```
 */
export async function openSegmenter(
  choices: SegmenterChoices,
  onNote: (line: string) => void = () => {},
): Promise<Segmenter> {
  const { model: path } = choices;
  await refusePackage(path);
  await using stack = new AsyncDisposableStack();
  const place = stack.use(await placeOfNetwork(choices));
  const saved = await readNamedModel(path, onNote), known = knownOf(saved);
  const { input, heads } = saved.plan.task;
  const model = await nameOf(saved, choices.precision);
  const network = await place.open(saved, choices);
  const { predict, window } = network;
  const chosen = hasChosenChannels(input);
  const opened = stack.move();
  return {
    ...{ device: network.device, input, heads: predict.heads ?? heads },
    finding: known.finding,
    async look(path, choices) {
      const { plane, time, maxPixels } = choices;
      await using image = await openImage(path, {
        ...oneReadingOf(choices, known.card),
        ...(maxPixels !== undefined && { maxPixels }),
      });
      const { width, height, planes, times, notes } = image;
      const isOpen = ({ kind }: ReadingNote) =>
        !(kind === "planes" && plane === "all" ||
          kind === "times" && time === "all");
      return {
        ...{ width, height, notes: notes.filter(isOpen) },
        planes: plane === "all" ? planes : time === "all" ? times : 1,
      };
    },
    async segment(inputs, decided, events = {}) {
      const all = { ...choices, ...decided };
      const size = sizeOfImages(all, known, events.onNote);
      return await segmentWith(inputs, all, {
        ...{ ...known, ...size, network, model, events },
      });
    },
    predict: (image, signal) =>
      segmentImage(chosen ? { ...image, isSeparate: true } : image, predict, {
        ...window,
        ...(signal && { signal }),
      }),
    find(planes, decided) {
      const all = { ...choices, ...decided };
      const { width, height } = planes;
      if (known.finding === "classes") {
        refuseOfObjects(all);
        const { name } = classHeadOf(heads)!;
        const { data } = toClassMap(planes, name);
        return { width, height, data: Uint32Array.from(data) };
      }
      const { threshold, instances } = decisionOf(all, known.card);
      const options = { ...(threshold !== undefined && { threshold }) };
      const found = findInstances(planes, { ...options, ...instances });
      return labelsOf(found, width, height);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** A package of another program has a runtime and a normalization of its own. */
async function refusePackage(path: string): Promise<void> {
  const foreign = await openForeignNetwork(path);
  if (foreign === undefined) return;
  await foreign[Symbol.asyncDispose]();
  throw new ModelError(
    cannot("keep open", "model", path, {
      found: "another program's package",
      expected: "a model of this program",
      remedy: "`segment` takes packages of other programs",
    }),
  );
}
