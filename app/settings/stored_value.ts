import type { StoredValue } from "@unet/data";

/** Whether a value names what a mask stores: a number or a color. */
export function isStoredValue(value: unknown): value is StoredValue {
  return Number.isFinite(value) ||
    typeof value === "string" && /^#[0-9a-f]{6}$/.test(value);
}

/** What a person types for it; other text comes back as it is. */
export function parseStoredValue(text: string): StoredValue {
  const value = text.trim();
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value.toLowerCase();
}
