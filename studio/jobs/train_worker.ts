/**
 * Trains in a thread of its own, so that the server answers meanwhile. The
 * thread ends with the training, which frees the device's memory.
 *
 * @module
 */
import { trainJudged, type TrainSettings } from "@unet/app";
import { UnetError } from "@unet/errors";
import { endOfTraining, type EpochRow } from "@unet/train";
import { TimeLeft } from "./time_left.ts";
import type { ShownRow, TrainReport, TrainRequest } from "./train_messages.ts";

/** The least milliseconds between two reports of steps. */
const patience = 300;

const controller = new AbortController();

const report = (message: TrainReport): void => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<TrainRequest>) => {
  if (data.type === "stop") return controller.abort(new StoppedError());
  let isOver = false;
  try {
    isOver = await train(data.settings);
  } catch (error) {
    if (!(error instanceof StoppedError)) reportFault(error);
  }
  report({ type: "end", isOver });
};

class StoppedError extends Error {
  override name = "StoppedError";
}

/** Trains, and says whether it is over. */
async function train(settings: TrainSettings): Promise<boolean> {
  let time = new TimeLeft(settings.epochs), last = 0;
  const state = await trainJudged(settings, {
    signal: controller.signal,
    isOffline: true,
    onDevice: ({ name }) => report({ type: "device", device: name }),
    onCached: (done, total) => report({ type: "reading", done, total }),
    onFault: ({ message }) =>
      report({ type: "note", line: `Left out: ${message}` }),
    onWarning: ({ message }) => report({ type: "note", line: message }),
    onUnlocked: (line) => report({ type: "note", line }),
    onNote: (line) => report({ type: "note", line }),
    // The page says so in words of its own.
    onLeftOut: () => {},
    onStart({ images, state, stepsPerEpoch, settings: { epochs } }) {
      time = new TimeLeft(epochs);
      const done = state.epoch + state.batch / stepsPerEpoch;
      const rows = state.rows.map(shownRow);
      report({ type: "start", ...{ images, epochs, rows, done } });
    },
    onStep(step) {
      time.step(step);
      const now = Date.now();
      if (now - last < patience) return;
      last = now;
      const done = step.epoch - 1 + step.batch / step.batches;
      const { loss } = step, secondsLeft = time.left(done);
      report({ type: "step", ...{ loss, done, secondsLeft } });
    },
    onEpoch({ row }) {
      time.epoch(row.seconds);
      report({ type: "epoch", row: shownRow(row) });
    },
  });
  return endOfTraining(state, settings) !== null;
}

function shownRow(
  { epoch, loss, validationLoss, f1, seconds }: EpochRow,
): ShownRow {
  return { epoch, loss, validationLoss, f1, seconds };
}

function reportFault(error: unknown): void {
  const isFault = error instanceof UnetError;
  report({
    type: "fault",
    message: isFault
      ? error.message
      : "Cannot train: found a defect of the program; the terminal says more",
    ...(!isFault && {
      defect: error instanceof Error ? error.stack ?? "" : String(error),
    }),
  });
}
