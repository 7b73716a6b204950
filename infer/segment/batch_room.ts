import type { Manifest } from "../batch/manifest.ts";
import type { Room } from "../batch/room.ts";
import type { ImageBatch } from "../windows/predict.ts";
import type { Read } from "./image_work.ts";
import { pixelsOf } from "./open_source.ts";
import type { Job } from "./plan_outputs.ts";
import type { SkippedFile } from "./segment_report.ts";

/** What a small image takes per byte of its file, which is hardly packed. */
const bytesPerFileByte = 16;

/** What an image takes per pixel: its colors, and a value of each head. */
const bytesPerPixel = 16;

const room: Room<Job, Read | SkippedFile> = {
  most: 2 ** 26,
  expected: ({ input }) => bytesPerFileByte * fileSizeOf(input),
  taken: (read) =>
    "skipped" in read ? 0 : bytesPerPixel * pixelsOf(read.source),
};

/**
 * How many images of a batch are under way at once. Opening and writing one
 * takes some twenty calls of the system, one after another, and a network that
 * holds the thread lets each get a step further only between two images: with
 * one image ahead, the network waits for files most of the time.
 */
export const batchRoom = { ahead: 16, behind: 8, room };

/** What a network is to be prepared for: the images that are not finished. */
export function batchOf(
  jobs: readonly Job[],
  manifest: Pick<Manifest, "expects">,
): ImageBatch {
  const sizes = jobs.filter((job) => !manifest.expects(job))
    .map(({ input }) => fileSizeOf(input));
  const largestFile = sizes.reduce((most, size) => Math.max(most, size), 0);
  return { images: sizes.length, largestFile };
}

/** Bytes of a file; none where it cannot be said, as reading it will say. */
function fileSizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}
