import { effect, signal } from "@preact/signals";
import type { ObjectSettings } from "@unet/app/object-options";
import type { ShownPrediction } from "../images/shown_image.ts";
import type {
  ImagePart,
  ObjectsAnswer,
  ObjectsQuestion,
} from "./objects_messages.ts";
import {
  fault,
  maskStyle,
  prediction,
  shown,
  type View,
  view,
} from "./store.ts";

/** What a person tries with the sliders; null where that is saved. */
export const draft = signal<ObjectSettings | null>(null);

/** The objects that the draft finds. */
export const found = signal<ObjectsAnswer | null>(null);

/** Whether the view is too large for the sliders to follow. */
export const isTooLarge = signal(false);

/** The most pixels that are looked at anew: a view of 2048×2048. */
const mostPixels = 2 ** 22;

/** Around a view, so that objects at its edge are whole. */
const margin = 48;

let worker: Worker | null = null;

/** What is to be found next, and whether the worker is busy. */
let next: ObjectsQuestion | null = null, isBusy = false;

/** Finds the objects of the draft anew, whenever it or the view changes. */
export function followDraft(): void {
  effect(() => {
    const settings = draft.value, image = shown.value;
    const known = prediction.value, style = maskStyle.value;
    if (!settings || !image || !known || style === "none") {
      next = null;
      found.value = null;
      return;
    }
    const part = partOf(known, view.value);
    isTooLarge.value = part === null;
    if (part === null) return;
    const { heads, scaled } = known;
    const version = `${image.versions.image} ${known.model}`;
    ask({
      ...{ name: image.name, version, heads, part, settings, scaled, style },
    });
  });
}

/** The whole image where it is small, else what is seen of it. */
function partOf(
  { width, height }: ShownPrediction,
  seen: View | null,
): ImagePart | null {
  if (width * height <= mostPixels) return { x: 0, y: 0, width, height };
  if (seen === null) return null;
  const x = Math.max(0, Math.floor(seen.x) - margin);
  const y = Math.max(0, Math.floor(seen.y) - margin);
  const part = {
    ...{ x, y },
    width: Math.min(width, Math.ceil(seen.x + seen.width) + margin) - x,
    height: Math.min(height, Math.ceil(seen.y + seen.height) + margin) - y,
  };
  const isSeen = part.width > 0 && part.height > 0;
  return isSeen && part.width * part.height <= mostPixels ? part : null;
}

function ask(question: ObjectsQuestion): void {
  next = question;
  worker ??= openWorker();
  if (!isBusy) post();
}

function post(): void {
  if (next === null) return;
  isBusy = true;
  worker!.postMessage(next);
  next = null;
}

function openWorker(): Worker {
  const own = new Worker("/worker.js", { type: "module" });
  own.onmessage = (
    { data }: MessageEvent<ObjectsAnswer | { readonly fault: string }>,
  ) => {
    isBusy = false;
    if ("fault" in data) fault.value = data.fault;
    else if (draft.value) found.value = data;
    // Positions in between are skipped.
    post();
  };
  return own;
}
