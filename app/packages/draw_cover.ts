import { encodePng, type Image, pictureOf } from "@unet/data";
import { classHeadOf, type Planes, toClassMap } from "@unet/infer";
import type { PredictedHead } from "@unet/infer/predict";
import {
  findInstances,
  type InstanceOptions,
  labelsOf,
} from "@unet/infer/instances";
import { OverlayRows } from "@unet/infer/outputs";

/**
 * Draws an image, and beside it the same image with what a model finds on it.
 *
 * @param image The image.
 * @param planes What the network predicts of it.
 * @param options The heads, and how objects are found; nothing where none are.
 * @returns A PNG, twice as wide as the image.
 */
export async function drawCover(
  image: Image,
  planes: Planes,
  { heads, instances }: {
    readonly heads: readonly PredictedHead[];
    readonly instances?: InstanceOptions;
  },
): Promise<Uint8Array> {
  const { width, height } = image;
  const { data: plain } = pictureOf(image);
  const rows = new OverlayRows(
    width,
    height,
    instances ? "instances" : "classes",
  );
  const found = instances
    ? labelsOf(findInstances(planes, instances), width, height).data
    : toClassMap(planes, classHeadOf(heads)!.name).data;
  const drawn = rows.add(plain, found);
  const data = new Uint8Array(2 * plain.length), line = 3 * width;
  for (let y = 0; y < height; y++) {
    const from = y * line, to = 2 * from;
    data.set(plain.subarray(from, from + line), to);
    data.set(drawn.subarray(from, from + line), to + line);
  }
  return await encodePng({
    ...{ width: 2 * width, height, channels: 3, depth: 8 },
    data,
  });
}
