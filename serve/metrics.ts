import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What is asked when metrics are read. */
export interface Gauges {
  /** Requests that wait for their turn. */
  waiting(): number;
  /** Requests that are computed. */
  running(): number;
  /** Bytes of the process in memory. */
  memory(): number;
}

/** Seconds that requests take, from a small image to a slide. */
const buckets = [
  ...[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
];

/** What Prometheus reads: counts and times of one server. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"route" | "code">;
  readonly #seconds: Histogram<"route">;
  readonly #compute: Histogram<"model">;
  readonly #pixels: Counter<"model">;

  /** @param gauges Asked when metrics are read. */
  constructor(gauges: Gauges) {
    const registers = [this.#registry];
    this.#requests = new Counter({
      ...{ name: "unet_requests_total", registers },
      help: "Requests that were answered, by route and status code.",
      labelNames: ["route", "code"],
    });
    this.#seconds = new Histogram({
      ...{ name: "unet_request_seconds", registers, buckets },
      help: "Seconds from a request's header to its answer, waiting included.",
      labelNames: ["route"],
    });
    this.#compute = new Histogram({
      ...{ name: "unet_compute_seconds", registers, buckets },
      help: "Seconds that a request was computed, without waiting.",
      labelNames: ["model"],
    });
    this.#pixels = new Counter({
      ...{ name: "unet_pixels_total", registers },
      help: "Pixels of the images that were segmented.",
      labelNames: ["model"],
    });
    gauge("unet_queue_length", "Requests that wait for their turn.", {
      ...{ registers, read: gauges.waiting },
    });
    gauge("unet_running_requests", "Requests that are being computed.", {
      ...{ registers, read: gauges.running },
    });
    gauge("process_resident_memory_bytes", "Memory of the process.", {
      ...{ registers, read: gauges.memory },
    });
  }

  /** Counts an answer. */
  answered(route: string, code: number, seconds: number): void {
    this.#requests.inc({ route, code: String(code) });
    this.#seconds.observe({ route }, seconds);
  }

  /** Counts images that were segmented. */
  computed(model: string, pixels: number, seconds: number): void {
    this.#pixels.inc({ model }, pixels);
    this.#compute.observe({ model }, seconds);
  }

  /** All of them in Prometheus' text format, and its media type. */
  async read(): Promise<{ readonly text: string; readonly type: string }> {
    return {
      text: await this.#registry.metrics(),
      type: this.#registry.contentType,
    };
  }
}

function gauge(
  name: string,
  help: string,
  { registers, read }: {
    readonly registers: Registry[];
    readonly read: () => number;
  },
): void {
  const collect = function (this: Gauge): void {
    this.set(read());
  };
  new Gauge({ name, help, registers, collect });
}
