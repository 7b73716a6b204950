/**
 * What the tests do in a page and in Deno alike.
 *
 * @module
 */
import type { Batch, Image } from "@unet/data/types";
import type { DeviceDriver } from "@unet/device/open-driver";
import { openDriver } from "@unet/device/open-driver";
import { predictorOf } from "@unet/infer/predict";
import { segmentImage } from "@unet/infer/segment-image";
import { toClassMap } from "@unet/infer/to-class-map";
import { toMask } from "@unet/infer/to-mask";
import { createModel } from "@unet/model/create-model";
import { buildSaved, decodeModel } from "@unet/model/model-file";
import { createRandom } from "@unet/random";
import { classTask, objectTask } from "@unet/task";
import { constant } from "@unet/train/constant";
import { lossOfHeads } from "@unet/train/loss-of-heads";
import { sgd } from "@unet/train/sgd";
import { Trainer } from "@unet/train/trainer";

/** Segments a small image with a stored model; gives the mask's values. */
export async function segmentWith(
  driver: DeviceDriver,
  model: Uint8Array,
  image: Image,
): Promise<number[]> {
  const device = await openDriver(driver);
  const network = buildSaved({ path: "model", ...decodeModel(model, "model") });
  try {
    const planes = await segmentImage(image, predictorOf(network), {
      ...{ tile: 64, margin: 32, multiple: 32 },
    });
    return [...toMask(planes).data];
  } finally {
    network.dispose();
    await device.close();
  }
}

/** Maps a small image with a network of classes that is not trained. */
export async function mapClassesOn(
  driver: DeviceDriver,
  image: Image,
): Promise<number[]> {
  const device = await openDriver(driver);
  const task = classTask({ classes: ["background", "axon", "myelin"] });
  const model = createModel({ width: 0.05, task }, createRandom(3));
  try {
    const planes = await segmentImage(image, predictorOf(model), {
      ...{ tile: 64, margin: 32, multiple: 32 },
    });
    return [...toClassMap(planes).data];
  } finally {
    model.dispose();
    await device.close();
  }
}

const side = 64, tiles = 2, steps = 3;

/** Trains a small network of two heads for three steps; gives their losses. */
export async function trainOn(driver: DeviceDriver): Promise<number[]> {
  const device = await openDriver(driver);
  const task = objectTask({ loss: "bce+dice", borderWeight: 0.1 });
  const model = createModel({ width: 0.05, task }, createRandom(1));
  const optimizer = sgd({ momentum: 0.9 });
  const losses: number[] = [];
  const loader = {
    length: steps,
    tiles: steps * tiles,
    async *batches() {
      for (let step = 0; step < steps; step++) yield drawBatch(step);
    },
    close() {},
  };
  try {
    await new Trainer({
      optimizer,
      loss: lossOfHeads(task.heads),
      model,
      trainDataloader: loader,
      testDataloader: loader,
      epochs: 1,
      device,
      scheduler: constant({ learningRate: 0.05 }),
      // Of each step alone, where the report is the mean so far.
      onStep: ({ loss, batch }) => void losses.push(loss * batch - sum(losses)),
    }).fit();
    return losses;
  } finally {
    optimizer.dispose();
    model.dispose();
    await device.close();
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Squares on noise, the same everywhere. */
function drawBatch(step: number): Batch {
  const random = createRandom(2, step), area = side * side;
  const object = Float32Array.from(
    { length: tiles * area },
    (_, at) => (at >> 3) % 3 === 0 ? 1 : 0,
  );
  return {
    shape: [tiles, side, side],
    x: Float32Array.from(
      { length: 3 * tiles * area },
      (_, at) => (object[Math.floor(at / 3)]! + random.next()) / 2,
    ),
    targets: { object, border: object.map((_, at) => at % 8 === 0 ? 1 : 0) },
    ids: ["a", "b"],
  };
}
