import OpenSeadragon from "openseadragon";
import type { Paint } from "../../masks/operation.ts";
import type { ToolName } from "./tools.ts";

/** Something that a person draws. */
export interface Preview {
  /** Where, in whole image pixels: `[x, y, x, y, …]`. */
  readonly points: readonly number[];
  /** With which tool. */
  readonly tool: ToolName;
  /** What it leaves behind; null for a tool that paints nothing. */
  readonly paint: Paint | null;
  /** The size of the brush in image pixels; null for lines. */
  readonly size: number | null;
}

/** A pixel of the image. */
export interface Place {
  /** Its column. */
  readonly x: number;
  /** Its row. */
  readonly y: number;
}

/** What is drawn. */
export interface PreviewScene {
  /** The image, which says where its pixels are; nothing is drawn without. */
  readonly item: OpenSeadragon.TiledImage | undefined;
  /** What was drawn. */
  readonly previews: readonly Preview[];
  /** The pixel that is pointed at. */
  readonly at: Place | null;
  /** The size of the brush there; null for a cross. */
  readonly ring: number | null;
}

const colors: Readonly<Record<Paint, string>> = {
  object: "rgb(255 214 70 / 60%)",
  background: "rgb(20 20 20 / 60%)",
  unlabeled: "rgb(150 160 170 / 60%)",
};

/** Draws what a person draws, above the image, on a canvas of its size. */
export function drawPreview(
  canvas: HTMLCanvasElement,
  { item, previews, at, ring }: PreviewScene,
): void {
  const ratio = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d")!;
  context.resetTransform();
  context.clearRect(0, 0, width, height);
  if (!item) return;
  const corner = item.imageToViewerElementCoordinates(
    new OpenSeadragon.Point(0, 0),
  );
  const next = item.imageToViewerElementCoordinates(
    new OpenSeadragon.Point(1, 0),
  );
  const scale = (next.x - corner.x) * ratio;
  const [left, top] = [corner.x * ratio, corner.y * ratio];
  // From here on, a unit is a pixel of the image.
  context.setTransform(scale, 0, 0, scale, left, top);
  const thin = ratio / scale;
  for (const preview of previews) drawOne(context, preview, thin);
  if (at) drawPlace(context, { at, ring, thin });
}

function drawOne(
  context: CanvasRenderingContext2D,
  { points, paint, size, tool }: Preview,
  thin: number,
): void {
  const path = new Path2D();
  path.moveTo(points[0]! + 0.5, points[1]! + 0.5);
  for (let at = 0; at < points.length; at += 2) {
    path.lineTo(points[at]! + 0.5, points[at + 1]! + 0.5);
  }
  context.lineCap = "round";
  context.lineJoin = "round";
  if (size !== null) {
    context.lineWidth = size;
    context.strokeStyle = colors[paint!];
    context.stroke(path);
    return;
  }
  if (tool === "polygon") {
    context.fillStyle = colors[paint!];
    context.fill(path, "nonzero");
  }
  outline(context, path, thin);
}

/** A line that is seen on any ground. */
function outline(
  context: CanvasRenderingContext2D,
  path: Path2D,
  thin: number,
): void {
  context.lineWidth = 4 * thin;
  context.strokeStyle = "rgb(0 0 0 / 70%)";
  context.stroke(path);
  context.lineWidth = 2 * thin;
  context.strokeStyle = "#fff";
  context.stroke(path);
}

function drawPlace(
  context: CanvasRenderingContext2D,
  { at, ring, thin }: {
    readonly at: Place;
    readonly ring: number | null;
    readonly thin: number;
  },
): void {
  const x = at.x + 0.5, y = at.y + 0.5, arm = 9 * thin;
  const path = new Path2D();
  if (ring !== null) path.arc(x, y, ring / 2, 0, 2 * Math.PI);
  else {
    path.moveTo(x - arm, y);
    path.lineTo(x + arm, y);
    path.moveTo(x, y - arm);
    path.lineTo(x, y + arm);
  }
  outline(context, path, thin);
}
