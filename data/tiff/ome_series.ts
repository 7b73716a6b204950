import { OmeFiles } from "./ome_files.ts";
import type { OmeImage, OmePage } from "./ome_xml.ts";
import { pixelSizeOfTags, sized } from "../images/pixel_size.ts";
import type { TiffPage } from "./tiff_page.ts";
import { resolutionOf, seriesOf, type TiffSeries } from "./tiff_series.ts";
import type { TiffPages, TiffSet } from "./tiff_set.ts";
import type { ReadingNote } from "../images/image_choice.ts";

/** A page takes at least so many bytes of a file, for its directory. */
const fewestBytesPerPage = 100;

/**
 * The image of an OME-TIFF: the first of which the file holds pages. Pages
 * that lie in other files of the same folder are read from these.
 *
 * @returns Undefined where the description has no image.
 * @throws {FileError} If the file contradicts itself, or needs another that is
 * not beside it.
 */
export async function omeSeries(
  set: TiffSet,
  text: string,
): Promise<TiffSeries | undefined> {
  const files = await OmeFiles.read(set, text);
  const { images } = files.description;
  if (images.length === 0) return undefined;
  const held = images.filter((image) => files.holds(image));
  const image = held[0] ?? (files.areElsewhere ? images[0] : undefined);
  if (!image) throw files.strange();
  requireBacked(set.main, files, image);
  const start = await startOf(files, image);
  const first = await files.pageOf(image, start);
  const notes = [
    ...imagesNote(held),
    ...channelsNote(image, start.isAlone ? start.channel : undefined),
  ];
  return seriesOfImage(files, image, first, { start, notes });
}

/** What is read where nothing is chosen. */
interface Start extends OmePage {
  /** Whether the file holds no other channel, which lie in other files. */
  readonly isAlone: boolean;
}

function seriesOfImage(
  files: OmeFiles,
  image: OmeImage,
  first: TiffPage,
  { start, notes }: { start: Start; notes: readonly ReadingNote[] },
): TiffSeries {
  const { channels, planes, times, sizeC } = image;
  // Color that the description splits into channels lies on one page.
  const isSplit = channels.length > 1 && channels.length === first.samples;
  const found = isSplit ? first.samples : channels.length * first.samples;
  if (found < sizeC) {
    throw first.file.damaged(
      `${found} channels on pages, ${sizeC} in OME-XML`,
    );
  }
  const series = seriesOf(first, {
    names: isSplit ? [""] : channels,
    planes,
    times,
    start: {
      plane: start.plane,
      time: start.time,
      ...(start.isAlone && { channel: start.channel }),
    },
    pageOf: async (channel, plane, time) =>
      await files.pageOf(image, { channel, plane, time }),
    pixelSize: sized(image.pixelWidth, image.pixelHeight) ??
      pixelSizeOfTags(resolutionOf(first)),
    notes,
  });
  if (!isSplit) return series;
  return {
    ...series,
    channels: series.channels.map((channel, at) => ({
      ...channel,
      name: channels[at] || channel.name,
    })),
  };
}

/**
 * The first page of an image, or where that lies in another file, the first
 * that the opened file holds: a file of one time point means this one.
 */
function startOf(files: OmeFiles, image: OmeImage): Start {
  const zero = { channel: 0, plane: 0, time: 0 };
  const own = image.entries.filter((entry) =>
    entry.count > 0 && files.isOwn(entry)
  );
  const channels = new Set<number>();
  for (const { start, count } of own) {
    for (let at = start; at < start + count; at++) {
      channels.add(image.pageAt(at).channel);
      if (channels.size === image.channels.length) break;
    }
  }
  const isAlone = channels.size === 1 && image.channels.length > 1 &&
    own.length < image.entries.length;
  const found = image.pageOf(zero);
  const isZero = !found || own.length === 0 || files.isOwn(found.entry);
  return { ...(isZero ? zero : image.pageAt(own[0]!.start)), isAlone };
}

function imagesNote(held: readonly OmeImage[]): ReadingNote[] {
  if (held.length < 2) return [];
  const name = held[0]!.name === "" ? "" : ` "${held[0]!.name}"`;
  return [{
    kind: "images",
    text: `${held.length} images: the first${name} taken`,
  }];
}

function channelsNote(
  { channels }: OmeImage,
  taken: number | undefined,
): ReadingNote[] {
  if (taken === undefined) return [];
  const name = channels[taken] ? ` "${channels[taken]}"` : "";
  return [{
    kind: "channels",
    text: `${channels.length} channels in several files: ` +
      `channel ${taken}${name} taken, which this file holds`,
  }];
}

/** Refuses a description of more pages than the file's bytes can hold. */
function requireBacked(
  { file }: TiffPages,
  files: OmeFiles,
  { entries }: OmeImage,
): void {
  // Several entries may have the same page, but each entry takes bytes too.
  const most = Math.floor(file.size / fewestBytesPerPage) + entries.length;
  let pages = 0;
  for (const entry of entries) {
    if (!files.isOwn(entry)) continue;
    pages += entry.count;
    const found = Math.max(pages, entry.directory + entry.count);
    if (found <= most) continue;
    throw file.damaged(
      `${found} pages in OME-XML of a file of ${file.size} bytes`,
    );
  }
}
