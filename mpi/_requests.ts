import { cannot, TrainingError } from "@unet/errors";
import type { MpiLibrary } from "./_open_library.ts";

/** Milliseconds in which a rank that waits only asks again. */
const spin = 0.1;

/**
 * Afterwards it sleeps before it asks again: a hundredth of the time since
 * anything began or ended, so that sleeping prolongs no wait by much, in
 * milliseconds between these. On a shared core, the rank that it waits for has
 * the core meanwhile.
 */
const [shortestNap, longestNap] = [0.05, 1];

/** Something that all ranks do together and that was begun. */
export interface Request {
  /** What it is, as in "sum". */
  readonly name: string;
  /** Milliseconds that it may take. */
  readonly limit: number;
  /** MPI's handle, which it clears at the end. */
  readonly handle: BigUint64Array<ArrayBuffer>;
  /** The memory that MPI reads and writes until then. */
  readonly memory: readonly ArrayBufferView[];
}

/** What a person reads of this rank in a message. */
export interface RankPlace {
  readonly rank: number;
  readonly size: number;
  readonly host: string;
}

/** What was begun with MPI and is not done yet; the only state of it here. */
export class Requests {
  readonly #library: MpiLibrary;
  readonly #place: RankPlace;
  readonly #open = new Set<Request>();
  readonly #flag = new Int32Array(1);
  readonly #status = new Uint8Array(256);
  /** What a sleeping thread waits on; nothing wakes it before its time. */
  readonly #bed = new Int32Array(new SharedArrayBuffer(4));
  /** When anything began or ended last. */
  #changed = 0;
  /** The pause that all calls which wait now share. */
  #pausing: Promise<void> | null = null;

  constructor(library: MpiLibrary, place: RankPlace) {
    this.#library = library;
    this.#place = place;
  }

  /** Begins something; `start` calls MPI with the request's handle. */
  begin(
    { name, limit, memory }: Omit<Request, "handle">,
    start: (handle: BigUint64Array<ArrayBuffer>) => number,
  ): Request {
    const handle = new BigUint64Array(1);
    this.check(start(handle), name);
    const request = { name, limit, memory, handle };
    this.#open.add(request);
    this.#changed = performance.now();
    return request;
  }

  /** Lets everything that is open move on. */
  poll(): void {
    for (const request of this.#open) this.#isDone(request);
  }

  /** Waits for a request and lets other events through meanwhile. */
  async end(request: Request): Promise<void> {
    const began = performance.now();
    while (!this.#isDone(request)) {
      this.#checkTime(request, began);
      await (this.#pausing ??= this.#pause());
    }
  }

  /** Waits for a request and blocks this thread. */
  endNow(request: Request): void {
    const began = performance.now();
    while (!this.#isDone(request)) {
      this.#checkTime(request, began);
      this.#nap();
    }
  }

  /** Throws what MPI says of a call that failed. */
  check(code: number, name: string): void {
    if (code === 0) return;
    const bytes = new Uint8Array(8192), length = new Int32Array(1);
    this.#library.symbols.MPI_Error_string(code, bytes, length);
    const [words = ""] = new TextDecoder().decode(bytes.subarray(0, length[0]))
      .split("\n");
    throw this.#fault(name, `an error of MPI (${words.trim()})`);
  }

  #isDone(request: Request): boolean {
    if (!this.#open.has(request)) return true;
    const { symbols } = this.#library;
    const code = symbols.MPI_Test(request.handle, this.#flag, this.#status);
    this.check(code, request.name);
    if (this.#flag[0] === 0) return false;
    this.#open.delete(request);
    this.#changed = performance.now();
    return true;
  }

  /** A turn of the event loop, then a nap: a timer costs more than both. */
  async #pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#nap();
    this.#pausing = null;
  }

  #nap(): void {
    const idle = performance.now() - this.#changed;
    if (idle < spin) return;
    const nap = Math.min(Math.max(idle / 100, shortestNap), longestNap);
    Atomics.wait(this.#bed, 0, 0, nap);
  }

  #checkTime({ name, limit }: Request, began: number): void {
    if (performance.now() - began <= limit) return;
    throw this.#fault(name, `no answer of another rank for ${limit / 1000} s`);
  }

  #fault(name: string, found: string): TrainingError {
    const { rank, size, host } = this.#place;
    return new TrainingError(
      cannot(`make the ${name} of ${size} ranks on`, "rank", String(rank), {
        found: `${found} (host ${host})`,
        remedy: "continue with `resume`",
      }),
    );
  }
}
