/** Shortens a text of a file for a message: a damaged one may hold megabytes. */
export function brief(text = "nothing"): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
