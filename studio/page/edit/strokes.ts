import { effect } from "@preact/signals";
import type OpenSeadragon from "openseadragon";
import type { MaskEdit } from "../../masks/mask_state.ts";
import type { LayerStack } from "../layer_stack.ts";
import { cursor, shown } from "../store.ts";
import { edit } from "./editing.ts";
import { drawPreview, type Place, type Preview } from "./draw_preview.ts";
import { type Hand, hand, pen } from "./pen.ts";
import {
  brushSize,
  className,
  paintOf,
  paintsOver,
  polygonAs,
  tool,
} from "./tools.ts";

/** Longer strokes are sent in pieces of so many numbers. */
const longest = 8000;

/**
 * What a person draws with a pointer or the keyboard: shown at once above the
 * image, and sent when it ends.
 */
export class Strokes implements Hand {
  readonly #viewer: OpenSeadragon.Viewer;
  readonly #layers: LayerStack;
  readonly #canvas: HTMLCanvasElement;
  /** What is drawn now; null while nothing is. */
  #current: Preview | null = null;
  /** What was sent and is not in the mask's picture yet. */
  readonly #sent = new Set<Preview>();
  #isPressed = false;
  /** Whether a press only moves the image, as while the space bar is held. */
  #isMoving = false;
  #isAsked = false;

  /**
   * @param viewer The viewer, whose presses and drags are taken.
   * @param layers Its layers.
   * @param canvas What is drawn on, of the viewer's size.
   */
  constructor(
    viewer: OpenSeadragon.Viewer,
    layers: LayerStack,
    canvas: HTMLCanvasElement,
  ) {
    this.#viewer = viewer;
    this.#layers = layers;
    this.#canvas = canvas;
    this.#listen();
    hand.value = this;
    effect(() => {
      // Read, so that each of them draws anew.
      [cursor.value, pen.value, brushSize.value, tool.value];
      this.#draw();
    });
    let before = "";
    effect(() => {
      // What is begun belongs to one tool and one image.
      const now = `${tool.value} ${shown.value?.name}`;
      if (now !== before) this.cancel();
      before = now;
    });
  }

  /** Whether it is pressed. */
  get isPressed(): boolean {
    return this.#isPressed;
  }

  /** Whether something is begun. */
  get isBusy(): boolean {
    return this.#current !== null;
  }

  /** Begins at a pixel, or adds a corner to a polygon. */
  press(x: number, y: number): void {
    this.#isPressed = true;
    if (tool.value === "polygon" && this.#current) return this.#extend(x, y);
    this.#current = previewOf(x, y);
    this.#draw();
  }

  /** Goes to a pixel. */
  drag(x: number, y: number): void {
    if (this.#isPressed && this.#current) this.#extend(x, y);
  }

  /** Ends a stroke; a polygon waits for more corners. */
  release(): void {
    if (!this.#isPressed) return;
    this.#isPressed = false;
    if (tool.value !== "polygon") this.#send();
  }

  /** Ends a polygon. */
  close(): void {
    this.#isPressed = false;
    if (!this.#current) return;
    if (this.#current.points.length >= 6) this.#send();
    else this.cancel();
  }

  /** Takes the last corner of a polygon back. */
  back(): void {
    if (tool.value !== "polygon" || !this.#current) return;
    const { points } = this.#current;
    if (points.length <= 2) return this.cancel();
    this.#current = { ...this.#current, points: points.slice(0, -2) };
    this.#draw();
  }

  /** Leaves what was begun. */
  cancel(): void {
    this.#isPressed = false;
    this.#current = null;
    this.#draw();
  }

  /** Brings a pixel into sight. */
  show(x: number, y: number): void {
    const { viewport } = this.#viewer, item = this.#layers.item("image");
    if (!item) return;
    const point = item.imageToViewportCoordinates(x + 0.5, y + 0.5);
    if (!viewport.getBounds().containsPoint(point)) viewport.panTo(point);
  }

  #extend(x: number, y: number): void {
    const { points } = this.#current!;
    if (points.at(-2) === x && points.at(-1) === y) return;
    (points as number[]).push(x, y);
    if (this.#current!.size !== null && points.length >= longest) {
      // The next piece begins where this one ends, and extends its object.
      this.#send();
      this.#current = previewOf(x, y);
    }
    this.#draw();
  }

  #send(): void {
    const preview = this.#current;
    this.#current = null;
    if (!preview) return;
    this.#sent.add(preview);
    edit(operationOf(preview)).finally(() => {
      this.#sent.delete(preview);
      this.#draw();
    });
  }

  /** Draws with the next frame, however often it is asked for. */
  #draw(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      const item = this.#layers.item("image");
      const at = tool.value === "move" ? null : pen.value ?? cursor.value;
      drawPreview(this.#canvas, {
        ...{ item, at },
        previews: [...this.#sent, ...this.#begun(at)],
        ring: paintOf(tool.value) === null ? null : brushSize.value,
      });
    });
  }

  /** What is begun; a polygon as it would be with the place pointed at. */
  #begun(at: Place | null): Preview[] {
    const current = this.#current;
    if (!current) return [];
    if (current.tool !== "polygon" || !at) return [current];
    return [{ ...current, points: [...current.points, at.x, at.y] }];
  }

