import { basename, extname } from "@std/path";
import type { DatasetFile } from "./dataset_file.ts";
import type { Case, Layout } from "./case.ts";

const imageFile = /\.(png|jpe?g|tiff?|webp|gif|bmp)$/i;

/** `a_mask.png` is the mask of `a.jpg`. */
const maskSuffix = /[_-](masks?|labels?)$/i;

/** The images and masks of one folder that holds `images/` or `masks/`. */
interface Group {
  readonly parent: string;
  readonly images: DatasetFile[];
  readonly masks: DatasetFile[];
}

/** Recognizes the layout of files and sorts them into cases, by id. */
export function findCases(
  files: readonly DatasetFile[],
): { layout: Layout; cases: Case[] } {
  const groups = groupsOf(files);
  const kaggle = groups.filter(looksLikeKaggle).length;
  const layout = kaggle * 2 > groups.length ? "kaggle" : "pairs";
  const cases = layout === "kaggle" ? kaggleCases(groups) : pairCases(groups);
  const sorted = [...cases.values()].sort((a, b) => compare(a.id, b.id));
  return { layout, cases: sorted };
}

function groupsOf(files: readonly DatasetFile[]): Group[] {
  const groups = new Map<string, Group>();
  const sorted = files.toSorted((a, b) => compare(a.name, b.name));
  for (const file of sorted) {
    const parts = file.name.split("/");
    const name = parts.pop()!, folder = parts.pop();
    if (folder !== "images" && folder !== "masks") continue;
    if (name.startsWith(".") || parts[0] === "__MACOSX") continue;
    if (!imageFile.test(name)) continue;
    const parent = parts.join("/");
    let group = groups.get(parent);
    if (!group) {
      group = { parent, images: [], masks: [] };
      groups.set(parent, group);
    }
    group[folder].push(file);
  }
  return [...groups.values()];
}

/** Whether a folder holds one image and its nuclei, rather than many pairs. */
function looksLikeKaggle({ parent, images, masks }: Group): boolean {
  if (parent === "" || images.length > 1) return false;
  const [image] = images, [mask] = masks;
  const isPair = image && mask && masks.length === 1 &&
    stem(image) !== basename(parent) &&
    stem(mask).replace(maskSuffix, "") === stem(image);
  return !isPair;
}

function kaggleCases(groups: readonly Group[]): Map<string, Case> {
  const cases = new Map<string, Case>();
  for (const { parent, images, masks } of groups) {
    add(cases, basename(parent), "kaggle", images, masks);
  }
  return cases;
}

function pairCases(groups: readonly Group[]): Map<string, Case> {
  const cases = new Map<string, Case>();
  for (const { parent, images, masks } of groups) {
    const prefix = groups.length > 1 && parent !== "" ? `${parent}/` : "";
    const stems = new Set(images.map(stem));
    for (const image of images) {
      add(cases, prefix + stem(image), "pairs", [image], []);
    }
    for (const mask of masks) {
      const bare = stem(mask).replace(maskSuffix, "");
      const id = !stems.has(stem(mask)) && stems.has(bare) ? bare : stem(mask);
      add(cases, prefix + id, "pairs", [], [mask]);
    }
  }
  return cases;
}

/** Adds to the case of an id, so that two of one id meet in one case. */
function add(
  cases: Map<string, Case>,
  id: string,
  layout: Layout,
  images: readonly DatasetFile[],
  masks: readonly DatasetFile[],
): void {
  const known = cases.get(id);
  cases.set(id, {
    id,
    layout,
    images: [...known?.images ?? [], ...images],
    masks: [...known?.masks ?? [], ...masks],
  });
}

function stem(file: DatasetFile): string {
  const name = basename(file.name);
  return name.slice(0, name.length - extname(name).length);
}

/** By code units, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
