import * as unet from "@unet/errors";
import type { BatchPlan } from "./batch_maker.ts";
import type { Batch } from "../types.ts";

/** What a loader tells its worker: the plan once, then a job at a time. */
export type LoaderRequest =
  | { readonly plan: BatchPlan }
  | { readonly epoch: number; readonly tiles: readonly number[] };

/** What a worker answers to a job, or says when it ends by itself. */
export type LoaderReply =
  | { readonly batch: Batch }
  | { readonly error: PackedError }
  | { readonly ended: true };

/** An error as plain data, since a message keeps no class of ours. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly faults: readonly string[];
  readonly cause: PackedError | undefined;
}

const classes: Record<string, unknown> = {
  ...unet,
  ...Deno.errors,
  RangeError,
  TypeError,
  SyntaxError,
  ReferenceError,
};

/** Turns whatever was thrown into plain data. */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) return packError(new Error(String(thrown)));
  const { name, message, stack, cause } = thrown;
  return {
    name,
    message,
    stack,
    faults: thrown instanceof unet.DatasetError ? thrown.faults : [],
    cause: cause === undefined ? undefined : packError(cause),
  };
}

/** Makes the error again, of the same class where it is a known one. */
export function unpackError(packed: PackedError): Error {
  const { name, message, stack } = packed;
  const cause = packed.cause && { cause: unpackError(packed.cause) };
  const known = classes[name];
  const error = name === "DatasetError"
    ? new unet.DatasetError(message, packed.faults)
    : isErrorClass(known)
    ? new known(message, cause)
    : new Error(message, cause);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

function isErrorClass(
  value: unknown,
): value is new (message: string, options?: ErrorOptions) => Error {
  return typeof value === "function" && value.prototype instanceof Error;
}
