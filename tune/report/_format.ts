import { onOneLine } from "@unet/errors";
import type { Choice } from "../distribution.ts";

/** A number with as many significant digits, four by default. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (Number.isSafeInteger(value) && Math.abs(value) < 1e9) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${Number(mantissa)}e${Number(exponent)}`;
  }
  return String(Number(value.toPrecision(digits)));
}

/** A parameter's value; of text no more than fits a cell. */
export function formatChoice(value: Choice): string {
  if (typeof value === "number") return formatNumber(value);
  return shorten(String(value), 40);
}

/** What somebody noted, as JSON unless it is text. */
export function formatNote(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return shorten(text ?? "", 200);
}

/** On one line, cut after as many letters. */
export function shorten(text: string, most: number): string {
  const start = spellOut(text.slice(0, 4 * most));
  const letters = [...start];
  return letters.length <= most && text.length <= 4 * most
    ? start
    : `${letters.slice(0, most - 1).join("")}…`;
}

/**
 * A text on one line, in which signs that control, or that turn the direction
 * of what follows, are spelled out.
 */
export function spellOut(text: string): string {
  return onOneLine(text.toWellFormed()).replace(
    /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A time span such as "850 ms", "12.3 s", "4 min 5 s" or "2 h 30 min". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) {
    return parts(Math.floor(seconds / 60), "min", seconds % 60, "s");
  }
  const minutes = Math.round(seconds / 60);
  return parts(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

function parts(
  large: number,
  unit: string,
  small: number,
  part: string,
): string {
  return small > 0 ? `${large} ${unit} ${small} ${part}` : `${large} ${unit}`;
}
