/**
 * What takes the place of the machine's memory in a page.
 *
 * @module
 */

/** What a tab may take: the memory of WebAssembly ends at 4 GiB. */
export function machineMemory(): number {
  return 3 * 2 ** 30;
}
