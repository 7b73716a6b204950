import { briefText } from "@unet/errors";

/** The first line of what was thrown, as far as a message shows it. */
export function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return briefText(text.split("\n", 1)[0]!.trim(), { most: 200 });
}
