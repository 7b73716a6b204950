/**
 * What takes the place of `memoryLimit()` in a page, where nothing reports how
 * much memory there is.
 *
 * @module
 */

/** What a tab may take: browsers end one that takes 4 GiB. */
const ofTab = 2 ** 31;

/** The memory that a page counts on, in bytes. */
export function memoryLimit(): number {
  return ofTab;
}

/** A page has no environment in which a person names a limit. */
export function namedLimit(): number | undefined {
  return undefined;
}
