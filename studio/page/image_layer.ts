import type { IntensityRange } from "@unet/data";
import type { ShownImage } from "../images/shown_image.ts";
import { addressOf } from "./api.ts";
import { Layer } from "./layers.ts";

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
