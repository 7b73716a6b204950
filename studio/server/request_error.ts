import { UnetError } from "@unet/errors";

/** A request that is refused, with its HTTP status. */
export class RequestError extends UnetError {
  /** The name of the class. */
  override name = "RequestError";
  /** The HTTP status of the answer. */
  readonly status: number;

  /**
   * Refuses a request.
   *
   * @param status The HTTP status, 400…599.
   * @param message What was found, for the person.
   */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
