import { cropped, type ImageReader, type ImageSize } from "@unet/data";
import { turnEventLoop } from "../windows/turn_event_loop.ts";

/** A reader of an image that may have levels. */
type Reader = ImageReader & { readonly levels?: readonly ImageSize[] };

/**
 * Makes a reader that reads until a signal is aborted: shrinking a large image
 * reads all of it and holds the thread.
 *
 * @param reader The image; disposing of the new reader disposes of it.
 * @param signal What ends it.
 * @returns The reader; its `read()` throws the signal's reason.
 */
export function readerUntilAborted(
  reader: Reader,
  signal: AbortSignal,
): Reader {
  const { width, height, levels } = reader;
  return {
    ...cropped(reader, { x: 0, y: 0, width, height }),
    ...(levels && { levels }),
    async read(...window) {
      await turnEventLoop();
      signal.throwIfAborted();
      return await reader.read(...window);
    },
  };
}
