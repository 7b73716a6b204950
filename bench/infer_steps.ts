import { predictorOf, segmentImage } from "@unet/infer";
import { type FeatureLimits, measureFeatures, type Model } from "@unet/model";
import { drawWindows } from "./bench_data.ts";
import { isEnough, type Measurement } from "./measurement.ts";

/**
 * Segments an image of as many windows as a batch has, as `unet segment` does.
 *
 * @returns Seconds of each image: cutting, network, pasting.
 */
export async function inferSteps(
  measurement: Measurement,
  { model, onStep }: {
    model: Model;
    onStep: (done: number) => void;
  },
): Promise<number[]> {
  const { batch, size } = measurement;
  const image = drawWindows(measurement);
  const times: number[] = [];
  const predict = predictorOf(
    model,
    measurement.precision === "int8" ? { int8: await limitsOf(model) } : {},
  );
  while (!isEnough(times, measurement)) {
    const start = performance.now();
    await segmentImage(image, predict, {
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

/**
 * How large features get on a small image, as `unet calibrate` measures it. Its
 * float32 must not be the peak of memory that int8 is measured by.
 */
async function limitsOf(model: Model): Promise<FeatureLimits> {
  const { observe, limits } = measureFeatures();
  const image = drawWindows({ batch: 1, size: 256 });
  await segmentImage(image, predictorOf(model, { observe }));
  return limits;
}
