import { brief, cannot, ModelError } from "@unet/errors";

/** A record of a description, read field by field. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads fields of a description, and refuses what they must not be. */
export class FieldReader {
  readonly #path: string;

  /** @param path The package, for messages. */
  constructor(path: string) {
    this.#path = path;
  }

  /** The error for what this program does not know or a file must not say. */
  bad(place: string, found: unknown, expected: string): ModelError {
    return new ModelError(
      cannot("use", "package", this.#path, {
        found: `${place} ${typeof found === "symbol" ? "" : brief(found)}`,
        expected,
      }),
    );
  }

  record(value: unknown, place: string): Fields {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Fields;
    }
    throw this.bad(place, value, "fields by name");
  }

  list(value: unknown, place: string, most = 100): readonly unknown[] {
    if (Array.isArray(value) && value.length <= most) return value;
    throw this.bad(place, value, `a list of at most ${most}`);
  }

  text(value: unknown, place: string): string {
    if (typeof value === "string" && value.length <= 10_000) return value;
    throw this.bad(place, value, "a text");
  }

  number(value: unknown, place: string): number {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.bad(place, value, "a number");
  }

  /** A whole number within limits. */
  whole(
    value: unknown,
    place: string,
    [least, most]: readonly [number, number],
  ): number {
    if (Number.isSafeInteger(value)) {
      const number = value as number;
      if (number >= least && number <= most) return number;
    }
    throw this.bad(place, value, `a whole number from ${least} to ${most}`);
  }

  /** One number, or one for each of so many channels. */
  numbers(value: unknown, place: string, channels: number): number[] {
    if (!Array.isArray(value)) return [this.number(value, place)];
    const numbers = this.list(value, place, 1000)
      .map((one) => this.number(one, place));
    if (numbers.length === channels || numbers.length === 1) return numbers;
    throw this.bad(place, value, `one number, or ${channels}`);
  }

  /** Refuses fields that change a result in a way that is not known. */
  requireOnly(fields: Fields, place: string, known: readonly string[]): void {
    const other = Object.keys(fields).find((name) => !known.includes(name));
    if (other !== undefined) throw this.bad(place, other, known.join(", "));
  }
}
