import {
  brief,
  briefText,
  cannot,
  count,
  DatasetError,
  FileError,
} from "@unet/errors";
import { parseJson } from "@unet/files";
import { fileOfDataset } from "../images/file_in_memory.ts";
import { fileOnDisk } from "../images/image_file.ts";
import { formatOf } from "../images/image_format.ts";
import { openImageFile } from "../images/open_image_file.ts";
import { loadSharp } from "../images/sharp.ts";
import { isObject } from "../json_object.ts";
import { zarrPlaceOf } from "../zarr/zarr_place.ts";
import type { Case } from "./case.ts";
import { isImageName } from "./case_names.ts";
import { type DataFile, readDataFile } from "./data_file.ts";
import type { DatasetFile } from "./dataset_file.ts";
import { type NnUnetDataset, parseNnUnet } from "./find_nn_unet.ts";

/**
 * Reads nnU-Net's `dataset.json` of files that are laid out as nnU-Net's, and
 * refuses one that says nothing of them: their classes would be taken for
 * objects. Images and masks of other endings than it names are refused, too:
 * nnU-Net would not see them.
 *
 * @param path The folder or zip of images and masks.
 * @param names The files, by their paths below the folder or zip.
 * @returns What it says; null where there is none, or another program's beside
 * other folders.
 * @throws {DatasetError} If it is damaged, contradicts itself or the files.
 * @throws {FileError} If it cannot be read.
 */
export async function requireNnUnet(
  path: string,
  names: readonly string[],
): Promise<NnUnetDataset | null> {
  const folders = names.flatMap((name) =>
    /^(.*\/)?dataset\.json$/i.test(name)
      ? [name.slice(0, name.lastIndexOf("/") + 1)]
      : []
  );
  if (folders.length === 0) return null;
  const file = await readDataFile(path, "dataset.json");
  if (!file) return null;
  const described = parseNnUnet(file);
  if (described) {
    requireEnding(described, names);
    return described;
  }
  const depth = (folder: string): number => folder.split("/").length;
  const [own] = folders.toSorted((a, b) => depth(a) - depth(b));
  const areBeside = ["imagestr/", "labelstr/"].every((part) =>
    names.some((name) =>
      name.startsWith(own!) &&
      name.slice(own!.length).toLowerCase().startsWith(part)
    )
  );
  if (!areBeside) return null;
  throw new DatasetError(cannot("read", "description", file.path, {
    found: foundIn(file),
    expected: "nnU-Net's channel_names and labels, as beside imagesTr/ and " +
      "labelsTr/",
    remedy: "restore the file, or take it out of the folder",
  }));
}

/** What a text is that describes nothing. */
function foundIn({ text }: DataFile): string {
  try {
    const json = parseJson(text);
    if (!isObject(json)) return brief(json);
    const { channel_names: names, modality } = json;
    return `channel_names ${brief(names ?? modality)}`;
  } catch (cause) {
    if (cause instanceof SyntaxError) return cause.message;
    throw cause;
  }
}

function requireEnding(
  { fileEnding, path }: NnUnetDataset,
  names: readonly string[],
): void {
  if (fileEnding === null) return;
  const other = names.find((name) =>
    /(^|\/)(images|labels)Tr\/[^/]+$/i.test(name) && isImageName(name) &&
    !name.endsWith(fileEnding)
  );
  if (other === undefined) return;
  throw new DatasetError(cannot("open", "dataset by", path, {
    found: `"${briefText(other)}"`,
    expected: `images and masks ending in ${fileEnding}, its file_ending`,
  }));
}

/**
 * Refuses an image that has fewer channels than `dataset.json` names, as
 * nnU-Net does. Images of several files are left to the check of their case,
 * and so are those that cannot be read.
 *
 * @param dataset What it says.
 * @param cases The dataset's cases.
 * @throws {DatasetError} If there is one.
 */
export async function requireNamedChannels(
  { channels, path }: NnUnetDataset,
  cases: readonly Case[],
): Promise<void> {
  // Any image has one.
  if (channels.length === 1) return;
  for (const { images } of cases) {
    const [image] = images;
    const isOne = image && images.length === 1 &&
      /(^|\/)imagesTr\//i.test(image.name);
    if (!isOne) continue;
    const found = await countChannels(image);
    if (found === undefined || found >= channels.length) continue;
    throw new DatasetError(cannot("open", "dataset by", path, {
      found: `"${briefText(image.name)}" with ${count(found, "channel")}`,
      expected: `${channels.length}, its channel_names`,
      remedy: "join the channels of an image in one TIFF, or name in " +
        "dataset.json those that are there",
    }));
  }
}

/** Decodes nothing; undefined where the image cannot be read. */
async function countChannels(file: DatasetFile): Promise<number | undefined> {
  try {
    // On the disk, only what is asked for is read.
    const image = file.diskPath === undefined
      ? fileOfDataset(file)
      : fileOnDisk(file.diskPath);
    const isZarr = image.diskPath !== undefined &&
      zarrPlaceOf(image.diskPath) !== undefined;
    if (!isZarr) {
      using source = await image.open();
      const format = formatOf(source.read(0, Math.min(16, source.size)));
      if (format === undefined) return undefined;
      if (format !== "TIFF") {
        return await countInPicture(source.read(0, source.size));
      }
    }
    await using opened = await openImageFile(image, { channels: [0] });
    return opened.channelNames.length;
  } catch (error) {
    // A damaged one, which reading the data reports.
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

async function countInPicture(bytes: Uint8Array): Promise<number | undefined> {
  const sharp = await loadSharp();
  try {
    const options = { limitInputPixels: false } as const;
    return (await sharp(bytes, options).metadata()).channels;
  } catch {
    // Damaged, as decoding it says in words of its own.
    return undefined;
  }
}
