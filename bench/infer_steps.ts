import { predictorOf, segmentImage } from "@unet/infer";
import { type FeatureLimits, measureFeatures, type Model } from "@unet/model";
import type { BenchData } from "./bench_data.ts";
import { isEnough, type Measurement } from "./measurement.ts";

/**
 * Segments an image of as many windows as a batch has, as `unet segment` does.
 *
 * @returns Seconds of each image: cutting, network, pasting.
 */
export async function inferSteps(
  measurement: Measurement,
  { model, data, onStep }: {
    model: Model;
    data: BenchData;
    onStep: (done: number) => void;
  },
): Promise<number[]> {
  const { batch, size } = measurement;
  const times: number[] = [];
  const predict = predictorOf(
    model,
    measurement.precision === "int8"
      ? { int8: await limitsOf(model, data) }
      : {},
  );
  while (!isEnough(times, measurement)) {
    const start = performance.now();
    await segmentImage(data.image, predict, {
      context: "reflect",
      tile: size,
      margin: 0,
      batchSize: batch,
    });
    times.push((performance.now() - start) / 1000);
    onStep(times.length);
  }
  return times;
}

/** How large features get on the image, as `unet calibrate` measures it. */
async function limitsOf(
  model: Model,
  data: BenchData,
): Promise<FeatureLimits> {
  const { observe, limits } = measureFeatures();
  await segmentImage(data.image, predictorOf(model, { observe }));
  return limits;
}
