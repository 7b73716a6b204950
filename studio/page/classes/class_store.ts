import { computed, effect, signal, untracked } from "@preact/signals";
import type { ShownClasses } from "../../server/class_routes.ts";
import { askJson } from "../api.ts";
import { orShowFault, shown } from "../store.ts";
import { type ColorBy, noClass, ObjectClasses } from "./object_classes.ts";

/** The classes of the mask that is shown; null before they are known. */
export const objectClasses = signal<ObjectClasses | null>(null);

/** By what masks are colored whose objects have classes. */
export const colorBy = signal<ColorBy>("class");

/** The classes that are not shown. */
export const hiddenClasses = signal<ReadonlySet<string>>(new Set());

/** Counts the edits that changed classes, so that the legend follows. */
export const classEdits = signal(0);

/** The classes of the image that is shown; null where it has none. */
export const shownClasses = computed(() => {
  // Read, for an edit may give the first class.
  classEdits.value;
  const known = objectClasses.value;
  const isIts = known !== null && known.image === shown.value?.name;
  return isIts && known.names.length > 0 ? known : null;
});

/**
 * The color of each number of the mask that is shown, and a name for all of
 * them; null where each object has a color of its own.
 */
export const coloring = computed(() => {
  const classes = shownClasses.value;
  if (!classes) return null;
  // The numbers of a class map are no objects.
  const by = classes.kind === "map" ? "class" : colorBy.value;
  const hidden = hiddenClasses.value;
  if (by === "object" && hidden.size === 0) return null;
  return {
    key: JSON.stringify([by, ...hidden]),
    pixelOf: (label: number) => classes.pixelOf(label, { by, hidden }),
  };
});

/** Shows a class, or hides it. */
export function toggleShown(name: string): void {
  const hidden = new Set(hiddenClasses.value);
  if (!hidden.delete(name)) hidden.add(name);
  hiddenClasses.value = hidden;
}

/** Colors by the other of object and class. */
export function toggleColorBy(): void {
  colorBy.value = colorBy.value === "class" ? "object" : "class";
}

/** Takes the classes that an edit gave objects. */
export function takeClasses(
  changes: readonly (readonly [object: number, name: string])[],
): void {
  objectClasses.value?.take(changes);
  classEdits.value++;
}

/** Keeps the classes up to date with the image and its mask. */
export function followClasses(): void {
  effect(() => {
    const image = shown.value;
    untracked(() => {
      if (image === null) return;
      if (objectClasses.value?.image !== image.name) {
        objectClasses.value = null;
        hiddenClasses.value = new Set();
      }
      orShowFault(load(image.name));
    });
  });
}

async function load(name: string): Promise<void> {
  const found = await askJson<ShownClasses>("/api/classes", { name });
  if (shown.value?.name !== name) return;
  // The same ones would have the mask drawn anew.
  if (objectClasses.value?.isAs(name, found)) return;
  objectClasses.value = new ObjectClasses(name, found);
}

/** What is written for a class. */
export function wordsOfClass(name: string): string {
  return name === noClass ? "No class" : name;
}
