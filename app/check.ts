/**
 * Checks a dataset.
 *
 * @module
 */
import { checkDataset, type CheckReport, openDataset } from "@unet/data";
import type { MaskOptions } from "@unet/data";
import {
  chooseClasses,
  chooseObjectClasses,
  requireMasks,
} from "./settings/choose_classes.ts";
import { ignoredOfSources } from "./settings/ignored_of_sources.ts";
import { objectClassesOf } from "./settings/masks_of_settings.ts";
import type { ReadingSettings } from "./settings/reading_settings.ts";
import { type ReadingChoices, readingOf } from "./models/reading_of.ts";

/** Settings of a check. */
export interface CheckChoices
  extends
    ReadingChoices,
    Partial<Pick<ReadingSettings, keyof MaskOptions | "objectClasses">> {
  /** A folder or zip of images and masks. */
  readonly data: string;
}

/** Events of a check, and the signal that ends it. */
export interface CheckEvents {
  /** Cases that were looked at. */
  onProgress?(done: number, all: number): void;
  /** When aborted, the check ends between two cases. */
  readonly signal?: AbortSignal;
}

/**
 * Opens every image and mask of a dataset and lists every problem, as `unet
 * check` does.
 *
 * @param choices The data, and how its images and masks are read.
 * @param events What is reported, and what ends it.
 * @returns Sizes, counts, and every problem.
 * @throws {DatasetError} If there are no images with masks.
 * @throws {UsageError} If choices about masks contradict one another.
 * @throws {FileError} If the folder or zip cannot be read.
 *
 * @example
 * ```ts
 * import { check } from "@unet/app";
 * import { synthesize, writeKaggle } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = await Deno.makeTempDir();
 * const drawn = synthesize({ count: 2, width: 64, height: 64, seed: 0 });
 * await writeKaggle(drawn, data);
 * const { images, errors } = await check({ data });
 * assertEquals([images, errors], [2, 0]);
 * await Deno.remove(data, { recursive: true });
 * ```
 */
export async function check(
  { data, mask, background, classes: named, ignore: asked, ...others }:
    CheckChoices,
  { onProgress, signal }: CheckEvents = {},
): Promise<CheckReport> {
  const { objectClasses: kinds, ...choices } = others;
  const classes = await chooseClasses(data, named);
  const ignore = await ignoredOfSources([{ path: data }], {
    ...{ classes: named, ignore: asked },
  }) ?? [];
  const objectClasses = await chooseObjectClasses(data, kinds, classes);
  requireMasks({ ...(mask && { mask }), ...(background && { background }) }, {
    ...{ classes, objectClasses, ignore, background: background ?? [0] },
  });
  using stack = new DisposableStack();
  const dataset = await openDataset(data);
  stack.defer(() => dataset.close());
  return await checkDataset(dataset, {
    ...readingOf(choices),
    ...(mask && { mask }),
    ...(background && { background }),
    ...(classes && { classes }),
    ...await objectClassesOf(data, objectClasses),
    ...(ignore.length > 0 && { ignore }),
    onProgress(done, all) {
      signal?.throwIfAborted();
      onProgress?.(done, all);
    },
  });
}
