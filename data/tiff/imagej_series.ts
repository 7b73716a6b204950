import { briefText } from "@unet/errors";
import { pixelSizeOfImageJ } from "../images/pixel_size.ts";
import { pageBytesOf, requireStored } from "./tiff_backing.ts";
import type { TiffPages } from "./tiff_set.ts";
import {
  resolutionOf,
  seriesOf,
  type TiffSeries,
  unnamed,
} from "./tiff_series.ts";

const mostImages = 2 ** 24;

/** What ImageJ says of a stack is at the beginning, and short. */
const mostText = 2 ** 16;

/**
 * The image of a file that ImageJ has described, channels before planes before
 * time points.
 *
 * @throws {FileError} If the description contradicts itself.
 */
export function imageJSeries(pages: TiffPages, text: string): TiffSeries {
  const { file } = pages, first = pages.at(0);
  const said = new Map(
    text.slice(0, mostText).split("\n").map((line) => {
      const [key = "", ...value] = line.split("=");
      return [key.trim(), value.join("=").trim()];
    }),
  );
  const number = (key: string): number => {
    const value = Number(said.get(key) ?? 1);
    const isCount = Number.isInteger(value) && value >= 1 &&
      value <= mostImages;
    if (isCount) return value;
    throw file.damaged(`${key}=${briefText(said.get(key) ?? "")}`);
  };
  const channels = number("channels"), times = number("frames");
  // A plain stack may say how many images it has, and not of what.
  const planes = channels * times === 1 && !said.has("slices")
    ? number("images")
    : number("slices");
  const images = channels * planes * times;
  if (images > mostImages) throw file.damaged(`${images} images`);
  // Stacks of more than 4 GiB have one directory: pages follow one another.
  const isStored = pages.count === 1 && images > 1 && first.compression === 1;
  const pageBytes = pageBytesOf(first);
  if (isStored) requireStored(first, images);
  const unread = isStored ? 0 : pages.count - images;
  return seriesOf(first, {
    names: unnamed(channels, first),
    planes,
    times,
    pageOf: (channel, plane, time) =>
      Promise.try(() => {
        const index = (time * planes + plane) * channels + channel;
        return isStored && index > 0
          ? { ...first, shift: index * pageBytes }
          : pages.at(index);
      }),
    pixelSize: pixelSizeOfImageJ(
      said.get("unit"),
      resolutionOf(first),
      said.get("yunit"),
    ),
    ...(unread > 0 && {
      notes: [{
        kind: "pages",
        text: `${pages.count} pages, ${images} in ImageJ's description: ` +
          `the first ${images} taken`,
      }],
    }),
  });
}
