import { cannot, FileError } from "@unet/errors";

/** Refuses a level, plane or time point that a file does not have. */
export function requireAmong(
  path: string,
  what: "level" | "plane" | "time",
  count: number,
  asked: number,
): void {
  if (asked < count) return;
  throw new FileError(cannot("read", "image", path, {
    found: count === 1 ? `one ${what}` : `${what}s 0 to ${count - 1}`,
    expected: `${what} ${asked}`,
  }));
}
