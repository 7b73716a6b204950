import type { PackedError } from "@unet/errors/packed-error";
import type { BatchPlan } from "./batch_maker.ts";
import type { Batch } from "../types.ts";

/** What a loader sends to its worker: the plan once, then a job at a time. */
export type LoaderRequest =
  | { readonly plan: BatchPlan }
  | { readonly epoch: number; readonly tiles: readonly number[] };

/** What a worker answers to a job, or says when it ends on its own. */
export type LoaderReply =
  | { readonly batch: Batch }
  | { readonly error: PackedError }
  | { readonly ended: true };
