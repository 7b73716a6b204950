import type { PackedError } from "@unet/errors/packed-error";
import type { BatchPlan } from "./batch_maker.ts";
import type { Batch } from "../types.ts";

/** A loader's message to its worker: the plan once, then one job at a time. */
export type LoaderRequest =
  | { readonly plan: BatchPlan }
  | { readonly epoch: number; readonly tiles: readonly number[] };

/** A worker's answer to a job, or its report when it ends on its own. */
export type LoaderReply =
  | { readonly batch: Batch }
  | { readonly error: PackedError }
  | { readonly ended: true };
