import {
  encodePng,
  type Image,
  type Labels,
  pictureOf,
  resizeImage,
} from "@unet/data";
import { OverlayRows } from "@unet/infer/outputs";

/** What Jupyter's kernel of Deno calls on the value of a cell, to show it. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** A value that a notebook displays. */
export interface Shown {
  /** Gives the picture by its media type: PNG in base64, or SVG. */
  readonly [jupyterDisplay]: () => Promise<Readonly<Record<string, string>>>;
}

/** How {@linkcode showImage} draws. */
export interface ShowImageOptions {
  /** Objects of the same size, which are outlined, each in its color. */
  readonly labels?: Labels;
  /** Pixels of the longer side above which it is shrunk. Default: 768. */
  readonly side?: number;
}

/**
 * Shows an image in a notebook: as a network sees it, dim and 16-bit images
 * stretched; with its objects, if they are given.
 *
 * A notebook that is saved holds the picture, so larger ones are shrunk.
 *
 * @param image Any size, channels and depth.
 * @param options The objects, and the size.
 * @returns The value of a cell, or what `Deno.jupyter.display()` takes.
 * @throws {RangeError} If the labels have another size, or `side` is no whole
 * number from 1.
 *
 * @example
 * ```ts
 * import { jupyterDisplay, showImage } from "@unet/app";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array([0, 200]);
 * const image = { width: 2, height: 1, channels: 1, depth: 8, data } as const;
 * const shown = await showImage(image)[jupyterDisplay]();
 * assertEquals(Object.keys(shown), ["image/png"]);
 * ```
 */
export function showImage(
  image: Image,
  { labels, side = 768 }: ShowImageOptions = {},
): Shown {
  const { width, height } = image;
  if (!Number.isSafeInteger(side) || side < 1) {
    throw new RangeError(
      `Cannot show image: found side ${side}, expected a whole number from 1`,
    );
  }
  if (labels && (labels.width !== width || labels.height !== height)) {
    throw new RangeError(
      `Cannot show image: found labels of ${labels.width}×${labels.height}, expected ${width}×${height} as their image`,
    );
  }
  const picture = pictureOf(image);
  const drawn = labels
    ? {
      ...picture,
      data: new OverlayRows(width, height, "instances")
        .add(picture.data, labels.data),
    }
    : picture;
  const scale = Math.min(1, side / Math.max(width, height));
  const small = scale === 1 ? drawn : resizeImage(drawn, {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  });
  return {
    [jupyterDisplay]: async () => ({
      "image/png": (await encodePng(small)).toBase64(),
    }),
  };
}
