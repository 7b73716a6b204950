import { brief } from "@unet/errors";

const pattern =
  /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads a time as Python's `datetime.isoformat()` writes it. One without an
 * offset, of an older Optuna, is local to the machine that reads.
 *
 * @throws {SyntaxError} If it is none.
 */
export function parseDatetime(text: string): Date {
  const time = pattern.test(text) ? Date.parse(text.replace(" ", "T")) : NaN;
  if (Number.isNaN(time)) {
    throw new SyntaxError(`the time ${brief(text)}`);
  }
  return new Date(time);
}

/**
 * Writes a time as Optuna does, in UTC and with microseconds.
 *
 * @throws {RangeError} If it is no time.
 */
export function writeDatetime(time: Date): string {
  return time.toISOString().replace("Z", "000+00:00");
}
