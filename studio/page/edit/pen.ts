import { signal } from "@preact/signals";
import { shown, view } from "../store.ts";
import type { Place } from "./draw_preview.ts";

/** Where the keyboard's pen is, in whole image pixels; null without. */
export const pen = signal<Place | null>(null);

/** What a pointer or the pen does on the image. */
export interface Hand {
  /** Begins at a pixel. */
  press(x: number, y: number): void;
  /** Goes to a pixel while pressed. */
  drag(x: number, y: number): void;
  /** Ends. */
  release(): void;
  /** Ends a polygon. */
  close(): void;
  /** Takes the last corner of a polygon back. */
  back(): void;
  /** Leaves what was begun. */
  cancel(): void;
  /** Whether it is pressed. */
  readonly isPressed: boolean;
  /** Whether something is begun. */
  readonly isBusy: boolean;
  /** Brings a pixel into sight. */
  show(x: number, y: number): void;
}

/** The viewer's hand, once there is a viewer. */
export const hand = signal<Hand | null>(null);

/** Screen pixels of a step. */
const stride = 8;

/** Moves the pen by steps, or by single pixels; it begins in the middle. */
export function movePen(
  [columns, rows]: readonly [number, number],
  isFine: boolean,
): void {
  const image = shown.value, seen = view.value;
  if (!image || !seen) return;
  const step = isFine ? 1 : Math.max(1, Math.round(stride / seen.zoom));
  const from = pen.value ?? {
    x: Math.round(seen.x + seen.width / 2),
    y: Math.round(seen.y + seen.height / 2),
  };
  const at = (value: number, most: number) =>
    Math.min(most - 1, Math.max(0, value));
  const x = at(from.x + columns * step, image.width);
  const y = at(from.y + rows * step, image.height);
  pen.value = { x, y };
  hand.value?.show(x, y);
  if (hand.value?.isPressed) hand.value.drag(x, y);
}

/** Puts the pen down where it is, or lifts it. */
export function tapPen(): void {
  const own = hand.value;
  if (!own) return;
  if (pen.value === null) movePen([0, 0], true);
  if (own.isPressed) own.release();
  else own.press(pen.value!.x, pen.value!.y);
}
