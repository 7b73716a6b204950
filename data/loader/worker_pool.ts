import { UnetError } from "@unet/errors";
import { unpackError } from "@unet/errors/packed-error";
import type { BatchPlan } from "./batch_maker.ts";
import type { LoaderReply, LoaderRequest } from "./loader_messages.ts";
import type { Batch } from "../types.ts";

interface Job {
  readonly epoch: number;
  readonly tiles: readonly number[];
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: Error) => void;
}

/** Workers that make batches, one each at a time; started when needed. */
export class WorkerPool {
  readonly #count: number;
  readonly #plan: BatchPlan;
  readonly #idle: Worker[] = [];
  readonly #busy: Map<Worker, Job> = new Map();
  readonly #waiting: Job[] = [];
  /** Why an idle worker ended; reported to the next job. */
  #failure: Error | undefined;

  constructor(count: number, plan: BatchPlan) {
    this.#count = count;
    this.#plan = plan;
  }

  /** Has a batch made; jobs begin in the order of the calls. */
  run(epoch: number, tiles: readonly number[]): Promise<Batch> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ epoch, tiles, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends all workers, and fails what was not done; they start again on need. */
  end(reason: Error): void {
    const workers = [...this.#idle, ...this.#busy.keys()];
    const jobs = [...this.#busy.values(), ...this.#waiting];
    this.#idle.length = this.#waiting.length = 0;
    this.#busy.clear();
    this.#failure = undefined;
    for (const worker of workers) worker.terminate();
    for (const job of jobs) job.reject(reason);
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      if (this.#failure) {
        this.#waiting.shift()!.reject(this.#failure);
        this.#failure = undefined;
        continue;
      }
      const full = this.#busy.size >= this.#count;
      const worker = this.#idle.pop() ?? (full ? undefined : this.#start());
      if (!worker) return;
      const job = this.#waiting.shift()!;
      this.#busy.set(worker, job);
      send(worker, { epoch: job.epoch, tiles: job.tiles });
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL("./loader_worker.ts", import.meta.url), {
      type: "module",
    });
    worker.onmessage = ({ data }: MessageEvent<LoaderReply>) => {
      if ("ended" in data) return this.#lose(worker, "it ended on its own");
      const job = this.#busy.get(worker);
      if (!job) return;
      this.#busy.delete(worker);
      this.#idle.push(worker);
      // V8 frees array buffers when it allocates one, not when one arrives:
      // without this, used batches pile up to a gigabyte.
      new ArrayBuffer(1024);
      if ("batch" in data) job.resolve(data.batch);
      else job.reject(unpackError(data.error));
      this.#dispatch();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(worker, event.message);
    };
    send(worker, { plan: this.#plan });
    return worker;
  }

  #lose(worker: Worker, found: string): void {
    worker.terminate();
    const error = new UnetError(
      `Cannot load batch in a worker: found ${found}`,
    );
    const job = this.#busy.get(worker);
    const place = this.#idle.indexOf(worker);
    if (place >= 0) this.#idle.splice(place, 1);
    this.#busy.delete(worker);
    if (job) job.reject(error);
    else if (place >= 0) this.#failure = error;
    this.#dispatch();
  }
}

function send(worker: Worker, request: LoaderRequest): void {
  worker.postMessage(request);
}
