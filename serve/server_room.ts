import type { SegmentedChoices } from "@unet/app/segmenter";
import type { Turns } from "@unet/http";
import type { Admission, Ticket } from "./admission.ts";
import type { ModelFacts } from "./compute_messages.ts";
import type { ComputeThread } from "./compute_thread.ts";
import type { Metrics } from "./metrics.ts";

/** A model that is served. */
export interface ServedModel extends ModelFacts {
  /** Its name in addresses. */
  readonly name: string;
  /** The thread that computes it. */
  readonly thread: ComputeThread;
}

/** How much one request may be. */
export interface RequestLimits {
  /** Bytes of its body. */
  readonly mostBytes: number;
  /** Pixels of its images, all planes together. */
  readonly mostPixels: number;
  /** Seconds from its header to its answer. */
  readonly seconds: number;
}

/** What answers are made of. */
export interface ServerRoom {
  /** The models by name. */
  readonly models: ReadonlyMap<string, ServedModel>;
  /** How much one request may be. */
  readonly limits: RequestLimits;
  /** Who is let in. */
  readonly admission: Admission;
  /** Whose turn it is: one request is computed at a time. */
  readonly turns: Turns;
  /** What Prometheus reads. */
  readonly metrics: Metrics;
  /** A folder of the server's own, for images that are being segmented. */
  readonly folder: string;
  /** Whether a model's thread has ended, so that nothing can be computed. */
  readonly hasFailed: () => boolean;
}

/** A request that was let in. */
export interface Asked {
  /** The request, whose body is still to be read. */
  readonly request: Request;
  /** The model that the address names. */
  readonly model: string | undefined;
  /** What the address says behind its question mark. */
  readonly query: URLSearchParams;
  /** Aborted when the client goes away or its time is over. */
  readonly signal: AbortSignal;
}

/** Those and what it keeps in memory. */
export interface AskedWork extends Asked {
  /** What it counts its bytes by. */
  readonly ticket: Ticket;
}

/** Settings for an image, except where it is written. */
export type Choices = Omit<SegmentedChoices, "out">;
