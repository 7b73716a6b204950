import { join } from "@std/path";
import { parseJson, readTextFile } from "@unet/files";
import { cannotResume } from "./cannot_resume.ts";
import { rowColumns, trainedColumns } from "./row_columns.ts";
import type { EpochRow } from "./epoch_row.ts";
import type { TrainingState } from "./training_state.ts";

const formatVersion = 1;

/** The file of a checkpoint that says where the training stands. */
export const stateFile = "state.json";

/** Reads the state of a checkpoint's folder. */
export async function readState(folder: string): Promise<TrainingState> {
  const path = join(folder, stateFile);
  return parseState(await readTextFile(path, "training state"), path);
}

/** The text of `state.json`. */
export function formatState(state: TrainingState): string {
  return JSON.stringify({ formatVersion, ...state }, null, 2) + "\n";
}

/** Reads what {@linkcode formatState} wrote; nothing in it is believed. */
export function parseState(text: string, path: string): TrainingState {
  let parsed: Partial<TrainingState> & { formatVersion?: unknown };
  try {
    parsed = parseJson(text) as typeof parsed;
  } catch (cause) {
    const { message } = cause as SyntaxError;
    throw cannotResume(path, message, "a training state", cause);
  }
  const { epoch, batch, step, lossSum, seconds, best, rows } = parsed ?? {};
  const counts = [epoch, batch, step].every((value) =>
    Number.isSafeInteger(value) && value! >= 0
  );
  const sums = [lossSum, seconds].every(Number.isFinite);
  if (
    parsed?.formatVersion !== formatVersion || !counts || !sums ||
    !isBest(best) || !Array.isArray(rows) || !rows.every(isRow) ||
    !areInOrder(rows, epoch!)
  ) {
    throw cannotResume(
      path,
      "a state with other fields",
      `format version ${formatVersion}`,
    );
  }
  return {
    epoch: epoch!,
    batch: batch!,
    step: step!,
    lossSum: lossSum!,
    seconds: seconds!,
    best,
    rows,
  };
}

function isBest(value: unknown): value is TrainingState["best"] {
  if (value === null) return true;
  const { epoch, f1 } = (value ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(epoch) && Number.isFinite(f1);
}

function isRow(value: unknown): value is EpochRow {
  const row = (value ?? {}) as Record<string, unknown>;
  return rowColumns(Object.keys(row)).every((name) =>
    row.epoch === 0 && trainedColumns.includes(name)
      ? row[name] === null
      : Number.isFinite(row[name])
  );
}

/** A row for each finished epoch, and one of epoch 0 if that was scored. */
function areInOrder(rows: readonly EpochRow[], epochs: number): boolean {
  const first = rows[0]?.epoch === 0 ? 0 : 1;
  return rows.length === epochs + 1 - first &&
    rows.every(({ epoch }, index) => epoch === first + index);
}
