import { basename } from "@std/path";
import { besideMasks, faultOfOthers } from "./beside_masks.ts";
import type { Case, Layout } from "./case.ts";
import {
  imageOfCompanion,
  imageOfMask,
  isChannelName,
  isImageName,
  isSegFile,
  isUnreadName,
  nameKey,
  stemOf,
  withoutChannel,
} from "./case_names.ts";
import { chooseSegs } from "./choose_segs.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";

/** What a folder of a name holds, whatever its capitals. */
const folders: ReadonlyMap<
  string,
  { readonly role: "images" | "masks"; readonly isNnUnet: boolean }
> = new Map([
  ["images", { role: "images", isNnUnet: false }],
  ["masks", { role: "masks", isNnUnet: false }],
  ["labels", { role: "masks", isNnUnet: false }],
  ["imagestr", { role: "images", isNnUnet: true }],
  ["labelstr", { role: "masks", isNnUnet: true }],
]);

/** The images and masks that belong together. */
interface Group {
  /** The folder that holds `images/` and `masks/`, or the files themselves. */
  readonly parent: string;
  readonly isNnUnet: boolean;
  readonly images: readonly DatasetFile[];
  readonly masks: readonly DatasetFile[];
}

/** Files sorted into cases, by id. */
interface FoundCases {
  readonly layout: Layout;
  readonly cases: Case[];
  /** Faults of files that are in no case. */
  readonly faults: Fault[];
}

/**
 * Recognizes the layout of files and sorts them into cases, by id. Cellpose's
 * `NAME_seg.npy` is a mask where NAME has no other.
 */
export function findCases(files: readonly DatasetFile[]): FoundCases {
  const segs = files.filter(isSegFile);
  const others = files.filter((file) => !isSegFile(file));
  const found = findImageCases(others);
  if (segs.length === 0) return found;
  const { used, faults } = chooseSegs(segs, files, found.cases);
  if (used.length === 0) {
    return { ...found, faults: [...found.faults, ...faults] };
  }
  const all = findImageCases([...others, ...used]);
  return { ...all, faults: [...all.faults, ...faults] };
}

/** The same, of images and masks that are images. */
function findImageCases(files: readonly DatasetFile[]): FoundCases {
  const byFolder = filesByFolder(files);
  const named = namedGroups(byFolder).map(withMasksBeside);
  const beside = besideMasks(byFolder, maskTaker(named));
  const groups = beside.length > 0
    ? withBeside(named, beside)
    : named.length > 0
    ? named
    : [...byFolder].flatMap(([parent, files]) => pairedFolder(parent, files));
  const kaggle = groups.filter(looksLikeKaggle).length;
  const layout = kaggle * 2 > groups.length ? "kaggle" : "pairs";
  const cases = layout === "kaggle" ? kaggleCases(groups) : pairCases(groups);
  const sorted = [...cases.values()].sort((a, b) => compare(a.id, b.id));
  return { layout, cases: sorted, faults: faultOfOthers(beside) };
}

/** Whether a mask belongs to an image in a folder of images. */
function maskTaker(
  named: readonly Group[],
): (mask: DatasetFile) => boolean {
  const taken = new Set(named.flatMap(({ isNnUnet, images, masks }) => {
    if (isNnUnet) return masks;
    const names = new ImageNames(images.map(stemOf));
    const own = masks.filter((mask) => names.find(stemOf(mask)) !== undefined);
    // Alone with its nuclei, an image has masks of any name.
    return images.length === 1 && own.length === 0 ? masks : own;
  }));
  return (mask) => taken.has(mask);
}

/** Groups by name, and images with their masks beside them. */
function withBeside(
  named: readonly Group[],
  beside: readonly Pick<Group, "parent" | "images" | "masks">[],
): Group[] {
  const masks = new Set(beside.flatMap((group) => group.masks));
  return [
    ...named.map((group) => ({
      ...group,
      masks: group.masks.filter((mask) => !masks.has(mask)),
    })).filter(({ images, masks }) => images.length + masks.length > 0),
    ...beside.map((group) => ({ ...group, isNnUnet: false })),
  ];
}

/** Images by folder, both in order. */
function filesByFolder(
  files: readonly DatasetFile[],
): Map<string, DatasetFile[]> {
  const byFolder = new Map<string, DatasetFile[]>();
  for (const file of files.toSorted((a, b) => compare(a.name, b.name))) {
    const parts = file.name.split("/");
    const name = parts.pop()!, folder = parts.join("/");
    if (name.startsWith(".") || parts[0] === "__MACOSX") continue;
    if (!isImageName(name) && !isUnreadName(name) && !isSegFile(file)) continue;
    const found = byFolder.get(folder) ?? [];
    byFolder.set(folder, found);
    found.push(file);
  }
  for (const [folder, found] of byFolder) {
    byFolder.set(folder, withoutConverted(found));
  }
  return byFolder;
}

/** Files but for those that lie beside what they were converted to. */
function withoutConverted(files: readonly DatasetFile[]): DatasetFile[] {
  const isUnread = ({ name }: DatasetFile) => isUnreadName(name);
  const keys = new Set(
    files.filter((file) => !isUnread(file)).map((file) =>
      nameKey(stemOf(file))
    ),
  );
  return files.filter((file) =>
    !isUnread(file) || !keys.has(nameKey(stemOf(file)))
  );
}

