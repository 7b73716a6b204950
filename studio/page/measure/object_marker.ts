import { effect } from "@preact/signals";
import OpenSeadragon from "openseadragon";
import { askJson } from "../api.ts";
import { tool } from "../edit/tools.ts";
import type { LayerStack } from "../layer_stack.ts";
import { orShowFault, shown } from "../store.ts";
import { chosenBox, chosenObject, isMeasuring } from "./measure_store.ts";

/** Pixels of the image between an object and the frame around it. */
const margin = 2;

/** Smaller objects are brought nearer, in screen pixels. */
const smallest = 24;

/**
 * Shows the chosen object in the picture: a frame around it, and the picture
 * moved so that it is in the middle. A click on an object chooses it.
 */
export class ObjectMarker {
  readonly #viewer: OpenSeadragon.Viewer;
  readonly #layers: LayerStack;
  readonly #frame: HTMLElement;
  /** Whether a person chose the object in the picture, which then stays. */
  #isPointed = false;

  /**
   * @param viewer The viewer.
   * @param layers Its layers.
   */
  constructor(viewer: OpenSeadragon.Viewer, layers: LayerStack) {
    this.#viewer = viewer;
    this.#layers = layers;
    this.#frame = document.createElement("div");
    this.#frame.className = "object-frame";
    viewer.addHandler("canvas-click", (event) => {
      if (!event.quick || !isMeasuring.value || tool.value !== "move") return;
      orShowFault(this.#chooseAt(event.position));
    });
    let before: number | null = null;
    effect(() => {
      const box = chosenBox.value, chosen = chosenObject.value;
      viewer.removeOverlay(this.#frame);
      const item = this.#layers.item("image");
      if (!box || !item) return;
      const place = item.imageToViewportRectangle(
        ...[box.x - margin, box.y - margin] as const,
        ...[box.width + 2 * margin, box.height + 2 * margin] as const,
      );
      viewer.addOverlay({ element: this.#frame, location: place });
      // An edit of the object does not move the picture.
      if (chosen !== before && !this.#isPointed) this.#show(place);
      before = chosen;
      this.#isPointed = false;
    });
  }

  #show(place: OpenSeadragon.Rect): void {
    const { viewport } = this.#viewer, seen = viewport.getBounds(true);
    const across = place.width / seen.width * viewport.getContainerSize().x;
    const isLarge = place.width > seen.width || place.height > seen.height;
    if (isLarge || across < smallest) {
      const side = Math.max(place.width, place.height) * (isLarge ? 1.2 : 8);
      const { x, y } = place.getCenter();
      viewport.fitBounds(
        new OpenSeadragon.Rect(x - side / 2, y - side / 2, side, side),
      );
    } else viewport.panTo(place.getCenter());
  }

  async #chooseAt(position: OpenSeadragon.Point): Promise<void> {
    const image = shown.value, item = this.#layers.item("image");
    if (!image || !item) return;
    const point = item.viewerElementToImageCoordinates(position);
    const x = Math.floor(point.x), y = Math.floor(point.y);
    const isIn = x >= 0 && y >= 0 && x < image.width && y < image.height;
    if (!isIn) return;
    const { name, choice } = image;
    const { label } = await askJson<{ readonly label: number }>(
      "/api/pixel",
      { name, ...choice, x, y },
    );
    if (shown.value?.name !== name) return;
    this.#isPointed = label !== 0 && label !== chosenObject.value;
    chosenObject.value = label === 0 ? null : label;
  }
}
