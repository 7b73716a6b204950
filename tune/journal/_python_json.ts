/**
 * A number that Python writes as a float: "3.0" where JavaScript writes "3".
 */
export class Real {
  constructor(readonly value: number) {}
}

/** Stands for NaN while the built-in parser runs; nobody writes a zero so. */
const notANumber = "-0e-999";

/**
 * A text, or one of the three numbers that JSON does not have. Long stretches
 * of a text are one step, for a step of the engine takes stack.
 */
const outside =
  /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![^\s:,[])(?:NaN|-?Infinity)(?![^\s,\]}])/g;

/**
 * Reads JSON as Python's `json` writes it: NaN, Infinity and -Infinity may
 * stand where a number may, all else is strict.
 *
 * @param text The text, within the bounds of `checkJson()` of `@unet/files`.
 * @throws {SyntaxError} If it is neither.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (fault) {
    // Most lines hold none of them, so that the fast way comes first.
    if (!text.includes("NaN") && !text.includes("Infinity")) throw fault;
  }
  const plain = text.replace(outside, (token) => {
    if (token === "NaN") return notANumber;
    if (token === "Infinity") return "1e999";
    return token === "-Infinity" ? "-1e999" : token;
  });
  return JSON.parse(
    plain,
    (_key, value: unknown, context?: { source?: string }) =>
      context?.source === notANumber ? NaN : value,
  );
}

/** How Python separates members: in lines of a journal, and by default. */
export type Separators = "compact" | "spaced";

/**
 * Writes JSON as Python's `json` does: ASCII alone, with NaN, Infinity and
 * -Infinity, and with ".0" after whole numbers that are {@linkcode Real}.
 *
 * @throws {TypeError} If a value is none of JSON's: undefined, a function, a
 * bigint, or an object that is neither plain nor an array.
 */
export function writePythonJson(
  value: unknown,
  separators: Separators = "compact",
): string {
  const [comma, colon] = separators === "compact" ? [",", ":"] : [", ", ": "];
  const write = (value: unknown, above: readonly unknown[]): string => {
    if (value === null) return "null";
    if (typeof value === "boolean") return String(value);
    if (typeof value === "string") return writeText(value);
    if (typeof value === "number") return writeNumber(value);
    if (value instanceof Real) return writeReal(value.value);
    if (typeof value !== "object") {
      throw new TypeError(`Expected a value of JSON, got a ${typeof value}`);
    }
    if (above.includes(value)) {
      throw new TypeError(
        "Expected a value of JSON, got one that holds itself",
      );
    }
    const path = [...above, value];
    if (Array.isArray(value)) {
      return `[${Array.from(value, (item) => write(item, path)).join(comma)}]`;
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      throw new TypeError(
        `Expected a value of JSON, got a ${value.constructor.name}`,
      );
    }
    return `{${
      Object.entries(value).map(([name, item]) =>
        writeText(name) + colon + write(item, path)
      ).join(comma)
    }}`;
  };
  return write(value, []);
}

function writeText(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function writeNumber(value: number): string {
  return Number.isInteger(value) && !Object.is(value, -0)
    ? String(value)
    : writeReal(value);
}

/** As Python's repr() does: the fewest digits, and powers of ten from 16 on. */
function writeReal(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [digits, power = "0"] = value.toExponential().split("e");
  if (Number(power) < -4 || Number(power) >= 16) {
    const [sign, size] = [power.slice(0, 1), power.slice(1)];
    return `${digits}e${sign}${size.padStart(2, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}
