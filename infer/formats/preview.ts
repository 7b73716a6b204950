import { writeFile } from "@unet/files";
import { Thumbnail } from "../outputs/thumbnail.ts";
import type { Format } from "./format.ts";

/** The longest side of a picture for the summary, in pixels. */
const longestSide = 1600;

/** A picture for the summary of a batch, as JPEG: of a stack its middle plane. */
export const preview: Format<"drawing"> = {
  help: "outlines on the image, for the summary",
  ending: ".jpg",
  folder: "summary",
  takes: "drawing",
  holdsStacks: true,
  options: ["style"],
  open(path, { width, height, stack }) {
    const plane = 3 * width * height;
    const from = plane * Math.floor((stack?.count ?? 1) / 2);
    let done = 0;
    const thumbnail = new Thumbnail(width, height, longestSide);
    return Promise.resolve({
      write: (rows) => {
        const part = rows.subarray(
          Math.max(0, from - done),
          Math.max(0, from + plane - done),
        );
        done += rows.length;
        return Promise.resolve(
          part.length > 0 ? thumbnail.add(part) : undefined,
        );
      },
      finish: async () =>
        await writeFile(path, await thumbnail.encode(), "picture"),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
};
