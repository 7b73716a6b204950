import { writeFile } from "@unet/files";
import { Thumbnail } from "../outputs/thumbnail.ts";
import type { Format } from "./format.ts";

/** The longest side of a picture for the summary, in pixels. */
const longestSide = 1600;

/** A picture for the summary of a batch, as JPEG. */
export const preview: Format<"drawing"> = {
  help: "outlines on the image, for the summary",
  ending: ".jpg",
  folder: "summary",
  takes: "drawing",
  options: ["style"],
  open(path, { width, height }) {
    const thumbnail = new Thumbnail(width, height, longestSide);
    return Promise.resolve({
      write: (rows) => Promise.resolve(thumbnail.add(rows)),
      finish: async () =>
        await writeFile(path, await thumbnail.encode(), "picture"),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
};
