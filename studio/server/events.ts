import { RequestError } from "@unet/http";

/** Milliseconds between lines that keep a silent connection open. */
const interval = 15_000;

/** The most pages that listen at once. */
const mostListeners = 32;

/** What happens in a studio, as server-sent events to every page that listens. */
export class Events {
  readonly #listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #encoder = new TextEncoder();

  /**
   * Reports an event to every page.
   *
   * @param type Its kind, as in "image" or "job".
   * @param data What happened, as plain data.
   */
  send(type: string, data: unknown): void {
    this.#write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /**
   * A new listener.
   *
   * @returns The answer, which ends with the page or the studio.
   * @throws {RequestError} With status 503, if too many listen.
   */
  listen(): Response {
    if (this.#listeners.size >= mostListeners) {
      throw new RequestError(
        503,
        `Cannot listen to the studio: found ${mostListeners} open pages; close one`,
      );
    }
    this.#timer ??= setInterval(
      () => this.#write(": still here\n\n"),
      interval,
    );
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#listeners.add(controller);
        controller.enqueue(this.#encoder.encode(": welcome\n\n"));
      },
      cancel: () => void this.#listeners.delete(own),
    });
    return new Response(body, {
      headers: { "Content-Type": "text/event-stream" },
    });
  }

  /** Ends all connections. */
  close(): void {
    clearInterval(this.#timer);
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }

  #write(text: string): void {
    const bytes = this.#encoder.encode(text);
    for (const listener of this.#listeners) listener.enqueue(bytes);
  }
}
