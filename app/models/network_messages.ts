import type { DeviceFacts } from "@unet/device";
import type { PackedError } from "@unet/errors/packed-error";
import type { Predict, WindowOptions } from "@unet/infer";
import type { SavedModel } from "@unet/model";
import type {
  InferenceSettings,
  WindowSettings,
} from "../settings/predict_settings.ts";

/** How a network is opened, and how images are cut for it. */
export type NetworkChoices = Partial<InferenceSettings & WindowSettings>;

/** The first thing that a worker is asked for: to open a network. */
export interface OpenRequest extends Pick<SavedModel, "path" | "bytes"> {
  /** How. */
  readonly choices: NetworkChoices;
}

/** Windows that a network is to see, as `Predict` takes them. */
export interface PredictRequest {
  /** Their values; the worker's from now on. */
  readonly x: Float32Array<ArrayBuffer>;
  /** How many, rows, columns. */
  readonly shape: readonly [n: number, height: number, width: number];
}

/** Asks the network to compute with so many threads from now on. */
export interface ThreadsRequest {
  /** How many, at most those that it opened with. */
  readonly threads: number;
}

/** A request to the network's worker, which answers requests in order. */
export type NetworkRequest =
  | OpenRequest
  | PredictRequest
  | ThreadsRequest
  | "close";

/** A network that is open. */
export interface OpenedNetwork
  extends Required<Pick<Predict, "heads">>, Pick<Predict, "input"> {
  /** What it computes on. */
  readonly device: DeviceFacts;
  /** How images are cut for it. */
  readonly window: WindowOptions;
  /** The threads that it computes with; 1 where it cannot compute with fewer. */
  readonly threads: number;
}

/** A worker's answer. */
export type NetworkReply =
  | { readonly opened: OpenedNetwork }
  | {
    /** What the network says. */
    readonly values: Float32Array<ArrayBuffer>;
    /** The request's memory, given back. */
    readonly x: Float32Array<ArrayBuffer>;
  }
  | { readonly error: PackedError }
  | { readonly done: true };
