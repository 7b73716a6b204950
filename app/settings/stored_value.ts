import type { StoredValue } from "@unet/data";

/**
 * Whether a value names what a mask stores: a number, a color, or a word for
 * what JSON has no number for.
 */
export function isStoredValue(value: unknown): value is StoredValue {
  return Number.isFinite(value) ||
    typeof value === "string" && /^(#[0-9a-f]{6}|nan|-?inf)$/.test(value);
}

/**
 * Whether a value can be the background of objects. What is no finite number is
 * background anyway.
 */
export function isBackgroundValue(value: unknown): value is StoredValue {
  return isStoredValue(value) &&
    (typeof value === "number" || value.startsWith("#"));
}

/** What a person types for it; other text comes back as it is. */
export function parseStoredValue(text: string): StoredValue {
  const value = text.trim().toLowerCase();
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)
    ? Number(value)
    : value.replace(/^(-?inf)inity$/, "$1");
}
