/**
 * What takes the place of `node:path` in a page, whose paths have `/` alone.
 *
 * @module
 */

/** The last segment, without an ending. */
export function basename(path: string, ending = ""): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return ending !== "" && name !== ending && name.endsWith(ending)
    ? name.slice(0, -ending.length)
    : name;
}

/** What comes before the last segment. */
export function dirname(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : end === 0 ? "/" : path.slice(0, end);
}

/** The ending with its dot; empty without one. */
export function extname(path: string): string {
  const name = basename(path), dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot) : "";
}

/** Segments as one path. */
export function join(...segments: readonly string[]): string {
  return segments.filter((segment) => segment !== "").join("/");
}
