import type { JSX } from "preact";
import { images, orShowFault, selected } from "../store.ts";
import {
  addRegion,
  hasRegions,
  isDrawingRegion,
  isSavingRegion,
  seenPart,
  shownRegion,
} from "./region_store.ts";

/** Parts of a large image, which are predicted and corrected on their own. */
export function RegionPanel(): JSX.Element | null {
  const region = shownRegion.value;
  if (!region && !hasRegions.value) return null;
  return (
    <section aria-labelledby="regions">
      <h2 id="regions">Regions</h2>
      {region ? <Origin /> : <NewRegion />}
    </section>
  );
}

function NewRegion(): JSX.Element {
  return (
    <>
      <div class="buttons">
        <button
          type="button"
          aria-pressed={isDrawingRegion.value}
          disabled={isSavingRegion.value}
          onClick={() => isDrawingRegion.value = !isDrawingRegion.value}
        >
          Draw a region
        </button>
        <button
          type="button"
          disabled={isSavingRegion.value}
          onClick={() => orShowFault(addRegion(seenPart()))}
        >
          The part in view
        </button>
      </div>
      <p class="note" role="status">
        {isSavingRegion.value
          ? "Saving the region …"
          : isDrawingRegion.value
          ? "Drag from one corner to the other."
          : "A region becomes an image of its own: predict, correct and train on it."}
      </p>
    </>
  );
}

function Origin(): JSX.Element {
  const { of, x, y } = shownRegion.value!;
  const isThere = images.value.some(({ name }) => name === of);
  return (
    <>
      <p class="note">A region of {of}, from x {x}, y {y}.</p>
      {isThere && (
        <div class="buttons">
          <button type="button" onClick={() => selected.value = of}>
            Show whole image
          </button>
        </div>
      )}
    </>
  );
}
