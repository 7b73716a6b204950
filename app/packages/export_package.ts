/**
 * Writes a trained model as a bioimage.io package.
 *
 * @module
 */
import {
  type PackageFacts,
  planar,
  preprocessingOf,
  writePackage,
} from "@unet/bioimageio";
import { cropImage } from "@unet/data";
import { openDevice } from "@unet/device/open-device";
import { predictorOf } from "@unet/infer/predict";
import {
  buildSaved,
  type FloatTensor,
  marginOf,
  modelMetadata,
  type SavedModel,
  serializeOnnx,
  serializeSafetensors,
} from "@unet/model";
import { channelsOfHeads, headPlaces } from "@unet/task";
import { cardSettings } from "../models/card_settings.ts";
import { readingOf } from "../models/reading_of.ts";
import { drawCover } from "./draw_cover.ts";
import type { PackageChoices } from "./package_choices.ts";
import { packageFactsOf, required } from "./package_facts_of.ts";
import { readTestImage, type TestImage } from "./test_image.ts";

/**
 * Writes a package: the network as ONNX and as the program's own file, a test
 * input with what the network makes of it on this machine, a cover, and
 * documentation.
 *
 * @param file The zip to write.
 * @param saved The model, its card as the package has it.
 * @param given The user's settings, the weights, and who hears of what is
 * not exact.
 * @returns Bytes of the files.
 * @throws {UsageError} If something is missing that the card does not say.
 * @throws {FileError} If the test image cannot be used, or the package not be
 * written.
 */
export async function exportPackage(
  file: string,
  saved: SavedModel,
  { choices, tensors, onNote }: {
    readonly choices: Partial<PackageChoices> & { readonly model: string };
    readonly tensors: ReadonlyMap<string, FloatTensor>;
    readonly onNote: (line: string) => void;
  },
): Promise<number> {
  const { plan, card } = saved;
  const facts = await packageFactsOf(choices.model, saved, choices);
  const path = required(
    "testImage",
    choices.testImage,
    "an image that the model knows",
  );
  const reading = readingOf({}, cardSettings(saved), onNote);
  const test = await readTestImage(path, plan, reading);
  const { values, cover } = await judge(saved, test, {
    ...facts,
    device: choices.device ?? "auto",
  });
  const { difference, isInGraph } = preprocessingOf(plan.task.input);
  const { bytes } = await writePackage(file, facts, {
    weights: serializeOnnx(plan, tensors, {
      ...{ sizes: "fitting", stretch: isInGraph, outputs: "joined" },
      metadata: { card: JSON.stringify(card) },
    }),
    model: serializeSafetensors(tensors, modelMetadata(plan, card)),
    testInput: test.input,
    testOutput: planar(values.data, values),
    cover,
  });
  if (difference !== undefined) {
    onNote(`Normalization in other programs: ${difference}`);
  }
  return bytes;
}

/** What the network makes of the test image, and the picture of it. */
async function judge(
  saved: SavedModel,
  { image, seen }: TestImage,
  { instances, device: name }: PackageFacts & { readonly device: string },
) {
  await using stack = new AsyncDisposableStack();
  const device = await openDevice(name, { precision: "float32" });
  stack.defer(() => device.close());
  const model = buildSaved(saved);
  stack.defer(() => model.dispose());
  const { heads } = saved.plan.task, margin = marginOf(saved.plan);
  const whole = await predictorOf(model)(seen, [1, image.height, image.width]);
  const width = image.width - 2 * margin, height = image.height - 2 * margin;
  const channels = channelsOfHeads(heads);
  const data = inside(whole, { channels, width, height, margin });
  const planes = Object.fromEntries(
    headPlaces(heads).map(({ head, from, to }) => [
      head.name,
      data.filter((_, at) => {
        const channel = at % channels;
        return channel >= from && channel < to;
      }),
    ]),
  );
  const shown = margin === 0
    ? image
    : cropImage(image, { x: margin, y: margin, width, height });
  return {
    values: { channels, width, height, data },
    cover: await drawCover(shown, { width, height, planes }, {
      heads,
      ...(instances && { instances }),
    }),
  };
}

/** What a network without padding gives: values without the margin. */
function inside(
  values: Float32Array,
  { channels, width, height, margin }: {
    readonly channels: number;
    readonly width: number;
    readonly height: number;
    readonly margin: number;
  },
): Float32Array {
  if (margin === 0) return values;
  const line = width * channels, stride = line + 2 * margin * channels;
  const data = new Float32Array(height * line);
  for (let y = 0; y < height; y++) {
    const from = (y + margin) * stride + margin * channels;
    data.set(values.subarray(from, from + line), y * line);
  }
  return data;
}
