import type { Device } from "@unet/device";
import { readFile } from "@unet/files";
import { graphOf, type Model } from "@unet/model";
import {
  endOfTraining,
  type EpochRow,
  type RunFolder,
  type Scheduler,
  type StepReport,
  type TrainingState,
} from "@unet/train";
import {
  type EventLog,
  type EventValue,
  openEventLogs,
} from "@unet/train/tracking";
import type { TrainSettings } from "../settings/train_settings.ts";
import type { Sample } from "./write_samples.ts";

/** The start of a training's log. */
export interface LogStart {
  /** The run folder. */
  readonly run: RunFolder;
  /** Its settings, which name the logs. */
  readonly settings: TrainSettings;
  /** The network. */
  readonly model: Model;
  /** What computes. */
  readonly device: Pick<Device, "name">;
  /** Gives the learning rate of the last step. */
  readonly scheduler: Scheduler;
  /** Steps per epoch. */
  readonly stepsPerEpoch: number;
  /** Where the training starts or continues. */
  readonly state: TrainingState;
  /** Whether it continues. */
  readonly isResumed: boolean;
}

/** Logs a training; does nothing where no log is wanted. */
export interface TrainingLog extends Disposable {
  /** Logs a step. */
  step(report: StepReport): void;
  /** Logs the samples of an epoch. */
  samples(state: TrainingState, samples: readonly Sample[]): void;
  /** Logs an epoch, and flushes what was logged so far. */
  epoch(row: EpochRow): Promise<void>;
  /** Logs the end, unless the training is to continue. */
  end(state: TrainingState): Promise<void>;
  /** Logs that the loss or the weights were no longer finite. */
  diverged(place: { readonly epoch: number; readonly step: number }): void;
}

/**
 * Opens the logs of a training, and logs its start. Where it continues, the
 * events of its last step are logged anew from the checkpoint, since a kill may
 * have come between the checkpoint and the log.
 *
 * @param start What is logged, and from where on.
 * @throws {FileError} If a log cannot be written.
 */
export async function openTrainingLog(start: LogStart): Promise<TrainingLog> {
  const { run, settings, model, device, state, isResumed } = start;
  const log = await openEventLogs(settings.log, {
    run: run.path,
    from: isResumed ? state.step : null,
  });
  using stack = new DisposableStack();
  stack.use(log);
  const logged = loggerOf(log, settings);
  const at = { time: Date.now(), epoch: state.epoch, step: state.step };
  const values = { ...hyperparametersOf(settings), usedDevice: device.name };
  if (state.step === 0) {
    log.write({
      ...{ kind: "start", ...at, epoch: 0, values },
      graph: graphOf(model.plan),
    });
  }
  if (isResumed) {
    log.write({ kind: "resume", ...at, values });
    await logAgain(log, logged, start);
  }
  stack.move();
  return logged;
}

function loggerOf(log: EventLog, settings: TrainSettings): TrainingLog {
  const now = (
    { epoch, step }: { readonly epoch: number; readonly step: number },
  ) => ({ time: Date.now(), epoch, step });
  return {
    step({ epoch, batch, batches, loss, learningRate }) {
      const step = (epoch - 1) * batches + batch;
      log.write({
        ...{ kind: "step", ...now({ epoch, step }) },
        values: { loss, learningRate },
      });
    },
    samples(state, samples) {
      for (const { name, png } of samples) {
        log.write({
          ...{ kind: "image", ...now(state), name, png },
          values: { path: `samples/${name}.png` },
        });
      }
    },
    async epoch(row) {
      const { epoch, step, ...values } = row;
      log.write({ kind: "epoch", ...now({ epoch, step }), values });
      await log.flush();
    },
    async end(state) {
      const reason = endOfTraining(state, settings), { best } = state;
      if (reason !== null) {
        log.write({
          ...{ kind: "end", ...now(state), isSuccess: true },
          values: {
            reason,
            bestEpoch: best?.epoch ?? null,
            bestF1: best?.f1 ?? null,
          },
        });
      }
      await log.flush();
    },
    diverged(place) {
      log.write({
        ...{ kind: "end", ...now(place), isSuccess: false },
        values: { reason: "diverged", bestEpoch: null, bestF1: null },
      });
    },
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
}

/** Logs what the checkpoint says of its step. */
async function logAgain(
  log: EventLog,
  logged: TrainingLog,
  { run, scheduler, stepsPerEpoch, state }: LogStart,
): Promise<void> {
  const { epoch, batch, step, lossSum, best } = state;
  const rows = state.rows.filter((row) => row.step === step);
  if (step > 0) {
    const { learningRate } = scheduler.at(step - 1, stepsPerEpoch);
    log.write({
      ...{ kind: "step", time: Date.now(), step },
      epoch: batch > 0 ? epoch + 1 : epoch,
      values: {
        loss: batch > 0 ? lossSum / batch : rows.at(-1)?.loss ?? null,
        learningRate,
      },
    });
  }
  if (batch === 0 && best?.epoch === epoch && rows.length > 0) {
    logged.samples(state, await storedSamples(run));
  }
  for (const row of rows) await logged.epoch(row);
}

/** The samples that a run folder holds. */
async function storedSamples(run: RunFolder): Promise<Sample[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(run.samplePath("."))) {
      if (/^\d+\.png$/.test(name)) names.push(name);
    }
  } catch (cause) {
    // Someone may have removed them.
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  return await Promise.all(
    names.sort().map(async (file) => ({
      name: file.slice(0, -".png".length),
      png: await readFile(run.samplePath(file), "sample"),
    })),
  );
}

/** The settings that may change a result, each as one value. */
function hyperparametersOf(
  settings: TrainSettings,
): Record<string, EventValue> {
  const { out: _out, resume: _resume, log: _log, ...rest } = settings;
  return Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null)
      .map(([name, value]) => [
        name,
        typeof value === "object" ? JSON.stringify(value) : value,
      ]),
  );
}
