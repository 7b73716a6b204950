import { computed, signal } from "@preact/signals";
import type { ListedImage } from "../folder/image_list.ts";
import type { ImageState } from "../folder/image_states.ts";
import { askJson, type Folder } from "./api.ts";

/** The folder, once it is known. */
export const folder = signal<Omit<Folder, "images"> | null>(null);

/** Its images. */
export const images = signal<readonly ListedImage[]>([]);

/** The name of the image that is shown. */
export const selected = signal<string | null>(null);

/** Which images are listed. */
export const filter = signal<ImageState | "all">("all");

/** What went wrong last, for the person. */
export const fault = signal<string | null>(null);

/** How many images there are of each state. */
export const counts = computed(() => {
  const found = { all: 0, none: 0, predicted: 0, corrected: 0, accepted: 0 };
  for (const { state } of images.value) {
    found[state]++;
    found.all++;
  }
  return found;
});

/** The images that the filter takes. */
export const listed = computed(() =>
  filter.value === "all"
    ? images.value
    : images.value.filter(({ state }) => state === filter.value)
);

/** Shows what went wrong instead of letting it pass. */
export async function orShowFault(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    fault.value = error instanceof Error ? error.message : String(error);
  }
}

/** Looks what is in the folder; keeps the choice where it is still there. */
export async function loadFolder(): Promise<void> {
  const { images: found, ...rest } = await askJson<Folder>("/api/folder");
  folder.value = rest;
  images.value = found;
  const isThere = found.some(({ name }) => name === selected.value);
  if (!isThere) selected.value = found[0]?.name ?? null;
}

/** Takes what became of one image. */
export function updateImage(changed: ListedImage): void {
  images.value = images.value.map((image) =>
    image.name === changed.name ? changed : image
  );
}

/** Selects the next image of the list, or the one before. */
export function step(by: 1 | -1): void {
  const list = listed.value;
  const at = list.findIndex(({ name }) => name === selected.value);
  const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
  if (next) selected.value = next.name;
}
