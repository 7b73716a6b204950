import { getBackend } from "@tensorflow/tfjs-core";
import { cannot, count, TrainingError } from "@unet/errors";
import type { TrainingState } from "./run/training_state.ts";
import type { TrainingDevice } from "./trainer_options.ts";

/** Refuses to train on another device than the one that tfjs computes on. */
export function checkDevice({ name }: TrainingDevice): void {
  const current = getBackend();
  if (current === name) return;
  throw new RangeError(
    cannot("train on", "device", name, {
      found: `tfjs computing on "${current}"`,
      expected: "the device that was opened last",
    }),
  );
}

/** The fault of a loader that gives more or fewer batches than its length. */
export function miscounted(found: string, batches: number): RangeError {
  return new RangeError(
    cannot("train with", "loader", "trainDataloader", {
      found: `${found} batches than its length`,
      expected: String(batches),
    }),
  );
}

/** Refuses to continue an epoch after more batches than it has. */
export function checkPlace({ batch }: TrainingState, batches: number): void {
  if (batch <= batches) return;
  throw new TrainingError(
    cannot("continue", "training after batch", String(batch), {
      found: `epochs of ${count(batches, "batch", "batches")}`,
      expected: "the data and the batch size that it began with",
    }),
  );
}

/** Refuses anything but a whole number from 1. */
export function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(
    cannot("train with", "setting", name, {
      found: String(value),
      expected: "a whole number from 1",
    }),
  );
}
