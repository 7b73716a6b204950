import { FileError } from "@unet/errors";
import type { ImageFile } from "../images/image_file.ts";
import type { ImageSize } from "../types.ts";
import { slideFormatOf } from "./slide_format.ts";

/**
 * Finds the size of a slide that OpenSlide reads, decoding nothing.
 *
 * @param level The level that will be read.
 * @returns Undefined where it is none, or cannot be opened: then it is refused
 * when it is read, in words of its own.
 */
export async function slideSize(
  file: ImageFile,
  level = 0,
): Promise<ImageSize | undefined> {
  using stack = new DisposableStack();
  const source = stack.use(await file.open());
  const format = slideFormatOf(source, file.name);
  if (!format) return undefined;
  const { openSlide } = await import("./open_slide.ts");
  try {
    // The slide closes it from now on.
    stack.move();
    await using slide = await openSlide(file, source, format, { level });
    return { width: slide.width, height: slide.height };
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
