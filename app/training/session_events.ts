import type { Device } from "@unet/device";
import type { Communicator } from "@unet/train";
import type { WeightsEvents } from "./model_from_weights.ts";
import type { DataEvents } from "./training_data.ts";

/** Events before the first step, and the signal that ends it. */
export interface SessionEvents extends Partial<WeightsEvents & DataEvents> {
  /** The device is to be opened next: what it needs may be fetched. */
  beforeDevice?(): Promise<void>;
  /** The device was opened. */
  onDevice?(device: Device): void;
  /** When aborted, the work ends. */
  readonly signal?: AbortSignal;
  /** Connects the processes that train together; none do by default. */
  readonly communicator?: Communicator;
}
