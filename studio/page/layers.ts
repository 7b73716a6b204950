import OpenSeadragon from "openseadragon";
import { tileSide } from "@unet/app/tile-place";
import type { Rectangle } from "@unet/data";
import type { ShownImage } from "../images/shown_image.ts";
import { addressOf, ask, type Query } from "./api.ts";
import { drawLabels, type DrawnStyle } from "./draw_labels.ts";
import { heatColors } from "./heat_colors.ts";
import type { ObjectsAnswer } from "./objects_messages.ts";

/** Tiles of an image, of which the first level is the smallest. */
export abstract class Layer extends OpenSeadragon.TileSource {
  readonly #query: Query;

  constructor({ width, height, levels, name }: ShownImage, query: Query) {
    super({
      ...{ width, height, tileSize: tileSide },
      ...{ minLevel: 0, maxLevel: levels - 1 },
    });
    this.#query = { name, ...query };
  }

  /** What asks the server for a tile. */
  protected queryOf(level: number, x: number, y: number): Query {
    return { ...this.#query, level: this.maxLevel - level, x, y };
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
  protected abstract draw(response: Response): Promise<ImageData | ImageBitmap>;

  override getTileUrl(level: number, x: number, y: number): string {
    return addressOf(this.#path, this.queryOf(level, x, y));
  }

  override downloadTileStart(job: OpenSeadragon.ImageJob): void {
    const controller = new AbortController();
    this.#asked.set(job, controller);
    this.drawTile(job, controller.signal).then(
      (tile) => job.finish(tile, null!, "context2d"),
      (error) => job.fail(String(error), null!),
    ).finally(() => this.#asked.delete(job));
  }

  override downloadTileAbort(job: OpenSeadragon.ImageJob): void {
    this.#asked.get(job)?.abort();
  }

  /** Draws the tile that a job is for. */
  protected drawTile(
    { src }: OpenSeadragon.ImageJob,
    signal: AbortSignal,
  ): Promise<CanvasRenderingContext2D> {
    return this.drawFrom(src, signal);
  }

  /** Draws what the server sends at an address. */
  protected async drawFrom(
    address: string,
    signal: AbortSignal,
  ): Promise<CanvasRenderingContext2D> {
    const image = await this.draw(await ask(address, {}, { signal }));
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext("2d", { willReadFrequently: false })!;
    if (image instanceof ImageData) context.putImageData(image, 0, 0);
    else context.drawImage(image, 0, 0);
    return context;
  }
}

/** How numbers of a mask are colored. */
export interface LabelColoring {
  /** Names the colors; others have another name. */
  readonly key: string;
  /** The color of a number, as a pixel; 0 for one that is not drawn. */
  readonly pixelOf: (label: number) => number;
}

/** What labels are, and how they are drawn. */
export interface LabelOptions {
  /** Names the labels; others have another name. */
  readonly version: string;
  /** How objects are drawn. */
  readonly style: DrawnStyle;
  /** Their colors; null where each has its own. */
  readonly coloring: LabelColoring | null;
}

/** The objects of a mask, as outlines or fills in colors of their own. */
export class LabelLayer extends DrawnLayer {
  readonly #style: DrawnStyle;
  readonly #coloring: LabelColoring | null;
  /** What was drawn, as long as the viewer keeps it. */
  readonly #tiles = new Map<string, DrawnTile>();
  #version: string;

  /**
   * @param image The image.
   * @param options Their name, and how they are drawn.
   */
  constructor(image: ShownImage, { style, version, coloring }: LabelOptions) {
    super("/api/labels", image, {});
    this.#style = style;
    this.#version = version;
    this.#coloring = coloring;
  }

  override getTileUrl(level: number, x: number, y: number): string {
    const address = super.getTileUrl(level, x, y);
    // Behind the #, so that labels come but once, however they are drawn.
    const look = encodeURIComponent(this.#style + this.#coloring?.key);
    return `${address}&version=${this.#version}#${look}`;
  }

  /** Draws tiles anew whose labels changed, in the place where they are. */
  async redraw(part: Rectangle, version: string): Promise<void> {
    this.#version = version;
    await Promise.all(
      [...this.#tiles].map(async ([key, { level, x, y, context }]) => {
        const target = context.deref();
        if (!target) return void this.#tiles.delete(key);
        const side = tileSide * 2 ** (this.maxLevel - level);
        // An outline depends on the pixels around it.
        const margin = 2 * side / tileSide;
        const isApart = part.x - margin >= (x + 1) * side ||
          part.y - margin >= (y + 1) * side ||
          part.x + part.width + margin <= x * side ||
          part.y + part.height + margin <= y * side;
        if (isApart) return;
        const address = this.getTileUrl(level, x, y);
        target.putImageData(await this.draw(await ask(address)), 0, 0);
      }),
    );
  }

  protected override async drawTile(
    job: OpenSeadragon.ImageJob,
    signal: AbortSignal,
  ): Promise<CanvasRenderingContext2D> {
    const { level, x, y } = job.tile;
    for (;;) {
      const version = this.#version;
      const address = this.getTileUrl(level, x, y);
      const context = await this.drawFrom(address, signal);
      // What changed while the server was asked is asked for again.
      if (version !== this.#version) continue;
      const place = { level, x, y, context: new WeakRef(context) };
      this.#tiles.set(`${level} ${x} ${y}`, place);
      return context;
    }
  }

  protected override async draw(response: Response): Promise<ImageData> {
    const [width, height] = sizeOf(response);
    const labels = new Uint32Array(await response.arrayBuffer());
    const tile = { width, height, data: labels };
    return drawLabels(tile, this.#style, this.#coloring?.pixelOf);
  }
}

/** A tile that was drawn. */
interface DrawnTile {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly context: WeakRef<CanvasRenderingContext2D>;
}

/** The probability of being object, in colors. */
export class HeatLayer extends DrawnLayer {
  constructor(image: ShownImage, version: string) {
    super("/api/heat", image, { version });
  }

  protected override async draw(response: Response): Promise<ImageData> {
    const [width, height] = sizeOf(response);
    const values = new Uint8Array(await response.arrayBuffer());
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let at = 0; at < values.length; at++) {
      pixels[at] = heatColors[values[at]!]!;
    }
    return image;
  }
}

/** How large the tile is that the server sent. */
export function sizeOf(response: Response): [width: number, height: number] {
  const [width = 0, height = 0] = (response.headers.get("x-size") ?? "")
    .split(" ").map(Number);
  return [width, height];
}

/** The objects that a draft finds: one tile, on a part of the image. */
export class FoundLayer extends OpenSeadragon.TileSource {
  readonly #found: ObjectsAnswer;

  constructor(found: ObjectsAnswer) {
    const { width, height } = found.part;
    const tileSize = Math.max(width, height);
    super({ width, height, tileSize, minLevel: 0, maxLevel: 0 });
    this.#found = found;
  }

  override getTileUrl(): string {
    drawnParts++;
    return `found:${drawnParts}`;
  }

  override downloadTileStart(job: OpenSeadragon.ImageJob): void {
    const { part: { width, height }, pixels } = this.#found;
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d")!;
    const bytes = new Uint8ClampedArray(pixels);
    context.putImageData(new ImageData(bytes, width, height), 0, 0);
    job.finish(context, null!, "context2d");
  }

  override downloadTileAbort(): void {}
}

/** No two of them are the same picture. */
let drawnParts = 0;
