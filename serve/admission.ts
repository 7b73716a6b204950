import { RequestError } from "@unet/http";

/** A request that was let in; dispose of it when it is answered. */
export interface Ticket extends Disposable {
  /**
   * Counts bytes that the request keeps in memory.
   *
   * @throws {RequestError} With status 503, if all requests keep too many.
   */
  add(bytes: number): void;
}

/** How much is let in. */
export interface AdmissionLimits {
  /** Requests at once. */
  readonly requests: number;
  /** Bytes that they keep in memory, together. */
  readonly bytes: number;
}

/**
 * Lets requests in before their bodies are read, so that their memory is
 * bounded, and none after the server was asked to stop.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #idle = Promise.withResolvers<void>();
  #requests = 0;
  #bytes = 0;
  #isStopping = false;

  /** @param limits How much is let in. */
  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Whether no more requests are let in. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Requests that are in. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Lets a request in.
   *
   * @throws {RequestError} With status 503, if there are too many, or the
   * server is stopping.
   */
  enter(): Ticket {
    if (this.#isStopping) throw unavailable("a server that is stopping");
    if (this.#requests >= this.#limits.requests) {
      throw unavailable(`${this.#requests} requests that wait`);
    }
    this.#requests++;
    let own = 0;
    return {
      add: (bytes) => {
        if (this.#bytes + bytes > this.#limits.bytes) {
          throw unavailable("too many bytes of requests that wait");
        }
        this.#bytes += bytes;
        own += bytes;
      },
      [Symbol.dispose]: () => {
        this.#requests--;
        this.#bytes -= own;
        this.#settle();
      },
    };
  }

  /**
   * Lets no more requests in.
   *
   * @returns When the last one is answered.
   */
  stop(): Promise<void> {
    this.#isStopping = true;
    this.#settle();
    return this.#idle.promise;
  }

  #settle(): void {
    if (this.#isStopping && this.#requests === 0) this.#idle.resolve();
  }
}

function unavailable(found: string): RequestError {
  return new RequestError(
    503,
    `Cannot answer request: found ${found}; try again`,
    { retryAfter: 1 },
  );
}
