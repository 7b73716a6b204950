import type { JSX } from "preact";
import { scaleOf } from "./scale_of.ts";
import { shown, view } from "./store.ts";

/** How long a round number of micrometers is; nothing where that is unknown. */
export function ScaleBar(): JSX.Element | null {
  const pixelSize = shown.value?.pixelSize, seen = view.value;
  if (!pixelSize || !seen) return null;
  const { length, words } = scaleOf(seen.zoom / pixelSize.x);
  return (
    <div class="scale">
      <div style={{ width: `${length}px` }} />
      {words}
    </div>
  );
}
