import {
  type PlannedPrediction,
  planPrediction,
  requireObjects,
} from "@unet/app/plan-prediction";
import { giveFile } from "@unet/data/given-files";
import type { Device } from "@unet/device/open-driver";
import { UnetError } from "@unet/errors";
import { type Predict, predictorOf } from "@unet/infer/predict";
import { buildSaved, decodeModel } from "@unet/model/model-file";
import type { NetworkReport, NetworkRequest } from "./network_messages.ts";
import { openFastest } from "./open_device.ts";
import { predictImage } from "./predict_image.ts";

/** A model that is open. */
interface OpenModel {
  readonly key: string;
  readonly predict: Predict;
  readonly planned: PlannedPrediction;
  dispose(): void;
}

/** Why a person ended the work. */
class CanceledError extends Error {
  override name = "CanceledError";
}

type PredictRequest = NetworkRequest & { readonly type: "predict" };

/**
 * Answers requests from a port: opens what computes, and predicts images, one
 * after the other.
 *
 * @param port Where requests come from.
 * @param wasm The addresses of the library's program.
 */
export function answerNetwork(
  port: MessagePort,
  wasm: Readonly<Record<string, string>>,
): void {
  const device = openFastest(wasm);
  // A fault is reported to whoever asks for an image.
  device.catch(() => {});
  let open: OpenModel | null = null;
  let controller = new AbortController();
  const report = (message: NetworkReport, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);
  const predict = async (request: PredictRequest): Promise<void> => {
    const { signal } = controller, opened = await device;
    report({ type: "device", device: opened.name });
    for (const { content, ...file } of request.files) {
      giveFile(file.path, { ...file, content: () => Promise.resolve(content) });
    }
    open = await modelOf(request, open, opened);
    const { path } = request.files[0]!;
    const found = await predictImage(path, open.predict, {
      ...{ planned: open.planned, reading: request.reading, signal },
      onProgress: (done, total) =>
        report({ type: "progress", share: done / total }),
    });
    const info = { ...found.info, model: request.model };
    report(
      { type: "image", ...found, info },
      [found.labels.buffer, found.object.buffer],
    );
  };
  port.onmessage = async ({ data }: MessageEvent<NetworkRequest>) => {
    if (data.type === "cancel") return controller.abort(new CanceledError());
    controller = new AbortController();
    try {
      await predict(data);
    } catch (error) {
      const isCanceled = error instanceof CanceledError;
      report({ type: "fault", isCanceled, message: wordsOf(error) });
      // What is no fault of the image is shown in the browser's console, too.
      if (!isCanceled && !(error instanceof UnetError)) throw error;
    }
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function modelOf(
  { model: path, weights, version, diameter }: PredictRequest,
  open: OpenModel | null,
  device: Device,
): Promise<OpenModel> {
  const key = JSON.stringify([version, diameter]);
  if (open?.key === key) return open;
  open?.dispose();
  const bytes = await weights.bytes();
  const saved = { path, bytes, ...decodeModel(bytes, path) };
  requireObjects(saved, path);
  const model = buildSaved(saved);
  const predict = predictorOf(model);
  const planned = planPrediction(
    saved,
    { model, device: device.name, predict },
    { ...(diameter !== null && { diameter }) },
  );
  return { key, predict, planned, dispose: () => model.dispose() };
}