  #listen(): void {
    const viewer = this.#viewer;
    const isOn = () => tool.value !== "move" && !this.#isMoving;
    const take = (
      event: { position: OpenSeadragon.Point; preventDefaultAction?: boolean },
      work: (x: number, y: number) => void,
    ) => {
      if (!isOn()) return;
      event.preventDefaultAction = true;
      const item = this.#layers.item("image");
      if (!item) return;
      const { x, y } = item.viewerElementToImageCoordinates(event.position);
      work(Math.floor(x), Math.floor(y));
    };
    viewer.addHandler("canvas-press", (event) =>
      take(event, (x, y) => {
        pen.value = null;
        this.press(x, y);
      }));
    viewer.addHandler(
      "canvas-drag",
      (event) => take(event, (x, y) => this.drag(x, y)),
    );
    viewer.addHandler("canvas-drag-end", (event) => take(event, () => {}));
    viewer.addHandler("canvas-click", (event) => take(event, () => {}));
    viewer.addHandler("canvas-release", () => this.release());
    viewer.addHandler("canvas-double-click", (event) =>
      take(event, () => {
        if (tool.value === "polygon") this.close();
      }));
    // A second finger zooms: the first one meant no stroke.
    viewer.addHandler("canvas-pinch", () => this.cancel());
    viewer.addHandler("update-viewport", () => this.#draw());
    const space = (isHeld: boolean) => (event: KeyboardEvent) => {
      if (event.key === " ") this.#isMoving = isHeld;
    };
    addEventListener("keydown", space(true));
    addEventListener("keyup", space(false));
    addEventListener("blur", () => this.#isMoving = false);
    viewer.element.addEventListener("pointermove", () => pen.value = null);
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
  }
}

function previewOf(x: number, y: number): Preview {
  const name = tool.value, paint = paintOf(name);
  return {
    points: [x, y],
    tool: name,
    paint: name === "polygon" ? polygonAs.value : paint,
    size: paint === null ? null : brushSize.value,
  };
}

function operationOf({ tool, points, paint, size }: Preview): MaskEdit {
  const over = paintsOver.value;
  if (size !== null) return { tool: "brush", points, size, as: paint!, over };
  switch (tool) {
    case "polygon":
      return { tool, points, as: paint!, over };
    case "class":
      return { tool, points, name: className.value };
    case "split":
    case "merge":
    case "fill":
    case "delete":
      return { tool, points };
    default:
      throw new TypeError(`Cannot edit mask: found the tool ${tool}`);
  }
}
