/**
 * Trains a U-Net on images and masks, and segments new images with it.
 *
 * Start with {@linkcode app}: it has a function for each command of the command
 * line, such as `app.train()`, `app.segment()` and `app.evaluate()`. The other
 * exports are the parts that these are made of, a choice from the packages
 * `@unet/data`, `@unet/augment`, `@unet/device`, `@unet/model`, `@unet/train` and
 * `@unet/infer`, for training loops and programs of your own.
 *
 * @example Train on a folder or a zip, then segment images with the best model
 * ```ts
 * import { app } from "@unet/unet";
 *
 * export async function trainAndSegment(data: string, images: string[]) {
 *   await app.train({ data, out: "runs/plates", width: 0.25, epochs: 20 }, {
 *     onEpoch: ({ row }) => console.log(`epoch ${row.epoch}: F1 ${row.f1}`),
 *   });
 *   return await app.segment(images, { model: "runs/plates", out: "masks" });
 * }
 * ```
 *
 * @example The same from its parts, on drawn images
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   bceWithLogits,
 *   cacheSamples,
 *   constant,
 *   createLoader,
 *   createModel,
 *   createRandom,
 *   openDevice,
 *   predictorOf,
 *   segmentImage,
 *   sgd,
 *   splitDataset,
 *   synthesize,
 *   toMask,
 *   Trainer,
 * } from "@unet/unet";
 *
 * const device = await openDevice("auto");
 * const seed = 0;
 * const samples = [...synthesize({ count: 4, width: 32, height: 32, seed })];
 * const cases = await cacheSamples(samples, { folder: await Deno.makeTempDir() });
 * const split = splitDataset(cases, { validation: 0.25, seed });
 * const loaderOf = (ids: readonly string[], shuffle: boolean) =>
 *   createLoader({
 *     cases: cases.filter(({ id }) => ids.includes(id)),
 *     size: 32,
 *     batchSize: 2,
 *     seed,
 *     shuffle,
 *   });
 * const trainDataloader = loaderOf(split.train, true);
 * const testDataloader = loaderOf(split.validation, false);
 * const model = createModel({ width: 0.05 }, createRandom(seed));
 * const trainer = new Trainer({
 *   optimizer: sgd({ momentum: 0.9 }),
 *   loss: bceWithLogits,
 *   model,
 *   trainDataloader,
 *   testDataloader,
 *   epochs: 1,
 *   device,
 *   scheduler: constant({ learningRate: 0.05 }),
 * });
 * const { rows } = await trainer.fit();
 * assertEquals(rows.length, 1);
 *
 * const { image } = samples[0]!;
 * const segmentation = await segmentImage(image, predictorOf(model));
 * assertEquals(toMask(segmentation).width, image.width);
 *
 * trainDataloader.close();
 * testDataloader.close();
 * model.dispose();
 * await device.close();
 * ```
 *
 * @module
 */
export {
  cacheDataset,
  cacheSamples,
  checkDataset,
  createLoader,
  decodeImage,
  encodePng,
  openDataset,
  readCase,
  splitDataset,
  synthesize,
} from "@unet/data";
/** What a person does, as functions: `app.train()`, `app.segment()`, …. */
export * as app from "@unet/app";
export { contactSheet, transform } from "@unet/augment";
export { describeChoice, listDevices, openDevice } from "@unet/device";
export { createModel, loadModel, summarize } from "@unet/model";
export { createRandom } from "@unet/random";
export {
  adam,
  adamw,
  bceDiceLoss,
  bceWithLogits,
  constant,
  cosineAnnealingWarmRestarts,
  createRun,
  cyclicLR,
  diceLoss,
  evaluate,
  openRun,
  sgd,
  Trainer,
} from "@unet/train";
export {
  drawOverlay,
  predictorOf,
  segment,
  segmentImage,
  toMask,
} from "@unet/infer";
