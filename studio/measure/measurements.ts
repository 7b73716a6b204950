import { UnetError } from "@unet/errors";
import { Turns } from "@unet/http";
import type {
  MeasureAnswer,
  MeasuredColumns,
  MeasureProgress,
  MeasureRequest,
} from "./measure_messages.ts";

/** Requests that may wait for the one that is measured. */
const mostWaiting = 32;

/** Who hears of measuring. */
export interface MeasureEvents {
  /** More objects are measured. */
  readonly onProgress: (progress: MeasureProgress) => void;
  /** The program has a defect. */
  readonly onDefect: (error: unknown) => void;
}

/** How a request ended. */
type MeasureEnd = Exclude<MeasureAnswer, { progress: MeasureProgress }>;

/** Measures the objects of masks, one mask at a time, in a thread of its own. */
export class Measurements implements Disposable {
  readonly #events: MeasureEvents;
  readonly #turns = new Turns(1, mostWaiting);
  #worker: Worker | null = null;
  #asked: { readonly id: number; end(answer: MeasureEnd): void } | null = null;
  #ids = 0;

  /** @param events Who hears of progress and of defects. */
  constructor(events: MeasureEvents) {
    this.#events = events;
  }

  /**
   * Measures a mask when its turn has come.
   *
   * @param prepare Gives what is asked, as late as possible: labels that wait
   * would fill the memory.
   * @returns The table.
   * @throws {UnetError} If the image, the mask or the file that is asked for is
   * at fault.
   * @throws {RequestError} With status 503, if too many wait.
   */
  measure(
    prepare: () => Promise<Omit<MeasureRequest, "id">>,
  ): Promise<MeasuredColumns> {
    return this.#turns.run(async () => {
      const request = { ...await prepare(), id: ++this.#ids };
      const answer = await this.#ask(request);
      if ("measured" in answer) return answer.measured;
      if (answer.defect !== undefined) this.#events.onDefect(answer.defect);
      throw new UnetError(
        answer.fault ??
          "Cannot measure image: found a defect of the program; the terminal says more",
      );
    });
  }

  #ask(request: MeasureRequest): Promise<MeasureEnd> {
    const worker = this.#worker ??= this.#open();
    const { mask } = request;
    return new Promise((resolve) => {
      this.#asked = { id: request.id, end: resolve };
      worker.postMessage(request, {
        transfer: typeof mask === "string"
          ? []
          : [mask.data.buffer as ArrayBuffer],
      });
    });
  }

  #open(): Worker {
    const url = new URL("./measure_worker.ts", import.meta.url);
    const worker = new Worker(url.href, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<MeasureAnswer>) => {
      if (this.#asked?.id !== data.id) return;
      if ("progress" in data) this.#events.onProgress(data.progress);
      else this.#asked.end(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#worker = null;
      const { id = 0 } = this.#asked ?? {};
      this.#asked?.end({ id, fault: null, defect: event.message });
    };
    return worker;
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
