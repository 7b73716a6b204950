import { cannot, TrainingError } from "@unet/errors";
import type { MpiLibrary } from "./_open_library.ts";

/** Milliseconds in which a call that waits only asks again. */
const spin = 0.1;

/** Milliseconds in which it lets other events through; then it sleeps. */
const patience = 2;

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
      const waited = this.#checkTime(request, began);
      if (waited < spin) continue;
      await new Promise((resolve) =>
        waited < patience ? setImmediate(resolve) : setTimeout(resolve, 1)
      );
    }
  }

  /** Waits for a request and blocks this thread. */
  endNow(request: Request): void {
    const began = performance.now();
    const nap = new Int32Array(new SharedArrayBuffer(4));
    while (!this.#isDone(request)) {
      const waited = this.#checkTime(request, began);
      if (waited > spin) Atomics.wait(nap, 0, 0, waited < patience ? 0.05 : 1);
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
    return true;
  }

  #checkTime({ name, limit }: Request, began: number): number {
    const waited = performance.now() - began;
    if (waited <= limit) return waited;
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
