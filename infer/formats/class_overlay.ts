import type { Format } from "./format.ts";
import { overlay } from "./overlay.ts";
import { openWithLegend } from "./with_legend.ts";

/**
 * The classes on the image. A PNG has a legend below the image; a TIFF with a
 * pyramid has none, so that it lies on its image.
 */
export const classOverlay: Format<"drawing"> = {
  ...overlay,
  help: "classes on the image, with a legend",
  isReadable: false,
  open: (path, image) =>
    image.pyramid || image.stack
      ? overlay.open(path, image)
      : openWithLegend(path, image),
};
