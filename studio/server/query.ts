import type { TilePlace, ViewChoice } from "@unet/app/view";
import { brief } from "@unet/errors";
import { RequestError } from "@unet/http";

/**
 * A text that an address must give.
 *
 * @throws {RequestError} With status 400, if it is missing.
 */
export function textOf(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) throw refused(name, null, "a value");
  return value;
}

/** The least and the largest of whole numbers. */
export interface Limits {
  /** The least; 0 if not given. */
  readonly least?: number;
  /** The largest. */
  readonly most: number;
}

/**
 * A whole number that an address must give.
 *
 * @throws {RequestError} With status 400, if it is missing or out of its range.
 */
export function countOf(
  query: URLSearchParams,
  name: string,
  { least = 0, most }: Limits,
): number {
  const text = query.get(name);
  const value = Number(text);
  const isCount = text !== null && /^\d{1,15}$/.test(text) && value >= least &&
    value <= most;
  if (!isCount) {
    throw refused(name, text, `a whole number of ${least}…${most}`);
  }
  return value;
}

/**
 * A whole number that an address may give.
 *
 * @returns Nothing where it is missing.
 * @throws {RequestError} With status 400, if it is out of its range.
 */
export function optionalCountOf(
  query: URLSearchParams,
  name: string,
  limits: Limits,
): number | undefined {
  return query.has(name) ? countOf(query, name, limits) : undefined;
}

/**
 * Refuses a value of an address.
 *
 * @param name Its name.
 * @param found The value; null where there is none.
 * @param expected What would have been right.
 */
export function refused(
  name: string,
  found: string | null,
  expected: string,
): RequestError {
  return new RequestError(
    400,
    `Cannot answer request: found ${name} ${
      brief(found ?? undefined)
    }, expected ${expected}`,
  );
}

/** No tile has a larger number. */
const largest = 2 ** 31;

/**
 * A tile that an address names.
 *
 * @throws {RequestError} With status 400, if a number is missing.
 */
export function placeOf(query: URLSearchParams): TilePlace {
  return {
    level: countOf(query, "level", { most: 32 }),
    x: countOf(query, "x", { most: largest }),
    y: countOf(query, "y", { most: largest }),
  };
}

/**
 * A tile, pixel or part that is not there is a matter of the address.
 *
 * @throws {RequestError} With status 404, where the work throws a RangeError.
 */
export async function orMissing<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RequestError(404, error.message);
  }
}

/**
 * A plane and a time point that an address may give.
 *
 * @throws {RequestError} With status 400, if one is no whole number.
 */
export function choiceOf(query: URLSearchParams): ViewChoice {
  const plane = optionalCountOf(query, "plane", { most: largest });
  const time = optionalCountOf(query, "time", { most: largest });
  return {
    ...(plane !== undefined && { plane }),
    ...(time !== undefined && { time }),
  };
}
