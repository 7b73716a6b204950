import { RequestError } from "@unet/http";
import type { JobReport, JobRequest } from "./job_messages.ts";

/** What decides a prediction. */
export type PredictChoices = Pick<
  JobRequest & { readonly type: "predict" },
  "model" | "reading" | "settings"
>;

/** A job, as the page shows it. */
export interface JobState {
  /** What it does. */
  readonly type: "predict" | "save" | "compare" | "measure";
  /** What a prediction is made by; null of another job. */
  readonly choices: PredictChoices | null;
  /** How many images it has. */
  readonly total: number;
  /** How many of them are finished, with or without success. */
  readonly done: number;
  /** The image under way. */
  readonly current: string | null;
  /** How much of that image is finished, 0 to 1. */
  readonly share: number;
  /** What computes, once it is known. */
  readonly device: string | null;
  /** What went wrong, the latest last. */
  readonly faults: readonly string[];
  /** How many images failed. */
  readonly failed: number;
  /** Whether it is under way, and how it ended. */
  readonly state: "running" | "ended" | "canceled";
}

/** Who hears of a job. */
export interface JobEvents {
  /** The job is in another state. */
  readonly onState: (state: JobState) => void;
  /** An image has a new mask; the job waits for this. */
  readonly onImage: (image: JobReport & { type: "image" }) => Promise<void>;
  /** The program has a defect. */
  readonly onDefect: (error: unknown) => void;
}

/** Faults that are kept for the page. */
const mostFaults = 20;

/** The work of a studio: one job at a time, in a thread of its own. */
export class Jobs implements Disposable {
  readonly #events: JobEvents;
  #worker: Worker | null = null;
  #state: JobState | null = null;
  #names: ReadonlySet<string> = new Set();
  /** What a report waits for, so that they are taken in their order. */
  #last: Promise<void> = Promise.resolve();

  /** @param events Who hears of jobs. */
  constructor(events: JobEvents) {
    this.#events = events;
  }

  /** The job under way, or the last one; null if there was none. */
  get state(): JobState | null {
    return this.#state;
  }

  /** Whether an image belongs to the job under way. */
  isAt(name: string): boolean {
    return this.#state?.state === "running" && this.#names.has(name);
  }

  /**
   * Begins a job.
   *
   * @param request What is to be done.
   * @param faults Those of images that it has to leave out, one each.
   * @throws {RequestError} With status 409, if another one is under way.
   */
  start(
    request: Exclude<JobRequest, { type: "cancel" }>,
    faults: readonly string[] = [],
  ): void {
    if (this.#state?.state === "running") {
      throw new RequestError(
        409,
        "Cannot begin job: found another one under way; wait for it or cancel it",
      );
    }
    const { type } = request, failed = faults.length;
    const parts = type === "compare" ? request.models : request.images;
    this.#change({
      ...{ type, total: parts.length + failed, done: failed, failed },
      ...{ current: null, share: 0, device: null, state: "running" },
      choices: type === "predict" ? choicesOf(request) : null,
      faults: faults.slice(-mostFaults),
    });
    // What is compared or measured stays as it is.
    const isReplaced = type === "predict" || type === "save";
    this.#names = new Set(
      isReplaced ? request.images.map(({ name }) => name) : [],
    );
    this.#worker ??= this.#open();
    this.#worker.postMessage(request);
  }

  /** Asks the job under way to end; what is saved stays. */
  cancel(): void {
    if (this.#state?.state !== "running") return;
    this.#worker?.postMessage({ type: "cancel" });
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #open(): Worker {
    const url = new URL("./job_worker.ts", import.meta.url);
    const worker = new Worker(url.href, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<JobReport>) => {
      this.#last = this.#last.then(() => this.#take(data))
        .catch((error) => this.#events.onDefect(error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#worker = null;
      this.#events.onDefect(event.message);
      this.#add("Cannot finish the job: found a defect of the program");
      this.#change({ ...this.#state!, state: "ended" });
    };
    return worker;
  }

  async #take(report: JobReport): Promise<void> {
    const state = this.#state!;
    switch (report.type) {
      case "device":
        return this.#change({ ...state, device: report.device });
      case "progress": {
        const { name, share } = report;
        return this.#change({ ...state, current: name, share });
      }
      case "image":
        await this.#events.onImage(report);
        return this.#change({ ...state, done: state.done + 1, share: 0 });
      case "compared":
      case "measured":
        return this.#change({ ...state, done: state.done + 1, share: 0 });
      case "fault":
        if (report.defect !== undefined) this.#events.onDefect(report.defect);
        this.#add(report.message);
        return this.#change({
          ...this.#state!,
          ...(report.name !== null && {
            done: state.done + 1,
            failed: state.failed + 1,
          }),
        });
      case "end":
        return this.#change({
          ...{ ...state, current: null, share: 0 },
          state: report.isCanceled ? "canceled" : "ended",
        });
    }
  }

  #add(fault: string): void {
    const faults = [...this.#state!.faults, fault].slice(-mostFaults);
    this.#state = { ...this.#state!, faults };
  }

  #change(state: JobState): void {
    this.#state = state;
    this.#events.onState(state);
  }
}

function choicesOf(
  { model, reading, settings }: PredictChoices,
): PredictChoices {
  return { model, reading, settings };
}