/** Groups by what their folders are called. */
function namedGroups(
  byFolder: ReadonlyMap<string, readonly DatasetFile[]>,
): Group[] {
  const groups = new Map<
    string,
    Group & Record<"images" | "masks", DatasetFile[]>
  >();
  for (const [path, files] of byFolder) {
    const parts = path.split("/");
    const kind = folders.get(parts.pop()!.toLowerCase());
    if (!kind) continue;
    const { role, isNnUnet } = kind, parent = parts.join("/");
    const key = `${isNnUnet} ${parent}`;
    const group = groups.get(key) ??
      { parent, isNnUnet, images: [], masks: [] };
    groups.set(key, group);
    for (const file of files) {
      group[isSegFile(file) ? "masks" : role].push(file);
    }
  }
  return [...groups.values()];
}

/** Masks may lie in `images/` too, if nowhere else. */
function withMasksBeside(group: Group): Group {
  if (group.masks.length > 0) return group;
  const [paired] = pairedFolder(group.parent, group.images);
  return paired ?? group;
}

/** A folder of images with their masks beside them; none if it has no pair. */
function pairedFolder(
  parent: string,
  files: readonly DatasetFile[],
): Group[] {
  const names = new Set(files.map((file) => nameKey(stemOf(file))));
  const isOf = (image: string | undefined): boolean =>
    image !== undefined && names.has(nameKey(image));
  const isMask = (file: DatasetFile): boolean =>
    isOf(imageOfMask(stemOf(file)));
  const masks = files.filter(isMask);
  if (masks.length === 0) return [];
  const masked = new Set(masks.map((mask) => imageOfMask(stemOf(mask))));
  const images = files.filter((file) => {
    const stem = stemOf(file);
    return !isMask(file) && (masked.has(stem) || !isOf(imageOfCompanion(stem)));
  });
  return [{ parent, isNnUnet: false, images, masks }];
}

/** Whether a folder holds one image and its nuclei, rather than many pairs. */
function looksLikeKaggle({ parent, isNnUnet, images, masks }: Group): boolean {
  if (isNnUnet || parent === "" || images.length > 1) return false;
  const [image] = images, [mask] = masks;
  if (!image || !mask || masks.length > 1) return true;
  const stem = stemOf(mask), wanted = nameKey(stemOf(image));
  const isPair = stemOf(image) !== basename(parent) &&
    [stem, imageOfMask(stem) ?? stem].some((name) => nameKey(name) === wanted);
  return !isPair;
}

function kaggleCases(groups: readonly Group[]): Map<string, Case> {
  const cases = new Map<string, Case>();
  for (const { parent, images, masks } of groups) {
    add(cases, { id: basename(parent), layout: "kaggle", images, masks });
  }
  return cases;
}

function pairCases(groups: readonly Group[]): Map<string, Case> {
  const cases = new Map<string, Case>();
  for (const { parent, isNnUnet, images, masks } of groups) {
    const prefix = groups.length > 1 && parent !== "" ? `${parent}/` : "";
    const areChannels = isNnUnet || areChannelFiles(images, masks);
    const nameOf = (image: DatasetFile) =>
      areChannels ? withoutChannel(stemOf(image)) : stemOf(image);
    const names = new ImageNames(images.map(nameOf));
    for (const image of images) {
      const id = prefix + nameOf(image);
      add(cases, { id, layout: "pairs", images: [image], masks: [] });
    }
    for (const mask of masks) {
      const stem = stemOf(mask), id = names.find(stem);
      const isCompanion = id === undefined &&
        names.find(imageOfCompanion(stem) ?? "") !== undefined;
      if (isCompanion) continue;
      const name = prefix + (id ?? stem);
      add(cases, { id: name, layout: "pairs", images: [], masks: [mask] });
    }
  }
  return cases;
}

/**
 * Whether images are named as nnU-Net names channels, in other folders than
 * its: each with a channel's number, and every mask without one.
 */
function areChannelFiles(
  images: readonly DatasetFile[],
  masks: readonly DatasetFile[],
): boolean {
  const bare = new Set(
    images.map((image) => nameKey(withoutChannel(stemOf(image)))),
  );
  return images.length > 0 && masks.length > 0 &&
    images.every((image) => isChannelName(stemOf(image))) &&
    masks.every((mask) => {
      const stem = stemOf(mask);
      return [stem, imageOfMask(stem) ?? stem].some((one) =>
        bare.has(nameKey(one))
      );
    });
}

/** The names of a group's images, and which of them a mask's name means. */
class ImageNames {
  readonly #names: ReadonlySet<string>;
  readonly #byKey: ReadonlyMap<string, string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#byKey = new Map(names.map((name) => [nameKey(name), name]));
  }

  /** The image of a mask: by its whole name before the one without a suffix. */
  find(stem: string): string | undefined {
    const bare = imageOfMask(stem);
    const names = bare === undefined ? [stem] : [stem, bare];
    return names.find((name) => this.#names.has(name)) ??
      names.map((name) => this.#byKey.get(nameKey(name)))
        .find((name) => name !== undefined);
  }
}

/** Adds to the case of an id, so that two of one id meet in one case. */
function add(
  cases: Map<string, Case>,
  found: Pick<Case, "id" | "layout" | "images" | "masks">,
): void {
  const known = cases.get(found.id);
  cases.set(found.id, {
    id: found.id,
    layout: found.layout,
    images: [...known?.images ?? [], ...found.images],
    masks: [...known?.masks ?? [], ...found.masks],
  });
}

/** By code units, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
