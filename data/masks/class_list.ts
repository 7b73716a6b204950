/**
 * Lists of classes, as a person or a file names them. Runs in a browser.
 *
 * @module
 */
import { brief } from "@unet/errors";
import type { MaskClass } from "./mask_options.ts";

/**
 * Puts the class that is called background before the others. Without one, the
 * first counts as the background.
 *
 * @param classes The classes in any order.
 * @returns The classes, the background first.
 */
export function withBackgroundFirst(
  classes: readonly MaskClass[],
): MaskClass[] {
  const isBackground = ({ name }: MaskClass): boolean =>
    name.toLowerCase() === "background";
  return [
    ...classes.filter(isBackground),
    ...classes.filter((one) => !isBackground(one)),
  ];
}

/**
 * Says what keeps a list from being classes.
 *
 * @param classes The list, the background first.
 * @returns What was found and expected; undefined where all is well.
 */
export function faultOfClasses(
  classes: readonly MaskClass[],
): { readonly found: string; readonly expected: string } | undefined {
  if (classes.length < 2 || classes.length > 255) {
    return {
      found: `${classes.length} of them`,
      expected: "2 to 255, the background first",
    };
  }
  const names = new Map<string, string>(), values = new Set<unknown>();
  for (const { name, value } of classes) {
    if (!/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,63}$/u.test(name)) {
      return {
        found: `the name ${brief(name)}`,
        expected: "up to 64 letters, digits, blanks, dashes",
      };
    }
    const key = name.toLowerCase(), known = names.get(key);
    if (known !== undefined) {
      return {
        found: known === name
          ? `${brief(name)} twice`
          : `${brief(known)} and ${brief(name)}`,
        expected: known === name
          ? "different names"
          : "names that differ in more than capitals",
      };
    }
    if (values.has(value)) {
      return {
        found: `${value} twice`,
        expected: "a different value for each",
      };
    }
    names.set(key, name);
    values.add(value);
  }
  return undefined;
}
