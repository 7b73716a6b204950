/**
 * Measures objects in a thread of its own, so that the server answers
 * meanwhile.
 *
 * @module
 */
import { KeptPrediction } from "@unet/app/kept-prediction";
import { MaskMeasurer, mostMeasuredPixels } from "@unet/app/mask-measurer";
import { readLabels } from "@unet/data";
import { UnetError } from "@unet/errors";
import type {
  MeasureAnswer,
  MeasuredColumns,
  MeasureRequest,
} from "./measure_messages.ts";
import { columnsOf, writeChosen } from "./measured_columns.ts";

/** The image that was measured last, for the next edit of its mask. */
let open: { readonly key: string; readonly measurer: MaskMeasurer } | null =
  null;

/** Requests, one after the other. */
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<MeasureRequest>) => {
  last = last.then(() => answer(data));
};

async function answer(request: MeasureRequest): Promise<void> {
  const { id } = request;
  try {
    const measured = await measure(request, (done, total) =>
      self.postMessage(
        { id, progress: { done, total } } satisfies MeasureAnswer,
      ));
    const answer: MeasureAnswer = { id, measured };
    self.postMessage(answer, { transfer: [measured.values.buffer] });
  } catch (error) {
    const answer: MeasureAnswer = error instanceof UnetError
      ? { id, fault: error.message }
      : { id, fault: null, defect: stackOf(error) };
    self.postMessage(answer);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? "" : String(error);
}

async function measure(
  { mask, kept: folder, threshold, file, ...request }: MeasureRequest,
  onProgress: (done: number, total: number) => void,
): Promise<MeasuredColumns> {
  const measurer = await measurerOf(request);
  const labels = typeof mask === "string"
    ? await readLabels(mask, mostMeasuredPixels)
    : mask;
  const kept = folder === null ? null : await KeptPrediction.open(folder);
  const isFit = kept?.info.width === labels.width &&
    kept.info.height === labels.height;
  const measured = await measurer.measure(labels, {
    ...{ ...request, onProgress },
    ...(isFit && { prediction: { kept, threshold } }),
  });
  if (file) await writeChosen(measured, file);
  return columnsOf(measured, file === null);
}

async function measurerOf(
  { path, version, choice }: Pick<
    MeasureRequest,
    "path" | "version" | "choice"
  >,
): Promise<MaskMeasurer> {
  const key = JSON.stringify([path, version, choice]);
  if (open?.key === key) return open.measurer;
  await open?.measurer[Symbol.asyncDispose]();
  open = null;
  const measurer = await MaskMeasurer.open(path, choice);
  open = { key, measurer };
  return measurer;
}
