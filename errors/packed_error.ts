/**
 * Errors as messages between a worker and whoever started it. Runs in Deno.
 *
 * @module
 */
import * as unet from "./unet_error.ts";

/** An error as plain data, since a message keeps no class of ours. */
export interface PackedError {
  /** The name of its class. */
  readonly name: string;
  /** What a person reads. */
  readonly message: string;
  /** Where it was thrown. */
  readonly stack: string | undefined;
  /** Those of a `DatasetError`; else none. */
  readonly faults: readonly string[];
  /** What caused it. */
  readonly cause: PackedError | undefined;
}

const classes: Record<string, unknown> = {
  ...unet,
  // A page has none.
  ...("Deno" in globalThis ? Deno.errors : {}),
  RangeError,
  TypeError,
  SyntaxError,
  ReferenceError,
};

/**
 * Turns whatever was thrown into plain data.
 *
 * @param thrown What was thrown.
 * @returns What {@linkcode unpackError} makes it again of.
 *
 * @example
 * ```ts
 * import { FileError } from "@unet/errors";
 * import { packError, unpackError } from "@unet/errors/packed-error";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const sent = structuredClone(packError(new FileError("Cannot read it")));
 * const error = unpackError(sent);
 * assert(error instanceof FileError);
 * assertEquals(error.message, "Cannot read it");
 * ```
 */
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

/**
 * Makes the error again, of the same class where it is a known one.
 *
 * @param packed What {@linkcode packError} gave.
 * @returns The error.
 */
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
