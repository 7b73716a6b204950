import { signal } from "@preact/signals";
import type { Paint } from "../../masks/operation.ts";

/** What a pointer does on the image. */
export type ToolName =
  | "move"
  | "brush"
  | "eraser"
  | "unlabeled"
  | "polygon"
  | "split"
  | "merge"
  | "fill"
  | "class"
  | "delete";

/** A tool, as the page shows it. */
export interface Tool {
  /** Its name. */
  readonly name: ToolName;
  /** What is written on it. */
  readonly label: string;
  /** Its key. */
  readonly key: string;
  /** How it is used, in a sentence. */
  readonly hint: string;
}

/** All tools. */
export const tools: readonly Tool[] = [
  {
    ...{ name: "move", label: "Move", key: "v" },
    hint: "Drag to move the image.",
  },
  {
    ...{ name: "brush", label: "Brush", key: "b" },
    hint: "Start beside objects for a new one, on an object to extend it.",
  },
  {
    ...{ name: "eraser", label: "Eraser", key: "e" },
    hint: "Paint background over any object.",
  },
  {
    ...{ name: "unlabeled", label: "Unlabeled", key: "u" },
    hint: "Paint areas that are not annotated: training skips them.",
  },
  {
    ...{ name: "polygon", label: "Polygon", key: "p" },
    hint: "Click corners or draw; C or a double-click closes it.",
  },
  {
    ...{ name: "split", label: "Split", key: "x" },
    hint: "Draw a line across an object, from edge to edge.",
  },
  {
    ...{ name: "merge", label: "Merge", key: "g" },
    hint: "Draw a line from one object to another.",
  },
  {
    ...{ name: "fill", label: "Fill holes", key: "f" },
    hint: "Click an object.",
  },
  {
    ...{ name: "class", label: "Class", key: "l" },
    hint: "Choose or type a class, then click objects or draw across several.",
  },
  {
    ...{ name: "delete", label: "Delete", key: "d" },
    hint: "Click an object, or draw across several.",
  },
];

/** The tool that is chosen. */
export const tool = signal<ToolName>("move");

/** The size of brush and eraser, in image pixels. */
export const brushSize = signal(12);

/** The largest size that is offered. */
export const largestSize = 200;

/** Whether brush and polygon paint over other objects. */
export const paintsOver = signal(false);

/** The class that objects get; empty takes it away. */
export const className = signal("");

/** What a polygon becomes. */
export const polygonAs = signal<Paint>("object");

/** The next larger or smaller size: by a fifth, at least by 1. */
export function resizeBrush(by: 1 | -1): void {
  const size = brushSize.value;
  const step = Math.max(1, Math.round(size / 5));
  brushSize.value = Math.min(largestSize, Math.max(1, size + by * step));
}

/** What the brush of a tool leaves behind; null for one without a brush. */
export function paintOf(name: ToolName): Paint | null {
  return name === "brush"
    ? "object"
    : name === "eraser"
    ? "background"
    : name === "unlabeled"
    ? "unlabeled"
    : null;
}
