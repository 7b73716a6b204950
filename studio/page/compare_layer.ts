import type { ShownImage } from "../images/shown_image.ts";
import type { ComparedObjects } from "../server/compare_routes.ts";
import { drawLabels, type DrawnStyle } from "./draw_labels.ts";
import { DrawnLayer, sizeOf } from "./layers.ts";

/** The objects that one of the compared models found. */
export class ComparedLayer extends DrawnLayer {
  readonly #style: DrawnStyle;

  /**
   * @param image The image.
   * @param objects The model, and what is kept of it.
   * @param style How objects are drawn.
   */
  constructor(
    image: ShownImage,
    { model, version }: ComparedObjects,
    style: DrawnStyle,
  ) {
    super("/api/comparison/labels", image, { model, version, style });
    this.#style = style;
  }

  protected override async draw(response: Response): Promise<ImageData> {
    const [width, height] = sizeOf(response);
    const data = new Uint32Array(await response.arrayBuffer());
    return drawLabels({ width, height, data }, this.#style);
  }
}
