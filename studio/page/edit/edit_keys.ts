import { useEffect } from "preact/hooks";
import type { Key } from "../keys.tsx";
import { edit, editing } from "./editing.ts";
import { hand, movePen, tapPen } from "./pen.ts";
import { resizeBrush, tool, tools } from "./tools.ts";

/** Keys that choose tools and sizes. */
export const toolKeys: readonly Key[] = [
  ...tools.map(({ name, label, key }): Key => ({
    key,
    words: key.toUpperCase(),
    help: label.toLowerCase(),
    act: () => tool.value = name,
  })),
  { key: "[", words: "[", help: "smaller brush", act: () => resizeBrush(-1) },
  { key: "]", words: "]", help: "larger brush", act: () => resizeBrush(1) },
];

/** What other keys do while a tool is chosen, for the list of keys. */
export const penKeys: readonly Pick<Key, "words" | "help">[] = [
  { words: "Arrows", help: "move the pen; with Shift by a pixel" },
  { words: "Enter", help: "put the pen down or lift it; corner of a polygon" },
  { words: "C", help: "close the polygon" },
  { words: "Backspace", help: "remove the last corner" },
  { words: "Esc", help: "cancel what is drawn, then the tool" },
  { words: "Space", help: "held: drag the image" },
  { words: "Ctrl+Z", help: "undo" },
  { words: "Ctrl+Shift+Z", help: "redo" },
];

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Listens to the keys of the pen, and to undo and redo. */
export function usePenKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyped = target instanceof HTMLInputElement ||
        target instanceof HTMLSelectElement ||
        target instanceof HTMLElement &&
          target.closest("dialog, [role=grid]") !== null;
      if (isTyped && !isHistory(event)) return;
      const isButton = target instanceof HTMLButtonElement;
      const act = actOf(event, isButton);
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    // Before the viewer, which would move the image.
    addEventListener("keydown", press, { capture: true });
    return () => removeEventListener("keydown", press, { capture: true });
  }, []);
}

function isHistory({ ctrlKey, metaKey, key }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && /^[zy]$/i.test(key);
}

function actOf(
  event: KeyboardEvent,
  isButton: boolean,
): (() => void) | undefined {
  const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
  if (isHistory(event) && !altKey) {
    if (editing.value === null) return undefined;
    const isRedo = shiftKey || key.toLowerCase() === "y";
    return () => edit({ tool: isRedo ? "redo" : "undo" });
  }
  if (altKey || ctrlKey || metaKey || tool.value === "move") return undefined;
  const arrow = Object.hasOwn(arrows, key) ? arrows[key] : undefined;
  if (arrow) return () => movePen(arrow, shiftKey);
  switch (key) {
    case "Enter":
      return isButton ? undefined : enter;
    case "c":
      return () => hand.value?.close();
    case "Backspace":
      return () => hand.value?.back();
    case "Escape":
      return escape;
    case " ":
      return isButton ? undefined : () => {};
    default:
      return undefined;
  }
}

/** A corner of a polygon is a press without a way. */
function enter(): void {
  tapPen();
  if (tool.value === "polygon" && hand.value?.isPressed) hand.value.release();
}

function escape(): void {
  if (hand.value?.isBusy) hand.value.cancel();
  else tool.value = "move";
}
