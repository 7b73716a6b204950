import { computed, signal } from "@preact/signals";
import type { ViewChoice } from "@unet/app/view";
import type { IntensityRange } from "@unet/data";
import type { JobState } from "../jobs/jobs.ts";
import type { ShownImage, ShownPrediction } from "../images/shown_image.ts";
import type { ListedImage } from "../folder/image_list.ts";
import type { ImageState } from "../folder/image_states.ts";
import { askJson, type Folder, send } from "./api.ts";

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

/** How masks are drawn. */
export type MaskStyle = "none" | "outlines" | "fills";

/** All of them, in the order in which the key goes through them. */
export const maskStyles: readonly MaskStyle[] = ["outlines", "fills", "none"];

/** The image that is shown, as far as it is known. */
export const shown = signal<ShownImage | null>(null);

/** The image that was chosen and of which nothing is drawn yet. */
export const awaited = signal<string | null>(null);

/** Which plane and time point are shown. */
export const choice = signal<ViewChoice>({});

/** The channel that the network sees; null for what the model was trained on. */
export const channel = signal<string | null>(null);

/** The ranges that a person set; null for the image's own. */
export const contrast = signal<readonly IntensityRange[] | null>(null);

/** How masks are drawn. */
export const maskStyle = signal<MaskStyle>("outlines");

/** How opaque fills are. */
export const maskOpacity = signal(0.5);

/** The part of the image that is seen, in its pixels. */
export const view = signal<View | null>(null);

/** A part of an image, and how large it is drawn. */
export interface View {
  /** Screen pixels per image pixel. */
  readonly zoom: number;
  /** The first column. */
  readonly x: number;
  /** The first row. */
  readonly y: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** The pixel under the cursor. */
export const cursor = signal<{ readonly x: number; readonly y: number } | null>(
  null,
);

/** Zooms the viewer by a factor; null shows the whole image. */
export const zoom = signal<(factor: number | null) => void>(() => {});

/** Whether the list of keys is shown. */
export const isHelpShown = signal(false);

/** Shows the next way to draw masks. */
export function nextMaskStyle(): void {
  const at = maskStyles.indexOf(maskStyle.value);
  maskStyle.value = maskStyles[(at + 1) % maskStyles.length]!;
}

/** Reads what is known of the selected image. */
export async function loadShown(): Promise<void> {
  const name = selected.value;
  if (name === null) {
    shown.value = null;
    return;
  }
  const found = await askJson<ShownImage & { readonly listed: ListedImage }>(
    "/api/image",
    { name, ...choice.value },
  );
  // Another image may have been selected in the meantime.
  if (selected.value !== name) return;
  shown.value = found;
  updateImage(found.listed);
}

/** The models there are. */
export const models = signal<readonly string[]>([]);

/** The model that is chosen. */
export const model = signal<string | null>(null);

/** The job under way, or the last one. */
export const job = signal<JobState | null>(null);

/** What was predicted of the image that is shown. */
export const prediction = signal<ShownPrediction | null>(null);

/** Counts predictions, so that a heat map of before is not shown. */
export const predictionVersion = signal(0);

/** Whether the probability is shown. */
export const isHeatShown = signal(false);

/** The model that is chosen at first, if it is there. */
const usualModel = "nuclei";

/** Reads which models there are, and what is under way. */
export async function loadModels(): Promise<void> {
  models.value = await askJson<string[]>("/api/models");
  model.value ??= models.value.includes(usualModel) &&
      !models.value[0]!.includes("/")
    ? usualModel
    : models.value[0] ?? null;
  job.value = await askJson<JobState | null>("/api/job");
}

/** Reads what was predicted of the selected image, if anything was. */
export async function loadPrediction(): Promise<void> {
  const name = selected.value;
  const found = name === null
    ? null
    : await askJson<ShownPrediction | null>("/api/prediction", { name });
  if (selected.value !== name) return;
  prediction.value = found;
  predictionVersion.value++;
}

/** Accepts the mask of the image that is shown, or takes that back. */
export async function toggleAccepted(): Promise<void> {
  const name = selected.value;
  const image = images.value.find((each) => each.name === name);
  if (!image || image.state === "none") return;
  const accepted = image.state !== "accepted";
  updateImage(await send<ListedImage>("/api/accept", { name, accepted }));
}
