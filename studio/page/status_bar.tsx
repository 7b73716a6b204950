import { type Signal, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { unlabeled } from "@unet/data/class-target";
import { askJson } from "./api.ts";
import { shownClasses } from "./classes/class_store.ts";
import { cursor, orShowFault, shown, view, zoom } from "./store.ts";

/** What the image and its mask are under the cursor. */
interface Pixel {
  readonly values: readonly string[];
  readonly label: number;
}

const pixel: Signal<Pixel | null> = signal(null);

/** The least milliseconds between two questions about the pixel. */
const patience = 80;

/** The pixel under the cursor, the zoom and the size of the image. */
export function StatusBar(): JSX.Element {
  usePixel();
  const image = shown.value, place = cursor.value, found = pixel.value;
  return (
    <footer>
      <span class="place">
        {place ? `x ${place.x}, y ${place.y}` : ""}
        {place && found ? `: ${found.values.join(", ")}` : ""}
        {place && found && found.label > 0 ? wordsOfLabel(found.label) : ""}
      </span>
      <span class="space" />
      {image && (
        <span>{image.width} × {image.height}, {depthOf(image.depth)}</span>
      )}
      <span class="zoom">
        {view.value ? `${Math.round(100 * view.value.zoom)} %` : ""}
      </span>
      <button
        type="button"
        aria-label="Zoom out"
        onClick={() => zoom.value(1 / 1.5)}
      >
        −
      </button>
      <button
        type="button"
        aria-label="Zoom in"
        onClick={() => zoom.value(1.5)}
      >
        +
      </button>
      <button type="button" onClick={() => zoom.value(null)}>Fit</button>
    </footer>
  );
}

/** As in ", object 7, tumor"; of a class map, the class alone. */
function wordsOfLabel(label: number): string {
  if (label === unlabeled) return ", unlabeled";
  const classes = shownClasses.value, name = classes?.nameOf(label) ?? "";
  const object = classes?.kind === "map" ? "" : `, object ${label}`;
  return object + (name === "" ? "" : `, ${name}`);
}

function depthOf(depth: number): string {
  return depth === 32 ? "float" : `${depth} bit`;
}

/** Asks what is under the cursor, at most every so often. */
function usePixel(): void {
  const place = cursor.value, image = shown.value;
  useEffect(() => {
    pixel.value = null;
    if (!place || !image) return;
    const timer = setTimeout(() => {
      orShowFault((async () => {
        const { name, choice } = image;
        const query = { name, ...choice, ...place };
        const found = await askJson<Pixel>("/api/pixel", query);
        if (cursor.value === place) pixel.value = found;
      })());
    }, patience);
    return () => clearTimeout(timer);
  }, [place, image]);
}
