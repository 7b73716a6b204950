/**
 * The training loop. Runs in a browser.
 *
 * @module
 */
import { TrainingError } from "@unet/errors";
import type { Batch } from "@unet/data";
import { createRandom, type Random } from "@unet/random";
import {
  checkCount,
  checkDevice,
  checkPlace,
  miscounted,
} from "./_check_training.ts";
import { DivergedError } from "./diverged_error.ts";
import { endOfTraining } from "./end_of_training.ts";
import type { EpochRow } from "./run/epoch_row.ts";
import { rowOfEpoch, type TimedEvaluation } from "./_row_of_epoch.ts";
import { evaluate, type Evaluation } from "./metrics/evaluate.ts";
import { EndedElsewhere, holdsAnywhere } from "./parallel/agree.ts";
import { broadcastWeights } from "./parallel/broadcast_weights.ts";
import { type Communicator, singleProcess } from "./parallel/communicator.ts";
import { gradientSumsOf } from "./parallel/gradient_sums_of.ts";
import { ParallelSteps } from "./parallel/parallel_step.ts";
import type { LearningRate } from "./schedules/scheduler.ts";
import { trainStep } from "./train_step.ts";
import { initialState, type TrainingState } from "./run/training_state.ts";
import type { TrainerOptions } from "./trainer_options.ts";
import { updateBatchNorm } from "./update_batch_norm.ts";

export type * from "./trainer_options.ts";

/** The stream of random numbers that dropout draws from. */
const dropoutStream = -2;

/** The stream of random numbers for dropout while statistics are averaged. */
const statisticsStream = -3;

/**
 * Trains a model: for each epoch all batches, then validation, then saving.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assertEquals } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { bceWithLogits, constant, sgd, Trainer } from "@unet/train";
 *
 * const batch = {
 *   shape: [1, 32, 32] as const,
 *   x: new Float32Array(32 * 32 * 3).fill(0.5),
 *   targets: { object: new Float32Array(32 * 32).fill(1) },
 *   ids: ["white"],
 * };
 * const loader = {
 *   length: 1,
 *   tiles: 1,
 *   async *batches() {
 *     yield await Promise.resolve(batch);
 *   },
 *   close() {},
 * };
 * const trainer = new Trainer({
 *   optimizer: sgd({ momentum: 0.9 }),
 *   loss: bceWithLogits,
 *   model: createModel({ width: 0.05 }, createRandom(0)),
 *   trainDataloader: loader,
 *   testDataloader: loader,
 *   epochs: 2,
 *   device: { name: "cpu" },
 *   scheduler: constant({ learningRate: 0.1 }),
 * });
 * const { rows } = await trainer.fit();
 * assertEquals(rows.length, 2);
 * ```
 */
export class Trainer {
  readonly #options: TrainerOptions;
  /** What `unfreezeAt` thaws: all of the encoder, or its first blocks. */
  readonly #frozen: boolean | number;
  readonly #communicator: Communicator;
  /** What makes steps on several ranks. */
  readonly #parallel: ParallelSteps;
  #state: TrainingState;

