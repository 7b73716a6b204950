/**
 * Segments images with a trained model.
 *
 * @module
 */
import { cannot, UsageError } from "@unet/errors";
import type { SegmentReport } from "@unet/infer";
import type { CardSettings } from "./models/card_settings.ts";
import { diameterOf } from "./models/diameter_of.ts";
import { readNamedModel } from "./models/find_model.ts";
import { isBatch } from "./models/is_batch.ts";
import { placeOfNetwork } from "./models/place_of_network.ts";
import { noteBrightness } from "./models/reading_of.ts";
import {
  type ForeignNetwork,
  openForeignNetwork,
} from "./packages/foreign_network.ts";
import type { SegmentChoices, SegmentEvents } from "./segment_choices.ts";
import {
  given,
  knownOf,
  nameOf,
  pixelSizeOf,
  type Prepared,
  segmentWith,
  sizeOfImages,
} from "./segment_with.ts";

export type { InstanceChoices } from "./models/reading_of.ts";
export type * from "./segment_choices.ts";

/**
 * Segments images with a trained model, as `unet segment` does: the model's
 * card decides threshold, instances and reading where a person does not. A
 * model of classes has no threshold and no instances.
 *
 * @param inputs Image files, folders of images, or patterns.
 * @param choices The model, the output folder, and what else is decided.
 * @param events What is reported, and what ends it.
 * @returns What became of each image.
 * @throws {UnetError} If the model, the device or an input cannot be opened, or
 * choices contradict one another.
 */
export async function segment(
  inputs: readonly string[],
  choices: SegmentChoices,
  events: SegmentEvents = {},
): Promise<SegmentReport> {
  const foreign = await openForeignNetwork(
    choices.model,
    choices.outputMeaning,
  );
  if (foreign) {
    await using network = foreign;
    return await segmentWithPackage(inputs, choices, { network, events });
  }
  if (choices.outputMeaning !== undefined) {
    throw new UsageError(cannot("use", "setting", "outputMeaning", {
      found: "a model of this program, which knows its heads",
      expected: "it only with packages from other programs",
    }));
  }
  const { onDevice, onNote } = events;
  await using place = await placeOfNetwork(choices, await isBatch(inputs));
  const saved = await readNamedModel(choices.model, (line) => onNote?.(line));
  const known = knownOf(saved);
  const size = sizeOfImages(choices, known, onNote);
  const model = await nameOf(saved, choices.precision);
  noteBrightness(saved.plan.task.input, onNote);
  const network = await place.open(saved, choices);
  onDevice?.(network.device);
  return await segmentWith(inputs, choices, {
    ...{ network, model, events },
    ...known,
    ...size,
  });
}

/** Segments with another program's network, which has no card of ours. */
async function segmentWithPackage(
  inputs: readonly string[],
  choices: SegmentChoices,
  { network, events }: Pick<Prepared, "events"> & {
    readonly network: ForeignNetwork;
  },
): Promise<SegmentReport> {
  const card: CardSettings = {
    instances: {},
    ...(choices.channels && { channels: choices.channels.map(String) }),
  };
  const { onNote } = events;
  refuseOfPackages(choices);
  const pixelSize = pixelSizeOf(choices.pixelSize, card);
  const diameter = diameterOf({ ...choices, pixelSize }, card, onNote);
  onNote?.("Network: another program's, computed by ONNX Runtime");
  return await segmentWith(inputs, choices, {
    ...{ network, card, finding: "objects", model: network.hash, events },
    ...given({ pixelSize, diameter }),
  });
}

/** Refuses what other programs' networks have no use for. */
function refuseOfPackages(choices: SegmentChoices): void {
  const { device, precision, window, overlap, context } = choices;
  const set = {
    ...(device !== "auto" && { device }),
    ...(precision !== "float32" && { precision }),
    ...(overlap !== 0 && { overlap }),
    ...(context !== "neighbors" && { context }),
    ...(window !== null && { window }),
  };
  const found = Object.entries(set).find(([, value]) => value !== undefined);
  if (found === undefined) return;
  throw new UsageError(cannot("use", "setting", found[0], {
    found: `${found[1]}, with another program's package`,
    expected: "none: ONNX Runtime computes it, in windows that it describes",
  }));
}
