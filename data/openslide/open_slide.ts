import { cannot, FileError } from "@unet/errors";
import type { ByteSource } from "../images/byte_source.ts";
import { requireBacked, wideningOf } from "../images/decode_budget.ts";
import type { ImageFile } from "../images/image_file.ts";
import type { OpenedImage, OpenImageOptions } from "../images/opened_image.ts";
import { requireAmong } from "../images/require_among.ts";
import { OpenslideFile } from "./openslide_file.ts";
import { otherFilesOfSlide } from "./other_files_of_slide.ts";
import type { SlideFormat } from "./slide_format.ts";
import { slideLayout } from "./slide_layout.ts";
import { SlideReader } from "./slide_reader.ts";

const defaultCacheBytes = 96 * 2 ** 20;

/**
 * Opens a slide by OpenSlide.
 *
 * @param file The file.
 * @param source Its bytes, which the reader disposes of from then on.
 * @param format What it was recognized as.
 * @param options Which part is read.
 * @throws {FileError} If OpenSlide is not there or cannot read it, or it lies
 * in a zip, or has no such level, plane or time point.
 */
export async function openSlide(
  file: ImageFile,
  source: ByteSource,
  format: SlideFormat,
  options: OpenImageOptions,
): Promise<OpenedImage> {
  const { level = 0, plane = 0, time = 0 } = options;
  using bytes = new DisposableStack();
  bytes.use(source);
  const { path, diskPath } = file;
  if (diskPath === undefined) {
    throw new FileError(cannot("read", "image", path, {
      found: `${format.words} inside a zip or in memory`,
      expected: "a file in a folder, as OpenSlide needs it",
      remedy: "unpack it",
    }));
  }
  format.check?.(path, source);
  const slide = await OpenslideFile.open(path, diskPath, format);
  await using stack = new AsyncDisposableStack();
  stack.use(slide);
  requireAmong(path, "level", slide.levels.length, level);
  if (typeof plane === "number") requireAmong(path, "plane", 1, plane);
  requireAmong(path, "time", 1, time);
  const others = otherFilesOfSlide(diskPath, source, format);
  let stored = source.size;
  for (const other of others) stored += other.size;
  const layout = slideLayout(slide);
  requireBacked(path, {
    ...{ kind: "image", decoded: 4 * layout.largestTile, stored },
  });
  const reader = new SlideReader({
    ...{ slide, source, stored, layout },
    options: { cacheBytes: defaultCacheBytes, ...options },
    otherFiles: others.map(({ name }) => name),
  });
  if (options.isReadWhole) {
    const decoded = reader.width * reader.height * reader.channels;
    const counted = decoded * wideningOf(reader);
    requireBacked(path, { kind: "costly", decoded, stored, counted });
  }
  // The reader closes both from now on.
  stack.move();
  bytes.move();
  return reader;
}
