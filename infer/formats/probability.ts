import { ProbabilityTiff } from "../outputs/probability_tiff.ts";
import { planeOf } from "../windows/band.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** The probability of being object as TIFF. */
export const probability: Format<"band"> = {
  help: "255 × probability",
  ending: "_probability.tif",
  takes: "band",
  holdsStacks: true,
  options: ["pyramid"],
  async open(path, { channels: _, ...image }) {
    const file = await ProbabilityTiff.open(path, image);
    return toPartWriter(
      file,
      (band) => file.writeRows(planeOf(band, "object")),
    );
  },
};
