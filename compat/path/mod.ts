/**
 * Stand-in for the part of `@std/path` that this workspace uses, on
 * `node:path`. Linked only where the JSR registry cannot be reached.
 *
 * @module
 */
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The separator of the current system. */
export const SEPARATOR: string = path.sep;

/** The character between the folders of a list, as in `PATH`. */
export const DELIMITER: string = path.delimiter;

/** Joins and normalizes path segments. */
export function join(...segments: string[]): string {
  return path.join(...segments);
}

/** Resolves path segments to an absolute path. */
export function resolve(...segments: string[]): string {
  return path.resolve(...segments);
}

/** Everything before the last segment. */
export function dirname(file: string): string {
  return path.dirname(file);
}

/** The last segment, without `suffix` where it ends so. */
export function basename(file: string, suffix = ""): string {
  const name = path.basename(file);
  return suffix !== "" && name !== suffix && name.endsWith(suffix)
    ? name.slice(0, -suffix.length)
    : name;
}

/** The extension with its dot, or an empty string. */
export function extname(file: string): string {
  return path.extname(file);
}

/** The path from one folder to another. */
export function relative(from: string, to: string): string {
  return path.relative(from, to);
}

/** Whether a path starts at a root. */
export function isAbsolute(file: string): boolean {
  return path.isAbsolute(file);
}

/** Resolves `.` and `..` and doubled separators. */
export function normalize(file: string): string {
  return path.normalize(file);
}

/** The path of a `file:` URL. */
export function fromFileUrl(url: string | URL): string {
  return fileURLToPath(url);
}

/** The `file:` URL of an absolute path. */
export function toFileUrl(file: string): URL {
  return pathToFileURL(file);
}
