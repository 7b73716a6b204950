import { FileError } from "@unet/errors";
import type { Case } from "./case.ts";
import { isOmeName } from "./case_names.ts";
import type { DatasetFile } from "./dataset_file.ts";
import { fileOfDataset } from "../images/file_in_memory.ts";
import { otherFilesOfImage } from "../images/open_image_file.ts";

/**
 * Puts the files of an OME-TIFF that lies in several together: those without a
 * mask belong to the one that has it, since a mask is drawn once per image and
 * not per file of it.
 *
 * @param cases By id; images of which only some have masks.
 * @returns The cases, without those that are files of another's image.
 */
export async function joinSets(cases: readonly Case[]): Promise<Case[]> {
  const masked = new Map<string, Case>();
  for (const each of cases) {
    const [image] = each.images;
    if (image && each.masks.length > 0) masked.set(image.name, each);
  }
  const others = new Map<Case, DatasetFile[]>();
  const joined = new Set<Case>();
  for (const each of cases) {
    const [image, second] = each.images;
    if (!image || second || each.masks.length > 0) continue;
    if (masked.size === 0 || !isOmeName(image.name)) continue;
    const owner = (await namesBeside(image)).map((name) => masked.get(name))
      .find((one) => one !== undefined);
    if (!owner) continue;
    joined.add(each);
    others.set(owner, [...others.get(owner) ?? [], image]);
  }
  return cases.filter((each) => !joined.has(each)).map((each) => {
    const own = others.get(each);
    return own ? { ...each, others: own } : each;
  });
}

/** The other files that an OME-TIFF says its pages lie in. */
async function namesBeside(image: DatasetFile): Promise<string[]> {
  const folder = image.name.slice(0, image.name.lastIndexOf("/") + 1);
  try {
    const files = await otherFilesOfImage(fileOfDataset(image));
    return files.map(({ name }) => folder + name);
  } catch (error) {
    // What is wrong with the file is said when it is decoded.
    if (error instanceof FileError) return [];
    throw error;
  }
}
