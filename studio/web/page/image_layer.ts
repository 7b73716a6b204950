/**
 * What takes the place of the studio's `image_layer.ts`: tiles come as pictures
 * from a thread, and not from an address.
 *
 * @module
 */
import type { IntensityRange } from "@unet/data";
import { DrawnLayer } from "../../page/layers.ts";
import type { ShownImage } from "../../images/shown_image.ts";

/** The image itself. */
export class ImageLayer extends DrawnLayer {
  constructor(image: ShownImage, ranges: readonly IntensityRange[] | null) {
    super("/api/tile", image, {
      ...image.choice,
      version: image.versions.image,
      ranges: ranges?.map(({ low, high }) => `${low}:${high}`).join(","),
    });
  }

  protected override async draw(response: Response): Promise<ImageBitmap> {
    return await createImageBitmap(await response.blob());
  }
}
