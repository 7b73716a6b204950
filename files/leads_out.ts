/**
 * Whether the name of a zip's entry could lead out of the folder that the zip
 * is unpacked into. Runs in a browser.
 *
 * @param name The name, as the zip has it.
 * @returns Whether it starts at a root or a drive, or has `..`, a backslash or
 * a null character.
 *
 * @example
 * ```ts
 * import { leadsOut } from "@unet/files/leads-out";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["a/b.png", "../b.png"].map(leadsOut), [false, true]);
 * ```
 *
 * @module
 */
export function leadsOut(name: string): boolean {
  return name.startsWith("/") || /^[A-Za-z]:/.test(name) ||
    name.includes("\\") || name.includes("\0") ||
    name.split("/").includes("..");
}
