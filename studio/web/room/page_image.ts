import type {
  PredictionInfo,
  ReadablePrediction,
} from "@unet/app/kept-prediction";
import type { ListedImage } from "../../folder/image_list.ts";
import type { SentFile } from "../network/network_messages.ts";
import type { PageMask } from "./page_mask.ts";

/** An image that a person gave the page, and what became of it. */
export interface PageImage {
  /** Its file. */
  readonly file: SentFile;
  /** Its mask; null before there is one. */
  mask: PageMask | null;
  /** What a network predicted, which the mask began as. */
  prediction: (ReadablePrediction & { readonly objects: number }) | null;
  /** What its mask held when it was accepted. */
  settled: number;
  /** Whether a person accepted it. */
  isAccepted: boolean;
}

/** What the page lists of an image. */
export function listedOf(image: PageImage): ListedImage {
  const state = stateOf(image), name = image.file.path;
  return {
    ...{ name, state },
    ...(image.mask && { objects: image.mask.state.objects }),
  };
}

/** What a person has made of an image. */
export function stateOf(
  { mask, prediction, settled, isAccepted }: PageImage,
): ListedImage["state"] {
  if (mask === null) return "none";
  if (isAccepted && mask.content === settled) return "accepted";
  if (mask.content !== 0) return "corrected";
  return prediction === null ? "none" : "predicted";
}

/** A prediction that is kept in memory. */
export function keptPrediction(
  info: PredictionInfo,
  object: Float32Array<ArrayBuffer>,
): ReadablePrediction {
  return {
    info,
    read(_head, { x, y, width, height }) {
      const part = new Float32Array(width * height);
      for (let row = 0; row < height; row++) {
        const from = (y + row) * info.width + x;
        part.set(object.subarray(from, from + width), row * width);
      }
      return Promise.resolve(part);
    },
  };
}
