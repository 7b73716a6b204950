import { type OpenedImage, openImage, type OpenImageOptions } from "@unet/data";
import { FileError } from "@unet/errors";

/** A plane and a time point. */
type Choice = Pick<OpenImageOptions, "plane" | "time">;

/** A file that is open with all its channels. */
export interface AllChannels {
  /** The image. */
  readonly image: OpenedImage;
  /** How it was opened, as for other levels. */
  readonly reading: OpenImageOptions;
}

/**
 * Opens all channels of a file, as color where they are color.
 *
 * @param path The file.
 * @param choice Which plane and time point; the first ones by default.
 * @throws {FileError} If the file cannot be read.
 *
 * @example
 * ```ts
 * import { openAllChannels } from "./open_all_channels.ts";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array(12);
 * const image = { width: 2, height: 2, channels: 3, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * await using opened = (await openAllChannels(path, {})).image;
 * assertEquals([opened.channels, opened.isSeparate ?? false], [3, false]);
 * ```
 */
export async function openAllChannels(
  path: string,
  choice: Choice,
): Promise<AllChannels> {
  try {
    return { image: await openImage(path, choice), reading: choice };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const names = await channelNamesOf(path, choice);
    if (names.length < 2) throw error;
    const reading = { ...choice, channels: names.map((_, at) => at) };
    return { image: await openImage(path, reading), reading };
  }
}

/** The names of channels that one must choose from; none of another file. */
async function channelNamesOf(
  path: string,
  choice: Choice,
): Promise<readonly string[]> {
  try {
    await using image = await openImage(path, { ...choice, channel: 0 });
    return image.channelNames;
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
