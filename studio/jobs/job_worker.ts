/**
 * Predicts and saves in a thread of its own, so that the server answers while
 * the network computes.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { KeptPrediction } from "@unet/app/kept-prediction";
import type { ObjectSettings } from "@unet/app/object-options";
import { meanEntropy } from "@unet/app/mean-entropy";
import { measureFolder } from "@unet/app/measure-folder";
import { openPredictor, type Predictor } from "@unet/app/predictor";
import { saveObjects } from "@unet/app/save-objects";
import { UnetError } from "@unet/errors";
import { makeFolder } from "@unet/files";
import { predictCompared } from "./compare.ts";
import { markOf } from "../folder/image_states.ts";
import { modelVersion } from "../folder/model_version.ts";
import { saveWithClasses } from "../folder/save_with_classes.ts";
import type { JobImage, JobReport, JobRequest } from "./job_messages.ts";

/** The open model, which the next job may need again. */
let open: { readonly key: string; readonly predictor: Predictor } | null = null;

let controller = new AbortController();

const report = (message: JobReport): void => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<JobRequest>) => {
  if (data.type === "cancel") return controller.abort(new CanceledError());
  controller = new AbortController();
  let isCanceled = false;
  try {
    if (data.type === "predict") await predict(data);
    else if (data.type === "compare") await compare(data);
    else if (data.type === "measure") await measure(data);
    else {
      for (const image of data.images) {
        await attempt(image, () => saveKept(image, data.settings));
      }
    }
  } catch (error) {
    isCanceled = error instanceof CanceledError;
    if (!isCanceled) reportFault(null, error);
  }
  report({ type: "end", isCanceled });
};

class CanceledError extends Error {
  override name = "CanceledError";
}

type PredictRequest = JobRequest & { readonly type: "predict" };

async function predict(
  { images, settings, model, diameter, reading }: PredictRequest,
): Promise<void> {
  const { signal } = controller;
  const predictor = await predictorOf(model, diameter);
  report({ type: "device", device: predictor.device });
  for (const image of images) {
    const { name, path, folder } = image;
    await attempt(image, async () => {
      const kept = await predictor.predict(path, folder, {
        ...{ signal, reading },
        onProgress: (done, total) =>
          report({ type: "progress", name, share: done / total }),
      });
      await save(image, kept, settings ?? kept.info.settings);
    });
  }
}

type CompareRequest = JobRequest & { readonly type: "compare" };

async function compare({ name, path, models }: CompareRequest): Promise<void> {
  const { signal } = controller;
  for (const { model, folder } of models) {
    await predictCompared(folder, async () => {
      const predictor = await predictorOf(model, null);
      report({ type: "device", device: predictor.device });
      return await predictor.predict(path, folder, {
        signal,
        onProgress: (done, total) =>
          report({ type: "progress", name, share: done / total }),
      });
    }, signal);
    report({ type: "compared" });
  }
}

type MeasureRequest = JobRequest & { readonly type: "measure" };

async function measure(
  { images, table, page, title }: MeasureRequest,
): Promise<void> {
  await measureFolder(images, {
    ...{ table, page, title, signal: controller.signal },
    onImage(name, result) {
      if (typeof result === "number") report({ type: "measured" });
      else reportFault(name, result);
    },
  });
}

async function predictorOf(
  model: string,
  diameter: PredictRequest["diameter"],
): Promise<Predictor> {
  // A training that continues, or a person, may replace it.
  const version = await modelVersion(model);
  const key = JSON.stringify([model, diameter, version]);
  if (open?.key === key) return open.predictor;
  await open?.predictor[Symbol.asyncDispose]();
  open = null;
  const predictor = await openPredictor({ model, diameter });
  open = { key, predictor };
  return predictor;
}

async function saveKept(
  image: JobImage,
  settings: ObjectSettings,
): Promise<void> {
  const kept = await KeptPrediction.open(image.folder);
  if (kept === null) {
    throw new UnetError(
      `Cannot save objects of image ${
        JSON.stringify(image.name)
      }: found no prediction; predict it first`,
    );
  }
  await save(image, kept, settings);
}

async function save(
  { name, root, mask, before }: JobImage,
  kept: KeptPrediction,
  settings: ObjectSettings,
): Promise<void> {
  const { signal } = controller, classes = new Map<number, string>();
  await makeFolder(dirname(mask));
  // A name that is cleared away where a kill leaves it behind.
  const part = join(dirname(mask), `.${crypto.randomUUID()}.part`);
  const objects = await saveObjects(kept, part, {
    ...{ settings, signal },
    onClass: (label, name) => classes.set(label, name),
  });
  // A person or another program may have saved a mask in the meantime.
  if (!await saveWithClasses({ root, name, part, before, classes })) {
    throw new UnetError(
      `Cannot save mask of image ${
        JSON.stringify(name)
      }: found one that changed meanwhile, which stays; predict it again to replace it`,
    );
  }
  const { model, reading = {} } = kept.info, doubt = await meanEntropy(kept);
  report({
    ...{ type: "image", name, objects, doubt, model, reading, settings },
    mask: (await markOf(mask))!,
  });
}

/** What is wrong with one image does not concern the others. */
async function attempt(
  { name }: JobImage,
  work: () => Promise<void>,
): Promise<void> {
  controller.signal.throwIfAborted();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    reportFault(name, error);
  }
}

function reportFault(name: string | null, error: unknown): void {
  const isFault = error instanceof UnetError;
  report({
    ...{ type: "fault", name },
    message: isFault
      ? error.message
      : "Cannot finish the job: found a defect of the program; the terminal says more",
    ...(!isFault && {
      defect: error instanceof Error ? error.stack ?? "" : String(error),
    }),
  });
}
