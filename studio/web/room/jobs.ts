import type { ReadingChoices } from "@unet/app/plan-prediction";
import type { JobState } from "../../jobs/jobs.ts";
import type {
  NetworkReport,
  NetworkRequest,
} from "../network/network_messages.ts";
import {
  keptPrediction,
  listedOf,
  type PageImage,
  stateOf,
} from "./page_image.ts";
import type { Room } from "./room.ts";
import { RoomError } from "./room_error.ts";

/** What a person chose of a prediction. */
export interface JobChoices {
  /** The image; all without a person's mask where not given. */
  readonly name?: string;
  /** The model. */
  readonly model: string;
  /** The diameter of objects. */
  readonly diameter?: number | "auto" | "off";
  /** Which part of the files is read. */
  readonly reading?: ReadingChoices;
}

/** An image that waits for the network. */
interface Waiting {
  readonly name: string;
  readonly choices: JobChoices;
}

/** The file of a model. */
interface Weights {
  /** Names it among all files that were given. */
  readonly version: number;
  readonly file: Blob;
}

/** Faults that are kept for the page. */
const mostFaults = 20;

/** Pixels of all masks that a page holds: 512 MB of labels, as much besides. */
const mostMaskPixels = 2 ** 27;

/** The work of the network: one job at a time, an image after the other. */
export class Jobs {
  readonly #room: Room;
  readonly #port: MessagePort;
  readonly #send: (event: string, data: unknown) => void;
  readonly #models = new Map<string, Weights>();
  #versions = 0;
  #state: JobState | null = null;
  #left: Waiting[] = [];

  /**
   * @param room The images.
   * @param port The network's thread.
   * @param send Reports to the page.
   */
  constructor(
    room: Room,
    port: MessagePort,
    send: (event: string, data: unknown) => void,
  ) {
    this.#room = room;
    this.#port = port;
    this.#send = send;
    port.onmessage = ({ data }: MessageEvent<NetworkReport>) =>
      this.#hear(data);
  }

  /** The job under way, or the last one. */
  get state(): JobState | null {
    return this.#state;
  }

  /** The names of models. */
  get models(): string[] {
    return [...this.#models.keys()];
  }

  /** Adds a model, or replaces the one of its name. */
  addModel(name: string, weights: Blob): void {
    this.#models.set(name, { version: ++this.#versions, file: weights });
  }

  /** Whether an image is predicted now. */
  isAt(name: string): boolean {
    return this.#state?.state === "running" && this.#state.current === name;
  }

  /**
   * Begins a job.
   *
   * @throws {RoomError} If another one is under way, or there is nothing to do.
   */
  predict(choices: JobChoices): JobState {
    if (this.#state?.state === "running") {
      throw new RoomError(
        "Cannot predict: found a job under way; wait for it or cancel it",
      );
    }
    const names = choices.name !== undefined
      ? [choices.name]
      : this.#room.images.filter((image) => !isOfPerson(image))
        .map(({ file }) => file.path);
    return this.#begin(names, choices);
  }

  #begin(names: readonly string[], choices: JobChoices): JobState {
    this.#requireModel(choices);
    this.#left = names.map((name) => ({ name, choices }));
    this.#state = {
      ...{ type: "predict", choices: null, total: names.length, done: 0 },
      ...{ current: null, share: 0, device: null, faults: [], failed: 0 },
      state: "running",
    };
    this.#next();
    return this.#state!;
  }

  #requireModel({ model }: JobChoices): void {
    if (this.#models.has(model)) return;
    throw new RoomError(`Cannot predict: found no model ${model}`);
  }

  /** Predicts images after those under way. */
  add(names: readonly string[], model: string): JobState {
    if (this.#state?.state === "running") {
      this.#requireModel({ model });
      this.#left.push(...names.map((name) => ({ name, choices: { model } })));
      this.#set({ total: this.#state.total + names.length });
      return this.#state;
    }
    return this.#begin(names, { model });
  }

  /** Ends the job after the windows under way. */
  cancel(): JobState | null {
    if (this.#state?.state === "running") {
      this.#left = [];
      this.#ask({ type: "cancel" });
    }
    return this.#state;
  }

  #next(): void {
    const next = this.#left.shift();
    if (!next) return this.#set({ current: null, state: "ended" });
    const { name, choices } = next;
    // A person may have drawn or accepted it while it waited.
    if (choices.name === undefined && isOfPerson(this.#room.imageOf(name))) {
      this.#set({ total: this.#state!.total - 1 });
      return this.#next();
    }
    const { model, diameter = null, reading = {} } = choices;
    const { file: weights, version } = this.#models.get(model)!;
    this.#set({ current: name, share: 0 });
    this.#ask({
      ...{ type: "predict", name, files: this.#room.filesOf(name), model },
      ...{ weights, version, reading, diameter },
    });
  }

  #ask(request: NetworkRequest): void {
    this.#port.postMessage(request);
  }

  #hear(report: NetworkReport): void {
    const { current: name, done } = this.#state!;
    switch (report.type) {
      case "device":
        return this.#set({ device: report.device });
      case "progress":
        return this.#set({ share: report.share });
      case "image":
        this.#take(name!, report);
        this.#set({ done: done + 1, share: 0 });
        return this.#next();
      case "fault": {
        if (report.isCanceled) {
          return this.#set({ current: null, state: "canceled" });
        }
        this.#fail(report.message);
        return this.#next();
      }
    }
  }

  #fail(message: string): void {
    const { done, failed, faults } = this.#state!;
    this.#set({
      ...{ done: done + 1, failed: failed + 1, share: 0 },
      faults: [...faults, message].slice(-mostFaults),
    });
  }

  #take(name: string, found: NetworkReport & { type: "image" }): void {
    const image = this.#room.imageOf(name), { info, labels, objects } = found;
    const { width, height } = info;
    const others = this.#room.images.filter((other) => other !== image)
      .reduce((sum, { mask }) => sum + (mask?.labels.data.length ?? 0), 0);
    if (others + width * height > mostMaskPixels) {
      return this.#fail(
        `Cannot keep mask of ${
          JSON.stringify(name)
        }: found masks of ${others} pixels, expected at most ${mostMaskPixels} with this one; download them, then reload the page`,
      );
    }
    image.mask = this.#room.newMask({ width, height, data: labels });
    image.prediction = { ...keptPrediction(info, found.object), objects };
    image.isAccepted = false;
    image.settled = 0;
    this.#send("image", listedOf(image));
  }

  #set(changes: Partial<JobState>): void {
    this.#state = { ...this.#state!, ...changes };
    this.#send("job", this.#state);
  }
}

/** Whether a mask holds what a person drew or accepted. */
function isOfPerson(image: PageImage): boolean {
  const state = stateOf(image);
  return state === "corrected" || state === "accepted";
}
