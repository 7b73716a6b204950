import { join } from "@std/path";
import type { CachedCase } from "./cached_case.ts";
import {
  type CacheHeader,
  verifyCacheFile,
  writeCacheFile,
} from "./cache_file.ts";
import type { Fault } from "../dataset/fault.ts";
import { findModality } from "../dataset/modality.ts";
import { channelRanges } from "../images/channel_values.ts";
import { contentOf, seenPixels } from "../images/image_content.ts";
import type { ColorNormalization } from "../images/rgb8.ts";
import { countLabels } from "../masks/count_labels.ts";
import type { Labels, Sample } from "../types.ts";

/** A case in the cache, and what there is to say of it. */
export interface Kept {
  readonly cached: CachedCase;
  readonly warnings: readonly Fault[];
}

/** A case that is in the cache, whole and under this id; undefined else. */
export async function findCached(
  folder: string,
  key: string,
  id: string,
): Promise<Kept | undefined> {
  const path = pathOf(folder, key);
  const header = await verifyCacheFile(path);
  return header?.id === id ? keptOf(header, path) : undefined;
}

/** Writes a case into the cache. */
export async function writeSample(
  folder: string,
  key: string,
  sample: Sample,
  { warnings, classes, normalization }: {
    readonly warnings: readonly Fault[];
    /** How many there are, in a map of classes. */
    readonly classes?: number | undefined;
    /** The rule for color and gray. */
    readonly normalization?: ColorNormalization | undefined;
  },
): Promise<Kept> {
  const { id, image, labels, objectClasses } = sample;
  const { width, height, depth } = image;
  const pixels = seenPixels(image, normalization);
  const numbers = smallest(labels);
  const header: CacheHeader = {
    id,
    width,
    height,
    ...(image.isSeparate
      ? { channels: image.channels, depth, ranges: channelRanges(image) }
      : { channels: pixels.length === width * height ? 1 : 3 }),
    labelBytes: numbers.BYTES_PER_ELEMENT as 1 | 2 | 4,
    modality: findModality(image),
    // One split for both rules.
    content: contentOf(image, normalization ? seenPixels(image) : pixels),
    ...countLabels(labels, classes),
    ...(objectClasses && { objectClasses }),
    warnings,
  };
  const path = pathOf(folder, key);
  await writeCacheFile(path, header, pixels, numbers);
  return keptOf(header, path);
}

function keptOf(header: CacheHeader, path: string): Kept {
  const { id, width, height, modality, content, warnings } = header;
  const { nuclei, foreground, labeled, classPixels, objectClasses } = header;
  const { channels, ranges } = header;
  return {
    cached: {
      ...{ id, path, width, height, modality, content },
      ...(ranges && { channels }),
      ...{ nuclei, foreground, labeled, ...(classPixels && { classPixels }) },
      ...(objectClasses && { objectClasses }),
    },
    warnings,
  };
}

function pathOf(folder: string, key: string): string {
  return join(folder, "cases", `${key}.case`);
}

function smallest(labels: Labels): Uint8Array | Uint16Array | Uint32Array {
  let most = 0;
  for (const value of labels.data) if (value > most) most = value;
  if (most < 256) return Uint8Array.from(labels.data);
  return most < 65536 ? Uint16Array.from(labels.data) : labels.data;
}
