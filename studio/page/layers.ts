import OpenSeadragon from "openseadragon";
import { labelColor } from "@unet/infer/label-color";
import type { IntensityRange } from "@unet/data";
import type { ShownImage } from "../images/shown_image.ts";
import { addressOf, ask, type Query } from "./api.ts";
import type { MaskStyle } from "./store.ts";

/** The side of the server's tiles. */
const tileSize = 512;

/** Tiles of an image, of which the first level is the smallest. */
abstract class Layer extends OpenSeadragon.TileSource {
  readonly #query: Query;

  constructor({ width, height, levels, name }: ShownImage, query: Query) {
    super({ width, height, tileSize, minLevel: 0, maxLevel: levels - 1 });
    this.#query = { name, ...query };
  }

  /** What asks the server for a tile. */
  protected queryOf(level: number, x: number, y: number): Query {
    return { ...this.#query, level: this.maxLevel - level, x, y };
  }
}

/** The image itself, drawn by the server. */
export class ImageLayer extends Layer {
  constructor(image: ShownImage, ranges: readonly IntensityRange[] | null) {
    super(image, {
      ...image.choice,
      version: image.versions.image,
      ranges: ranges?.map(({ low, high }) => `${low}:${high}`).join(","),
    });
  }

  override getTileUrl(level: number, x: number, y: number): string {
    return addressOf("/api/tile", this.queryOf(level, x, y));
  }
}

/** Tiles that the page draws from what the server sends. */
export abstract class DrawnLayer extends Layer {
  readonly #path: string;
  readonly #asked = new Map<unknown, AbortController>();

  constructor(path: string, image: ShownImage, query: Query) {
    super(image, query);
    this.#path = path;
  }

  /** Draws what the server sent for a tile. */
  protected abstract draw(response: Response): Promise<ImageData>;

  override getTileUrl(level: number, x: number, y: number): string {
    return addressOf(this.#path, this.queryOf(level, x, y));
  }

  override downloadTileStart(job: OpenSeadragon.ImageJob): void {
    const controller = new AbortController();
    this.#asked.set(job, controller);
    this.#drawTile(job.src, controller.signal).then(
      (tile) => job.finish(tile, null!, "context2d"),
      (error) => job.fail(String(error), null!),
    ).finally(() => this.#asked.delete(job));
  }

  override downloadTileAbort(job: OpenSeadragon.ImageJob): void {
    this.#asked.get(job)?.abort();
  }

  async #drawTile(
    address: string,
    signal: AbortSignal,
  ): Promise<CanvasRenderingContext2D> {
    const image = await this.draw(await ask(address, {}, { signal }));
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext("2d", { willReadFrequently: false })!;
    context.putImageData(image, 0, 0);
    return context;
  }
}

/** The objects of a mask, as outlines or fills in colors of their own. */
export class LabelLayer extends DrawnLayer {
  readonly #style: MaskStyle;

  constructor(image: ShownImage, style: MaskStyle) {
    super("/api/labels", image, { version: image.versions.mask!, style });
    this.#style = style;
  }

  protected override async draw(response: Response): Promise<ImageData> {
    const [width = 0, height = 0] = (response.headers.get("x-size") ?? "")
      .split(" ").map(Number);
    const labels = new Uint32Array(await response.arrayBuffer());
    return drawLabels({ width, height, data: labels }, this.#style);
  }
}

/** Labels of a tile, with a border of one pixel all around. */
export interface BorderedLabels {
  /** Pixels per row, the border included. */
  readonly width: number;
  /** Rows, the border included. */
  readonly height: number;
  /** Row by row; 0 is background. */
  readonly data: Uint32Array;
}

/**
 * Draws labels without their border: each object in its color, whole or as a
 * line of one pixel along its inner edge.
 */
export function drawLabels(
  { width, height, data }: BorderedLabels,
  style: MaskStyle,
): ImageData {
  const image = new ImageData(width - 2, height - 2);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = new Map<number, number>();
  let to = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++, to++) {
      const at = y * width + x, label = data[at]!;
      if (label === 0) continue;
      const isEdge = data[at - 1] !== label || data[at + 1] !== label ||
        data[at - width] !== label || data[at + width] !== label;
      if (style === "outlines" && !isEdge) continue;
      let color = colors.get(label);
      if (color === undefined) {
        const [red, green, blue] = labelColor(label);
        color = (0xff000000 | blue << 16 | green << 8 | red) >>> 0;
        colors.set(label, color);
      }
      pixels[to] = color;
    }
  }
  return image;
}
