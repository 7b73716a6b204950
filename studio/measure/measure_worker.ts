/**
 * Measures objects in a thread of its own, so that the server answers
 * meanwhile.
 *
 * @module
 */
import { KeptPrediction } from "@unet/app/kept-prediction";
import {
  MaskMeasurer,
  type MeasuredMask,
  mostMeasuredPixels,
  tableOfMask,
} from "@unet/app/mask-measurer";
import { readLabels } from "@unet/data";
import { briefText, cannot, UnetError } from "@unet/errors";
import { writeObjects } from "@unet/infer/write-objects";
import type {
  MeasureAnswer,
  MeasuredColumns,
  MeasuredFile,
  MeasureRequest,
} from "./measure_messages.ts";
import { takesObject } from "./object_filter.ts";

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

/** Writes the objects that a filter takes. */
async function writeChosen(
  measured: MeasuredMask,
  { path, format, name, filter }: MeasuredFile,
): Promise<void> {
  const { columns, rows } = tableOfMask(measured);
  const places = new Map(columns.map((column, at) => [column, at]));
  for (const column of Object.keys(filter.ranges)) {
    if (places.has(column) && column !== "class") continue;
    throw new UnetError(
      cannot("filter", "objects of image", name, {
        found: `a range of column "${briefText(column)}"`,
        expected: columns.filter((one) => one !== "class").join(", "),
      }),
    );
  }
  const isTaken = rows.map((row) =>
    takesObject(filter, (column) => {
      const value = row[places.get(column) ?? -1];
      return typeof value === "number" ? value : NaN;
    }, String(row[places.get("class") ?? -1] ?? ""))
  );
  await writeObjects(path, format, {
    ...{ ...measured, name },
    instances: measured.instances.filter((_, at) => isTaken[at]),
    measurements: measured.measurements.filter((_, at) => isTaken[at]),
  });
}

/** The table as numbers: a class by its place among the classes. */
function columnsOf(
  measured: MeasuredMask,
  isWanted: boolean,
): MeasuredColumns {
  const { columns, rows } = tableOfMask(measured);
  const { classes = null, measurements } = measured;
  const values = new Float64Array(isWanted ? columns.length * rows.length : 0);
  if (isWanted) {
    for (const [column, name] of columns.entries()) {
      const from = column * rows.length;
      for (let row = 0; row < rows.length; row++) {
        const value = name === "class"
          ? measurements[row]!.class
          : rows[row]![column];
        values[from + row] = typeof value === "number" ? value : NaN;
      }
    }
  }
  return {
    ...{ columns, classes, rows: rows.length, values },
    hasMicrometers: measured.pixelSize !== undefined,
  };
}
