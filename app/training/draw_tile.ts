import {
  type Batch,
  drawChannels,
  type Image,
  type Labels,
  unlabeled,
} from "@unet/data";
import { drawClassComparison, toClassMap } from "@unet/infer";
import {
  hasChosenChannels,
  type Head,
  type Input,
  type Task,
} from "@unet/task";
import { drawSample } from "@unet/train";

/** A tile of a batch, and what the first head makes of the batch. */
export interface PredictedTile {
  /** The batch. */
  readonly batch: Batch;
  /** The first head's logits of the batch, `[N, H, W, C]`. */
  readonly logits: Float32Array;
  /** Which tile of the batch. */
  readonly at: number;
}

/**
 * How tiles are drawn with their ground truth and prediction, which the first
 * head decides: objects, or classes.
 *
 * @param task What the network learns.
 * @returns Draws a tile; undefined where the first head is of neither.
 */
export function drawerOf(
  { input, heads: [first] }: Task,
): ((tile: PredictedTile) => Image) | undefined {
  if (first?.classes) {
    const { classes } = first;
    return (tile) => drawClasses(tile, { ...first, classes }, input);
  }
  return first?.name === "object"
    ? (tile) => drawObjects(tile, input)
    : undefined;
}

function drawObjects(tile: PredictedTile, input: Input): Image {
  const { width, height, x } = colorsOf(tile, input);
  const y = ofTile(tile, tile.batch.targets.object!, 1);
  const logits = ofTile(tile, tile.logits, 1);
  if (y.every((own) => own >= 0)) {
    return drawSample({ width, height, x, y, logits });
  }
  // What is not labeled is neither right nor wrong, as in a map of classes.
  const size = { width, height };
  const labels = (values: Float32Array, of: (own: number) => number) => ({
    ...size,
    data: Uint32Array.from(values, of),
  });
  return drawClassComparison(pictureOf(x, size), {
    truth: labels(y, (own) => own < 0 ? unlabeled : own),
    prediction: labels(logits, (own) => own > 0 ? 1 : 0),
    classes: ["background", "object"],
  });
}

/** Colors of 0…1 as a picture. */
function pictureOf(
  x: Float32Array,
  size: Pick<Labels, "width" | "height">,
): Image {
  return {
    ...{ ...size, channels: 3, depth: 8 },
    data: Uint8Array.from(x, (value) => Math.round(255 * value)),
  };
}

function drawClasses(
  tile: PredictedTile,
  { name, channels, classes }: Head & { readonly classes: readonly string[] },
  input: Input,
): Image {
  const { width, height, x } = colorsOf(tile, input), size = { width, height };
  // The highest logit is the highest probability.
  const found = { [name]: ofTile(tile, tile.logits, channels) };
  const { data } = toClassMap({ ...size, planes: found }, name);
  return drawClassComparison(pictureOf(x, size), {
    truth: truthOf(ofTile(tile, tile.batch.targets[name]!, channels), size),
    prediction: { ...size, data: Uint32Array.from(data) },
    classes,
  });
}

/** The part of a batch's values that is of a tile. */
function ofTile(
  { batch: { shape: [, height, width] }, at }: PredictedTile,
  values: Float32Array,
  channels: number,
): Float32Array {
  const length = height * width * channels;
  return values.subarray(at * length, (at + 1) * length);
}

/** Red, green and blue of a tile, 0…1; of chosen channels, as they are drawn. */
function colorsOf(
  tile: PredictedTile,
  input: Input,
): {
  readonly width: number;
  readonly height: number;
  readonly x: Float32Array;
} {
  const { channels: { length: channels } } = input;
  const [, height, width] = tile.batch.shape;
  const x = ofTile(tile, tile.batch.x, channels), size = { width, height };
  if (!hasChosenChannels(input)) return { ...size, x };
  const image = { ...size, channels, depth: 32, data: x } as const;
  // Tiles are normalized by their whole image.
  const { data } = drawChannels(
    image,
    input.channels.map(() => ({ low: 0, high: 1 })),
  );
  return { ...size, x: Float32Array.from(data, (value) => value / 255) };
}

/** The number of each pixel's class, of a channel per class. */
function truthOf(
  target: Float32Array,
  size: Pick<Labels, "width" | "height">,
): Labels {
  const pixels = size.width * size.height, classes = target.length / pixels;
  const data = new Uint32Array(pixels).fill(unlabeled);
  target.forEach((value, at) => {
    if (value > 0.5) data[Math.floor(at / classes)] = at % classes;
  });
  return { ...size, data };
}
