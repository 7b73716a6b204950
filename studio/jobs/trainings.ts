import type { TrainSettings } from "@unet/app";
import { RequestError } from "@unet/http";
import type { ShownRow, TrainReport, TrainRequest } from "./train_messages.ts";

/** A training, as the page shows it. */
export interface TrainingView {
  /** Its run. */
  readonly name: string;
  /** The model that it started from; null for a new network. */
  readonly from: string | null;
  /** Whether it is under way, and how it ended. */
  readonly state: "running" | "stopping" | "stopped" | "ended" | "failed";
  /** What computes, once it is known. */
  readonly device: string | null;
  /** Images that are read; null once the training has begun. */
  readonly reading: { readonly done: number; readonly total: number } | null;
  /** Images by use, once they are known. */
  readonly images: {
    readonly train: number;
    readonly validation: number;
  } | null;
  /** Epochs to be made. */
  readonly epochs: number;
  /** Epochs finished, and the share of the one under way. */
  readonly done: number;
  /** The mean loss of the epoch under way. */
  readonly loss: number | null;
  /** What each epoch measured. */
  readonly rows: readonly ShownRow[];
  /** Seconds until all epochs are made, at the latest. */
  readonly secondsLeft: number | null;
  /** What a person should know, the latest last. */
  readonly notes: readonly string[];
  /** Why it ended early. */
  readonly fault: string | null;
}

/** Who hears of trainings. */
export interface TrainingEvents {
  /** The training is in another state. */
  readonly onState: (state: TrainingView) => void;
  /** The program has a defect. */
  readonly onDefect: (error: unknown) => void;
}

/** What is to be trained. */
export interface PreparedTraining {
  /** Its run. */
  readonly name: string;
  /** The model that it starts from; null for a new network. */
  readonly from: string | null;
  /** Every setting. */
  readonly settings: TrainSettings;
  /** What a person should know of it. */
  readonly notes: readonly string[];
}

/** Notes that are kept for the page. */
const mostNotes = 20;

/** The trainings of a studio: one at a time, in a thread of its own. */
export class Trainings implements AsyncDisposable {
  readonly #events: TrainingEvents;
  #worker: Worker | null = null;
  #view: TrainingView | null = null;
  #isBusy = false;
  #end = Promise.withResolvers<void>();

  /** @param events Who hears of trainings. */
  constructor(events: TrainingEvents) {
    this.#events = events;
  }

  /** The training under way, or the last one; null if there was none. */
  get view(): TrainingView | null {
    return this.#view;
  }

  /**
   * Begins a training.
   *
   * @param prepare Finds out what is trained; nobody else begins meanwhile.
   * @throws {RequestError} With status 409, if another one is under way.
   * @throws What preparing throws.
   */
  async start(prepare: () => Promise<PreparedTraining>): Promise<void> {
    if (this.#isBusy) {
      throw new RequestError(
        409,
        "Cannot train: found another training under way; wait for it or stop it",
      );
    }
    this.#isBusy = true;
    try {
      const { settings, ...about } = await prepare();
      this.#change({
        ...about,
        ...{ state: "running", device: null, reading: null, images: null },
        ...{ epochs: settings.epochs, done: 0, loss: null, rows: [] },
        ...{ secondsLeft: null, fault: null },
      });
      this.#worker = this.#open();
      this.#end = Promise.withResolvers();
      this.#worker.postMessage(
        { type: "train", settings } satisfies TrainRequest,
      );
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
  }

  /** Asks the training to save after its step and to end. */
  stop(): void {
    if (this.#view?.state !== "running") return;
    this.#change({ ...this.#view, state: "stopping" });
    this.#worker?.postMessage({ type: "stop" } satisfies TrainRequest);
  }

  /** Lets the training under way save, and ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#worker === null) return;
    this.stop();
    await this.#end.promise;
  }

  #open(): Worker {
    const url = new URL("./train_worker.ts", import.meta.url);
    const worker = new Worker(url.href, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<TrainReport>) =>
      this.#take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#events.onDefect(event.message);
      this.#finish({
        state: "failed",
        fault: "Cannot train: found a defect of the program",
      });
    };
    return worker;
  }

  #take(report: TrainReport): void {
    const view = this.#view!;
    switch (report.type) {
      case "device":
        return this.#change({ ...view, device: report.device });
      case "reading": {
        const { done, total } = report;
        return this.#change({ ...view, reading: { done, total } });
      }
      case "start": {
        const { images, epochs, rows, done } = report;
        return this.#change({
          ...{ ...view, images, epochs, rows, done },
          reading: null,
        });
      }
      case "step": {
        const { loss, done, secondsLeft } = report;
        return this.#change({ ...view, loss, done, secondsLeft });
      }
      case "epoch": {
        const { row } = report, rows = [...view.rows, row];
        return this.#change({ ...view, rows, done: row.epoch, loss: null });
      }
      case "note": {
        const notes = [...view.notes, report.line].slice(-mostNotes);
        return this.#change({ ...view, notes });
      }
      case "fault":
        if (report.defect !== undefined) this.#events.onDefect(report.defect);
        return this.#change({ ...view, fault: report.message });
      case "end":
        return this.#finish({
          state: view.fault !== null
            ? "failed"
            : report.isOver
            ? "ended"
            : "stopped",
        });
    }
  }

  #finish(change: Partial<TrainingView>): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#isBusy = false;
    this.#change({
      ...this.#view!,
      reading: null,
      secondsLeft: null,
      ...change,
    });
    this.#end.resolve();
  }

  #change(view: TrainingView): void {
    this.#view = view;
    this.#events.onState(view);
  }
}