  /**
   * Takes the parts; nothing runs yet.
   *
   * @param options The parts.
   * @throws {RangeError} If a number is out of range or a loader is empty.
   * @throws {TrainingError} If the state is of longer epochs than the loader's.
   */
  constructor(options: TrainerOptions) {
    checkCount("epochs", options.epochs);
    checkCount("saveEvery", options.saveEvery ?? 1);
    checkCount("patience", options.patience ?? 1);
    checkCount("unfreezeAt", options.unfreezeAt ?? 1);
    checkCount("batchNormBatches", options.batchNormBatches ?? 1);
    checkCount("trainDataloader.length", options.trainDataloader.length);
    checkCount("testDataloader.length", options.testDataloader.length);
    this.#options = options;
    this.#frozen = options.model.plan.freezeEncoder || true;
    const { communicator = singleProcess, syncBatchNorm = false } = options;
    const { device, overlap } = options;
    const { overlaps } = gradientSumsOf(device, communicator, overlap);
    this.#communicator = communicator;
    this.#parallel = new ParallelSteps({
      ...{ communicator, syncBatchNorm, overlaps },
    });
    this.#state = options.state ?? initialState;
    checkPlace(this.#state, options.trainDataloader.length);
  }

  /** Where the training stands. */
  get state(): TrainingState {
    return this.#state;
  }

  /**
   * Trains up to the number of epochs, until patience is used up, or until the
   * signal aborts. Called again, it continues where it stands.
   *
   * @returns Where the training stands then.
   * @throws {DivergedError} If a loss or a weight to be saved is not finite;
   * what was saved last stays.
   * @throws {RangeError} If tfjs computes on another device than the given one,
   * or a loader gives another number of batches than its length.
   */
  async fit(): Promise<TrainingState> {
    const { scoreStart, device, model } = this.#options;
    checkDevice(device);
    await broadcastWeights(model, this.#communicator);
    if (scoreStart && !await this.#isAborted()) await this.#scoreStart();
    while (
      endOfTraining(this.#state, this.#options) === null &&
      !await this.#isAborted()
    ) {
      await this.#trainEpoch();
      const validation = await this.#validate({ settle: true });
      if (validation === null) {
        await this.#save("saveLast");
        break;
      }
      await this.#finishEpoch(validation);
    }
    return this.#state;
  }

  /** Whether any rank was asked to end. */
  #isAborted(): Promise<boolean> {
    const isAborted = this.#options.signal?.aborted === true;
    return holdsAnywhere(this.#communicator, isAborted);
  }

  /** Epoch 0: the model as it came, its statistics too. */
  async #scoreStart(): Promise<void> {
    const { step, rows } = this.#state;
    if (step > 0 || rows.length > 0) return;
    const validation = await this.#validate({ settle: false });
    if (validation === null) return;
    const row = rowOfEpoch(validation, {
      ...{ epoch: 0, step: 0, loss: null, learningRate: null, seconds: 0 },
    });
    await this.#finishRow(row, validation.evaluation);
  }

  async #trainEpoch(): Promise<void> {
    const { trainDataloader, saveEvery, onStep } = this.#options;
    const { epoch, batch: from } = this.#state;
    const batches = trainDataloader.length;
    let started = performance.now();
    if (from === batches) return;
    const { model, unfreezeAt } = this.#options;
    // By the epoch alone, so that a resumed training does the same.
    if (unfreezeAt !== undefined) {
      model.freezeEncoder(epoch + 1 < unfreezeAt && this.#frozen);
    }
    await broadcastWeights(model, this.#communicator);
    for await (const batch of trainDataloader.batches(epoch, from)) {
      const { step, lossSum, seconds } = this.#state;
      if (this.#state.batch === batches) throw miscounted("more", batches);
      const rate = this.#options.scheduler.at(step, batches);
      const value = await this.#step(batch, rate);
      if (!Number.isFinite(value)) {
        throw new DivergedError({
          what: `loss ${value}`,
          ...{ epoch: epoch + 1, step: step + 1 },
          learningRate: rate.learningRate,
        });
      }
      const now = performance.now();
      const elapsed = (now - started) / 1000;
      started = now;
      this.#state = {
        ...this.#state,
        batch: this.#state.batch + 1,
        step: step + 1,
        lossSum: lossSum + value,
        seconds: seconds + elapsed,
      };
      onStep?.({
        epoch: epoch + 1,
        batch: this.#state.batch,
        batches,
        loss: this.#state.lossSum / this.#state.batch,
        learningRate: rate.learningRate,
        seconds: elapsed,
      });
      const { batch: done } = this.#state;
      if (await this.#isAborted()) return;
      if (saveEvery && done % saveEvery === 0 && done < batches) {
        await this.#save("saveLast");
      }
    }
    if (this.#state.batch < batches) throw miscounted("fewer", batches);
  }

  /** One step on a batch, or on this rank's share of one. */
  async #step(batch: Batch, rate: LearningRate): Promise<number> {
    const { model, loss, optimizer } = this.#options;
    const random = this.#random(dropoutStream, this.#state.step);
    const options = { model, loss, optimizer, rate, random };
    return this.#communicator.size === 1
      ? await trainStep(batch, options)
      : await this.#parallel.step(batch, options);
  }

  /** Random numbers of a step or epoch; each rank has its own. */
  #random(stream: number, at: number): Random {
    const { seed = 0 } = this.#options, { rank } = this.#communicator;
    return createRandom(seed, stream, at, ...rank > 0 ? [rank] : []);
  }

  /** Measures the model, unless the signal aborts: null then. */
  async #validate(
    { settle }: { settle: boolean },
  ): Promise<TimedEvaluation | null> {
    const { model, loss, testDataloader, signal, sourceOf } = this.#options;
    const started = performance.now();
    try {
      if (settle) await this.#settleStatistics();
      if (await this.#isAborted()) return null;
      const evaluation = await evaluate(model, testDataloader, {
        ...{ loss, communicator: this.#communicator },
        ...(sourceOf && { sourceOf }),
        ...(signal && { signal }),
      });
      return { evaluation, seconds: (performance.now() - started) / 1000 };
    } catch (cause) {
      if (signal?.aborted && cause === signal.reason) return null;
      if (cause instanceof EndedElsewhere) return null;
      throw cause;
    }
  }

  /** By the epoch alone, so that whoever validates anew finds the same. */
  async #settleStatistics(): Promise<void> {
    const { batchNormBatches: limit } = this.#options;
    const { model, trainDataloader, signal } = this.#options;
    const { syncBatchNorm = false } = this.#options;
    if (limit === undefined) return;
    const { epoch } = this.#state;
    await updateBatchNorm(model, trainDataloader.batches(epoch + 1), {
      limit,
      random: this.#random(statisticsStream, epoch),
      ...{ communicator: this.#communicator, syncBatchNorm },
      ...(signal && { signal }),
    });
  }

  async #finishEpoch(validation: TimedEvaluation): Promise<void> {
    const { trainDataloader, scheduler } = this.#options;
    const { batch, step, lossSum, seconds } = this.#state;
    const { learningRate } = scheduler.at(step - 1, trainDataloader.length);
    const row = rowOfEpoch(validation, {
      epoch: this.#state.epoch + 1,
      loss: lossSum / batch,
      ...{ step, learningRate, seconds },
    });
    await this.#finishRow(row, validation.evaluation);
  }

  /** Takes an epoch's row into the state, saves, and reports it. */
  async #finishRow(row: EpochRow, evaluation: Evaluation): Promise<void> {
    const { best, rows } = this.#state, { epoch, f1, step } = row;
    const isBest = best === null || f1 > best.f1 ||
      this.#options.keep === "last";
    this.#state = {
      epoch,
      batch: 0,
      step,
      lossSum: 0,
      seconds: 0,
      best: isBest ? { epoch, f1 } : best,
      rows: [...rows, row],
    };
    // The best goes first: a kill in between repeats the epoch, and finds the
    // same best again.
    if (isBest) await this.#save("saveBest");
    await this.#save("saveLast");
    await this.#options.record?.saveRows(this.#state.rows);
    await this.#options.onEpoch?.({ row, isBest, evaluation });
  }

  /**
   * Saves. A step may leave weights that are not finite while the loss still
   * is, for a ReLU may skip a NaN.
   */
  async #save(place: "saveLast" | "saveBest"): Promise<void> {
    const { record, scheduler, trainDataloader } = this.#options;
    try {
      await record?.[place](this.#state);
    } catch (cause) {
      if (!(cause instanceof TrainingError)) throw cause;
      const { epoch, batch, step } = this.#state;
      const learningRate = step === 0
        ? null
        : scheduler.at(step - 1, trainDataloader.length).learningRate;
      throw new DivergedError({
        what: "weights that are not finite",
        epoch: batch === 0 ? epoch : epoch + 1,
        ...{ step, learningRate },
      }, { cause });
    }
  }
}
