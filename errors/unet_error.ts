/**
 * Base of every fault of input, file or machine.
 *
 * @example
 * ```ts
 * import { FileError, UnetError } from "@unet/errors";
 * import { assert } from "@std/assert";
 *
 * assert(new FileError("Cannot read image") instanceof UnetError);
 * ```
 */
export class UnetError extends Error {
  /** The name of the class. */
  override name = "UnetError";
}

/** A file or folder that cannot be read, written, or is not what it claims. */
export class FileError extends UnetError {
  /** The name of the class. */
  override name = "FileError";
}

/** A dataset with faults; carries all of them. */
export class DatasetError extends UnetError {
  /** The name of the class. */
  override name = "DatasetError";
  /** One line a fault. */
  readonly faults: readonly string[];

  /**
   * Gathers the faults of a dataset under one message.
   *
   * @param message The summary.
   * @param faults One line a fault.
   * @param options The cause, as for any error.
   */
  constructor(
    message: string,
    faults: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.faults = faults;
  }
}

/** A device that is absent, broken, or lacks a kernel. */
export class DeviceError extends UnetError {
  /** The name of the class. */
  override name = "DeviceError";
}

/** A model file or folder that cannot be used as asked. */
export class ModelError extends UnetError {
  /** The name of the class. */
  override name = "ModelError";
}

/** A training run that cannot continue: diverged, or cannot be resumed. */
export class TrainingError extends UnetError {
  /** The name of the class. */
  override name = "TrainingError";
}

/** A command line or configuration file that asks for what there is not. */
export class UsageError extends UnetError {
  /** The name of the class. */
  override name = "UsageError";
}
