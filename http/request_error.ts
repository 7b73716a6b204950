import { UnetError } from "@unet/errors";

/** Further parts of a refusal. */
export interface RequestErrorOptions extends ErrorOptions {
  /** Seconds after which the client may try again. */
  readonly retryAfter?: number;
}

/**
 * A request that is refused, with its HTTP status.
 *
 * @example
 * ```ts
 * import { RequestError } from "@unet/http";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new RequestError(404, "Cannot find page: found none");
 * assertEquals(error.status, 404);
 * ```
 */
export class RequestError extends UnetError {
  /** The name of the class. */
  override name = "RequestError";
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Seconds after which the client may try again; undefined if it may not. */
  readonly retryAfter: number | undefined;

  /**
   * Refuses a request.
   *
   * @param status The HTTP status, 400…599.
   * @param message What was found, for the person.
   * @param options The cause, and when to try again.
   */
  constructor(
    status: number,
    message: string,
    { retryAfter, ...options }: RequestErrorOptions = {},
  ) {
    super(message, options);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
