/**
 * What takes the place of `memoryLimit()` in a page, where nothing reports how
 * much memory there is.
 *
 * @module
 */

/** What a tab may take: browsers end one that takes 4 GiB. */
const ofTab = 2 ** 31;

/** What a person does where a file takes more memory than it may. */
export const memoryRemedy: string =
  "if the file is right, use the command unet segment";

/** The memory that a page counts on, in bytes. */
export function memoryLimit(): number {
  return ofTab;
}

/** A page has no environment in which a person names a limit. */
export function namedLimit(): number | undefined {
  return undefined;
}
