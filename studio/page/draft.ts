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
    const settings = draft.value;
    const question = settings && questionOf(settings);
    if (question === null) {
      next = null;
      found.value = null;
      return;
    }
    const { part } = question;
    isTooLarge.value = part === null;
    if (part !== null) ask({ ...question, part, isAhead: false });
  });
}

/** Reads the probabilities before a slider moves, so that it redraws at once. */
export function readAhead(): void {
  const { saved } = prediction.value ?? {};
  const question = saved && !draft.value ? questionOf(saved) : null;
  if (question?.part) ask({ ...question, part: question.part, isAhead: true });
}

/** What is asked of the view; no part where it is too large, null without one. */
function questionOf(
  settings: ObjectSettings,
):
  | Omit<ObjectsQuestion, "part" | "isAhead"> & {
    readonly part: ImagePart | null;
  }
  | null {
  const image = shown.value, known = prediction.value;
  const style = maskStyle.value;
  if (!image || !known || style === "none") return null;
  const { heads, scaled } = known;
  return {
    ...{ name: image.name, heads, settings, scaled, style },
    version: `${image.versions.image} ${known.model}`,
    part: partOf(known, view.value),
  };
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
    { data }: MessageEvent<ObjectsAnswer | { readonly fault: string } | null>,
  ) => {
    isBusy = false;
    if (data === null) return post();
    if ("fault" in data) fault.value = data.fault;
    else if (draft.value) found.value = data;
    // Positions in between are skipped.
    post();
  };
  return own;
}
