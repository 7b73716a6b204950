import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { filter, images, selected } from "./store.ts";

/** The model's least certain prediction, but for the one shown. */
const least = computed(() => {
  let found: string | null = null, most = -1;
  for (const { name, doubt } of images.value) {
    if (doubt === undefined || doubt <= most || name === selected.value) {
      continue;
    }
    most = doubt;
    found = name;
  }
  return found;
});

/** Shows the image of whose prediction the model is least sure. */
export function goToNextToCorrect(): void {
  const name = least.value;
  if (name === null) return;
  if (filter.value !== "predicted") filter.value = "all";
  selected.value = name;
}

/** Proposes the image from which a model learns most. */
export function NextToCorrect(): JSX.Element | null {
  if (least.value === null) return null;
  return (
    <div class="next">
      <button
        type="button"
        title="The model's least certain prediction"
        onClick={goToNextToCorrect}
      >
        Next to correct
      </button>
    </div>
  );
}
