import { computed, effect, signal } from "@preact/signals";
import type { Rectangle } from "@unet/data";
import type { ListedImage } from "../../folder/image_list.ts";
import type { ShownImage } from "../../images/shown_image.ts";
import { askJson, send } from "../api.ts";
import { tool } from "../edit/tools.ts";
import {
  images,
  loadFolder,
  orShowFault,
  selected,
  shown,
  view,
} from "../store.ts";

/** Whether the next drag on the image draws a region. */
export const isDrawingRegion = signal(false);

/** Whether a region is being saved. */
export const isSavingRegion = signal(false);

/** The image that is shown, as a region of another one; null if it is none. */
export const shownRegion = computed(() => {
  const name = shown.value?.name;
  return images.value.find((one) => one.name === name)?.region ?? null;
});

/** The regions of the image that is shown. */
export const ownRegions = computed((): readonly ListedImage[] => {
  const name = shown.value?.name;
  if (name === undefined) return [];
  return images.value.filter(({ region }) => region?.of === name);
});

/** The image around the region that is shown, once it is known. */
export const surroundings = signal<ShownImage | null>(null);

/** Images of more pixels offer regions. */
const largeFrom = 2 ** 22;

/** Whether regions can be drawn on the image that is shown. */
export const hasRegions = computed(() => {
  const image = shown.value;
  if (!image || shownRegion.value) return false;
  return image.width * image.height > largeFrom || ownRegions.value.length > 0;
});

/** The part of the image that is seen; null where none is. */
export function seenPart(): Rectangle | null {
  const image = shown.value, seen = view.value;
  return image && seen && partWithin(image, seen);
}

/** The whole pixels of a part that are within an image; null without any. */
export function partWithin(
  image: Pick<Rectangle, "width" | "height">,
  part: Rectangle,
): Rectangle | null {
  const x = Math.max(0, Math.floor(part.x));
  const y = Math.max(0, Math.floor(part.y));
  const width = Math.min(image.width, Math.ceil(part.x + part.width)) - x;
  const height = Math.min(image.height, Math.ceil(part.y + part.height)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** Saves a region of the image that is shown, and shows it. */
export async function addRegion(part: Rectangle | null): Promise<void> {
  const image = shown.value;
  isDrawingRegion.value = false;
  if (!image || !part || isSavingRegion.value) return;
  isSavingRegion.value = true;
  try {
    const { plane, time } = image.choice;
    const { name } = await send<{ readonly name: string }>("/api/region", {
      ...{ name: image.name, ...part },
      ...(plane !== undefined && { plane }),
      ...(time !== undefined && { time }),
    });
    await loadFolder();
    if (selected.value === image.name) selected.value = name;
  } finally {
    isSavingRegion.value = false;
  }
}

/** Keeps the surroundings of a region up to date, and ends drawing. */
export function followRegions(): void {
  effect(() => {
    const region = shownRegion.value;
    const isThere = images.value.some(({ name }) => name === region?.of);
    if (surroundings.peek()?.name === region?.of) return;
    surroundings.value = null;
    if (region && isThere) orShowFault(loadSurroundings(region.of));
  });
  effect(() => {
    selected.value;
    isDrawingRegion.value = false;
  });
  effect(() => {
    if (isDrawingRegion.value) tool.value = "move";
  });
}

async function loadSurroundings(of: string): Promise<void> {
  const { plane, time } = shownRegion.value!;
  const found = await askJson<ShownImage>("/api/image", {
    ...{ name: of, plane, time },
  });
  if (shownRegion.value?.of === of) surroundings.value = found;
}
