import { ProbabilityTiff } from "../outputs/probability_tiff.ts";
import { planeOf } from "../windows/band.ts";
import { classHeadOfImage } from "./class_head_of_image.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** The probability of each class as OME-TIFF, a channel per class. */
export const classProbability: Format<"band"> = {
  help: "255 × probability, a channel per class",
  ending: "_probability.tif",
  takes: "band",
  holdsStacks: true,
  options: ["pyramid"],
  async open(path, image) {
    const { name, classes } = classHeadOfImage(image);
    const file = await ProbabilityTiff.open(path, {
      ...image,
      channels: classes,
    });
    return toPartWriter(file, (band) => file.writeRows(planeOf(band, name)));
  },
};
