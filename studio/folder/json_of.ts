import { parseJson } from "@unet/files/parse-json";

/** What a text says as JSON; null if it is none. */
export function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}
