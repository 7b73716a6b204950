import { cacheVersion } from "./cache_file.ts";
import { describeOptions, digest } from "./cache_index.ts";
import type { Case } from "../dataset/case.ts";
import type { CaseOptions } from "../dataset/case_options.ts";
import { bytesOf, type CaseFiles } from "../dataset/decode_case.ts";
import { fileOfDataset } from "../images/file_in_memory.ts";
import { hashOtherFiles } from "../images/open_image_file.ts";

/** What names a case in the cache: all that decides what is kept of it. */
export interface CaseKey {
  readonly key: string;
  /** Whether no pages of the image lie in other files. */
  readonly isOfOneFile: boolean;
}

/** Names a case by the content of its files, and by how they are read. */
export async function keyOf(
  each: Case,
  { image, masks }: CaseFiles,
  options: CaseOptions,
): Promise<CaseKey> {
  const others = image
    ? await hashOtherFiles(fileOfDataset(image.file, image.bytes))
    : [];
  const pieces = [
    `${each.layout} ${cacheVersion}`,
    describeOptions(options, each.id),
    each.id,
    image ? digest([await bytesOf(image)]) : "",
    `${others.length}`,
    ...others,
    // Warnings name files.
    ...[...each.images, ...each.others ?? []].map(({ name }) => name),
  ];
  for (const mask of masks) {
    pieces.push(mask.file.name, digest([await bytesOf(mask)]));
  }
  return { key: digest(pieces), isOfOneFile: others.length === 0 };
}
