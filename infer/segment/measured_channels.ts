import { type ImageReader, openImage, type Rectangle } from "@unet/data";
import type { Source, SourceOptions } from "./open_source.ts";
import type { ChannelPixels } from "../outputs/measure_instance.ts";

/** Decoded pieces that are kept, beside those of the network. */
const cacheBytes = 64 * 2 ** 20;

/** Channels that one reader reads together. */
const mostAtOnce = 128;

/** One channel, and where its values are. */
interface Place {
  readonly name: string;
  readonly reader: ImageReader;
  readonly sample: number;
}

/**
 * All channels of an image file, whichever of them the network sees: an object
 * that was found in one channel is measured in every one. Alpha is none.
 */
export class MeasuredChannels implements AsyncDisposable {
  /** Their names, in the file's order. */
  readonly names: readonly string[];
  /** Files beside the image that they are read from too. */
  readonly otherFiles: readonly string[];
  readonly #places: readonly Place[];
  readonly #opened: AsyncDisposableStack;

  private constructor(
    places: readonly Place[],
    otherFiles: readonly string[],
    opened: AsyncDisposableStack,
  ) {
    this.otherFiles = otherFiles;
    this.names = places.map(({ name }) => name);
    this.#places = places;
    this.#opened = opened;
  }

  /**
   * Opens them.
   *
   * @param path The file.
   * @param source The file as it is open for the network.
   * @param options How it was opened.
   * @throws {FileError} If it cannot be read.
   */
  static async open(
    path: string,
    { image, reopen = (options) => openImage(path, options) }: Pick<
      Source,
      "image" | "reopen"
    >,
    { level, plane, time, maxPixels }: SourceOptions,
  ): Promise<MeasuredChannels> {
    await using opened = new AsyncDisposableStack();
    const all = namesOf(image.channelNames);
    const isWhole = !image.isSeparate && image.channels > 1 ||
      all.length === 1;
    if (isWhole) {
      const places = all.map(({ name }, sample) => ({
        ...{ name, reader: image, sample },
      }));
      return new MeasuredChannels(places, image.otherFiles, opened.move());
    }
    const others = new Set(image.otherFiles);
    const places: Place[] = [];
    for (let first = 0; first < all.length; first += mostAtOnce) {
      const some = all.slice(first, first + mostAtOnce);
      const reader = opened.use(
        await reopen({
          ...(level !== undefined && { level }),
          ...(plane !== undefined && { plane }),
          ...(time !== undefined && { time }),
          ...(maxPixels !== undefined && { maxPixels }),
          channels: some.map(({ at }) => at),
          cacheBytes,
        }),
      );
      places.push(
        ...some.map(({ name }, sample) => ({ name, reader, sample })),
      );
      for (const other of reader.otherFiles) others.add(other);
    }
    return new MeasuredChannels(places, [...others].sort(), opened.move());
  }

  /**
   * Reads a window of each.
   *
   * @throws {FileError} If the file is damaged there.
   */
  async read(
    { x, y, width, height }: Rectangle,
  ): Promise<ChannelPixels[]> {
    const readers = new Set(this.#places.map(({ reader }) => reader));
    const windows = new Map(
      await Promise.all(
        [...readers].map(async (reader) =>
          [reader, await reader.read(x, y, width, height)] as const
        ),
      ),
    );
    return this.#places.map(({ name, reader, sample }) => ({
      ...{ name, pixels: windows.get(reader)!, sample },
    }));
  }

  /** Closes what was opened. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
  }
}

/** The channels but alpha; a single one without a name is gray. */
function namesOf(
  names: readonly string[],
): { readonly name: string; readonly at: number }[] {
  if (names.length === 1) {
    const [name = ""] = names;
    return [{ name: /^(channel 0)?$/.test(name) ? "gray" : name, at: 0 }];
  }
  return names.map((name, at) => ({ name, at }))
    .filter(({ name }) => !/(^| )alpha$/.test(name));
}
