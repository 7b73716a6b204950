import type { Case } from "./case.ts";
import { objectClassFault } from "./case_faults.ts";
import type { Fault } from "./fault.ts";
import {
  classesOfImage,
  type ObjectClasses,
  withoutEnding,
} from "./object_classes.ts";

/** Objects are listed up to this many. */
const mostListed = 4;

/**
 * Gives each object of a case its class.
 *
 * @param each The case.
 * @param objects What the objects are called, in the order of their numbers.
 * @param classes The classes of all objects.
 * @returns The class of each object, −1 where it is not known; and what keeps
 * them from being used: objects without a class, classes without an object.
 */
export function nameObjects(
  each: Case,
  objects: readonly string[],
  classes: ObjectClasses,
): { objectClasses: number[]; faults: Fault[] } {
  const own = classesOfImage(classes, each.id);
  const keys = objects.map((id) => id.normalize("NFC")), known = new Set(keys);
  const missing = objects.filter((_, at) => !(keys[at]! in own));
  const others = Object.keys(own).filter((id) => !known.has(id));
  return {
    objectClasses: keys.map((id) => own[id] ?? -1),
    faults: [
      ...missing.length > 0
        ? [objectClassFault(each, {
          found: `no class of ${listOf(missing)}`,
          expected: "a line for each object in classes.csv",
        })]
        : [],
      ...others.length > 0
        ? [objectClassFault(each, {
          found: `a class of ${listOf(others)}, which its masks lack`,
          expected: objects.length === 0
            ? "objects"
            : `its objects: ${listOf(objects)}`,
          ...spellingHint(others, missing),
        })]
        : [],
    ],
  };
}

/** How an id has to be written, where it is one of the mask's but for that. */
function spellingHint(
  others: readonly string[],
  missing: readonly string[],
): { readonly remedy?: string } {
  const bySpelling = new Map(missing.map((id) => [spellingKey(id), id]));
  for (const id of others) {
    const meant = bySpelling.get(spellingKey(id));
    if (meant === undefined) continue;
    return {
      remedy: `ids are compared as written: write ${meant}, not ${id}`,
    };
  }
  return {};
}

/** The same for `1`, `1.0` and `01`, and for `m2` and `M2.png`. */
function spellingKey(id: string): string {
  const bare = withoutEnding(id.normalize("NFC")).toLowerCase();
  return bare.trim() !== "" && Number.isFinite(Number(bare))
    ? String(Number(bare))
    : bare;
}

function listOf(ids: readonly string[]): string {
  const rest = ids.length - mostListed;
  return ids.slice(0, mostListed).join(", ") +
    (rest > 0 ? ` and ${rest} more` : "");
}
