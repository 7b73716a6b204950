import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import OpenSeadragon from "openseadragon";
import { coloring } from "./classes/class_store.ts";
import { LayerStack } from "./layer_stack.ts";
import { found } from "./draft.ts";
import { editedMask, editing, redrawMask } from "./edit/editing.ts";
import { Strokes } from "./edit/strokes.ts";
import { tool } from "./edit/tools.ts";
import { ImageLayer } from "./image_layer.ts";
import { FoundLayer, HeatLayer, LabelLayer } from "./layers.ts";
import { RegionFrames } from "./regions/region_frames.ts";
import { shownRegion, surroundings } from "./regions/region_store.ts";
import { ObjectMarker } from "./measure/object_marker.ts";
import {
  awaited,
  contrast,
  cursor,
  isHeatShown,
  maskOpacity,
  maskStyle,
  prediction,
  predictionVersion,
  shown,
  view,
  zoom,
} from "./store.ts";

/** From so many screen pixels per image pixel on, each is drawn as a square. */
const squaresFrom = 2;

/** The image that is shown, to be moved and zoomed, with its mask above it. */
export function Viewer(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const layers = useRef<LayerStack>(null);
  const viewer = useRef<OpenSeadragon.Viewer>(null);
  useEffect(() => {
    const own = openViewer(box.current!);
    viewer.current = own;
    const stack = new LayerStack(own);
    layers.current = stack;
    own.addHandler("update-viewport", () => look(own, stack));
    const hear = ({ tiledImage }: TileEvent) => {
      const isOfImage = tiledImage && tiledImage === stack.item("image");
      if (isOfImage && shown.value?.name === awaited.value) {
        awaited.value = null;
      }
    };
    own.addHandler("tile-drawn", hear);
    own.addHandler("tile-load-failed", hear);
    new Strokes(own, stack, canvas.current!);
    new ObjectMarker(own, stack);
    new RegionFrames(own, stack);
    zoom.value = (factor) => {
      if (factor === null) showWhole(own, stack);
      else own.viewport.zoomBy(factor);
    };
    return () => own.destroy();
  }, []);
  useImage(viewer, layers);
  useSurroundings(layers);
  useMask(viewer, layers);
  useHeat(layers);
  const image = shown.value;
  return (
    <>
      <div
        class={`viewer ${tool.value === "move" ? "" : "editing"}`}
        ref={box}
        role="region"
        aria-label={image ? `Image ${image.name}` : "No image"}
        onPointerMove={({ clientX, clientY }) => {
          const item = layers.current?.item("image");
          const bounds = box.current!.getBoundingClientRect();
          cursor.value = item
            ? placeOf(item, clientX - bounds.left, clientY - bounds.top)
            : null;
        }}
        onPointerLeave={() => cursor.value = null}
      />
      <canvas class="strokes" ref={canvas} aria-hidden="true" />
    </>
  );
}

/** What the viewer says of a tile. */
interface TileEvent {
  readonly tiledImage?: OpenSeadragon.TiledImage;
}

/** Shows the whole image, whatever lies around it. */
function showWhole(
  viewer: OpenSeadragon.Viewer,
  layers: LayerStack,
  isAtOnce = false,
): void {
  const item = layers.item("image");
  if (item) viewer.viewport.fitBounds(item.getBounds(true), isAtOnce);
}

interface Ref<Value> {
  readonly current: Value | null;
}

/** Keeps the lowest layer up to date. */
function useImage(viewer: Ref<OpenSeadragon.Viewer>, layers: Ref<LayerStack>) {
  const image = shown.value, ranges = contrast.value;
  const before = useRef<string>(null);
  const key = image &&
    JSON.stringify([image.name, image.choice, image.versions.image]);
  useEffect(() => {
    const layer = image && new ImageLayer(image, ranges);
    const onShown = () => {
      if (before.current !== image!.name) {
        showWhole(viewer.current!, layers.current!, true);
      }
      before.current = image!.name;
    };
    layers.current!.set("image", layer, { onShown });
  }, [key, ranges]);
}

/** How opaque is what lies around a region. */
const opacityAround = 0.4;

/** Keeps the image around a region up to date, which lies beneath it. */
function useSurroundings(layers: Ref<LayerStack>) {
  const around = surroundings.value, region = shownRegion.value;
  const image = shown.value;
  useEffect(() => {
    if (!around || !region || around.name !== region.of) {
      return layers.current!.set("surroundings", null);
    }
    const { x, y, width } = region;
    layers.current!.set("surroundings", new ImageLayer(around, null), {
      place: { x: -x / width, y: -y / width, width: around.width / width },
      onShown: () =>
        layers.current!.item("surroundings")!.setOpacity(opacityAround),
    });
  }, [around, image?.name]);
}

