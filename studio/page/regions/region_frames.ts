import { effect } from "@preact/signals";
import OpenSeadragon from "openseadragon";
import type { Rectangle } from "@unet/data";
import type { LayerStack } from "../layer_stack.ts";
import { orShowFault, selected, shown } from "../store.ts";
import {
  addRegion,
  isDrawingRegion,
  ownRegions,
  partWithin,
} from "./region_store.ts";

/** Draws regions on the image: those there are, and a new one. */
export class RegionFrames {
  readonly #viewer: OpenSeadragon.Viewer;
  readonly #layers: LayerStack;
  readonly #frames: HTMLElement[] = [];
  readonly #trackers: OpenSeadragon.MouseTracker[] = [];
  readonly #drawn = frameOf("region-frame drawn");
  /** Where a drag began; null while there is none. */
  #from: OpenSeadragon.Point | null = null;
  #part: Rectangle | null = null;

  /**
   * @param viewer The viewer.
   * @param layers Its layers.
   */
  constructor(viewer: OpenSeadragon.Viewer, layers: LayerStack) {
    this.#viewer = viewer;
    this.#layers = layers;
    this.#listen();
    effect(() => this.#draw());
  }

  /** Draws the frames of the regions that there are. */
  #draw(): void {
    const image = shown.value, regions = image ? ownRegions.value : [];
    for (const frame of this.#frames) this.#viewer.removeOverlay(frame);
    for (const tracker of this.#trackers) tracker.destroy();
    this.#frames.length = 0;
    this.#trackers.length = 0;
    for (const { name, region, state } of regions) {
      const frame = frameOf(`region-frame ${state}`);
      const label = document.createElement("span");
      label.textContent = `${region!.x}, ${region!.y}`;
      label.title = `Open ${name}`;
      frame.append(label);
      this.#trackers.push(
        new OpenSeadragon.MouseTracker({
          element: label,
          // Later, for it ends this tracker.
          clickHandler: () =>
            requestAnimationFrame(() => selected.value = name),
        }),
      );
      this.#frames.push(frame);
      this.#viewer.addOverlay({ element: frame, location: placeOf(region!) });
    }
  }

  #listen(): void {
    const viewer = this.#viewer;
    const pointOf = (position: OpenSeadragon.Point) =>
      this.#layers.item("image")
        ?.viewerElementToImageCoordinates(position) ?? null;
    viewer.addHandler("canvas-press", ({ position }) => {
      if (isDrawingRegion.value) this.#from = pointOf(position);
    });
    viewer.addHandler("canvas-drag", (event) => {
      if (!isDrawingRegion.value) return;
      event.preventDefaultAction = true;
      const to = pointOf(event.position), image = shown.value;
      if (!this.#from || !to || !image) return;
      this.#part = partWithin(image, {
        x: Math.min(this.#from.x, to.x),
        y: Math.min(this.#from.y, to.y),
        width: Math.abs(to.x - this.#from.x),
        height: Math.abs(to.y - this.#from.y),
      });
      viewer.removeOverlay(this.#drawn);
      if (!this.#part) return;
      const location = placeOf(this.#part);
      viewer.addOverlay({ element: this.#drawn, location });
    });
    viewer.addHandler("canvas-drag-end", (event) => {
      if (isDrawingRegion.value) event.preventDefaultAction = true;
    });
    viewer.addHandler("canvas-release", () => {
      const part = this.#part;
      this.#from = this.#part = null;
      viewer.removeOverlay(this.#drawn);
      if (isDrawingRegion.value && part) orShowFault(addRegion(part));
    });
  }
}

function frameOf(name: string): HTMLElement {
  const frame = document.createElement("div");
  frame.className = name;
  return frame;
}

/** Where a part lies in the viewer, in which the image is 1 wide. */
function placeOf({ x, y, width, height }: Rectangle): OpenSeadragon.Rect {
  const whole = shown.value!.width;
  return new OpenSeadragon.Rect(
    ...[x / whole, y / whole, width / whole, height / whole] as const,
  );
}