/** Keeps the highest layer up to date: the mask, or what a draft finds. */
function useMask(viewer: Ref<OpenSeadragon.Viewer>, layers: Ref<LayerStack>) {
  const image = shown.value, style = maskStyle.value, tried = found.value;
  const opacity = style === "fills" ? maskOpacity.value : 1;
  const edited = editedMask.value, colors = coloring.value;
  const mask = edited ?? image?.versions.mask;
  const key = image && JSON.stringify([image.name, mask]);
  useEffect(() => {
    const onShown = () => layers.current!.item("mask")!.setOpacity(opacity);
    if (!image || style === "none") return layers.current!.set("mask", null);
    if (tried) {
      const { x, y, width } = tried.part;
      const place = {
        x: x / image.width,
        y: y / image.width,
        width: width / image.width,
      };
      return layers.current!.set("mask", new FoundLayer(tried), {
        place,
        onShown,
      });
    }
    const version = edited ? `${edited}-${editing.peek()!.edit}` : mask;
    const look = { style, coloring: colors };
    const layer = version ? new LabelLayer(image, { ...look, version }) : null;
    layers.current!.set("mask", layer, { onShown });
    redrawMask.value = async (part, version) => {
      await layer?.redraw(part, version);
      viewer.current!.forceRedraw();
    };
  }, [key, style, tried, colors]);
  useEffect(() => {
    layers.current!.item("mask")?.setOpacity(opacity);
  }, [opacity]);
}

/** Keeps the layer between up to date: the probability, where it is asked for. */
function useHeat(layers: Ref<LayerStack>) {
  const image = shown.value, known = prediction.value;
  const isShown = isHeatShown.value && image !== null && known !== null;
  const version = predictionVersion.value;
  useEffect(() => {
    layers.current!.set(
      "heat",
      isShown ? new HeatLayer(image, String(version)) : null,
    );
  }, [isShown, image?.name, version]);
}

/** A viewer of the page, without a picture yet. */
export function openViewer(element: HTMLElement): OpenSeadragon.Viewer {
  // It would add a style of its own, which the policy forbids, unless it finds
  // an element of this name; of no namespace, that is no style to the browser.
  const known = document.createElementNS("", "style");
  known.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(known);
  const viewer = new OpenSeadragon.Viewer({
    element,
    drawer: "canvas",
    showNavigationControl: false,
    gestureSettingsMouse: { clickToZoom: false },
    maxZoomPixelRatio: 32,
    minZoomImageRatio: 0.5,
    visibilityRatio: 0.2,
    animationTime: 0.3,
    springStiffness: 10,
    imageLoaderLimit: 6,
    // A tile of a slide may wait long on a busy machine; half a minute, the
    // default, would leave it empty.
    timeout: 600_000,
  });
  // Its keys turn and mirror the image; ours are in a list that a person sees.
  viewer.addHandler("canvas-key", (event) => {
    event.preventDefaultAction = !event.originalEvent.key.startsWith("Arrow");
  });
  keepWhole(viewer);
  return viewer;
}

/** An image of which all is seen stays so in a viewer that gets smaller. */
function keepWhole(viewer: OpenSeadragon.Viewer): void {
  let isWhole = false, isDue = false;
  viewer.addHandler("resize", () => isDue = isWhole);
  viewer.addHandler("update-viewport", () => {
    const { viewport } = viewer;
    if (isDue) viewport.goHome(true);
    isDue = false;
    const off = viewport.getCenter(true)
      .distanceTo(viewport.getHomeBounds().getCenter());
    const factor = viewport.getZoom(true) / viewport.getHomeZoom();
    isWhole = off < 1e-3 && Math.abs(factor - 1) < 1e-3;
  });
}

/** Notes which part of the image is seen. */
function look(viewer: OpenSeadragon.Viewer, layers: LayerStack): void {
  const item = layers.item("image");
  if (!item) return;
  const factor = item.viewportToImageZoom(viewer.viewport.getZoom(true));
  viewer.drawer.setImageSmoothingEnabled(factor < squaresFrom);
  const { x, y, width, height } = item.viewportToImageRectangle(
    viewer.viewport.getBounds(true),
  );
  view.value = { zoom: factor, x, y, width, height };
}

/** The pixel of an image that lies under a point of the viewer. */
function placeOf(
  item: OpenSeadragon.TiledImage,
  left: number,
  top: number,
): { readonly x: number; readonly y: number } | null {
  const point = item.viewerElementToImageCoordinates(
    new OpenSeadragon.Point(left, top),
  );
  const x = Math.floor(point.x), y = Math.floor(point.y);
  const { x: width, y: height } = item.source.dimensions;
  return x >= 0 && y >= 0 && x < width && y < height ? { x, y } : null;
}
