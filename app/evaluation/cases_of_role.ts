import type { Case } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import { nameOfSource } from "../settings/data_sources.ts";
import { usualRoles } from "../settings/roles_to_use.ts";
import { readRoles } from "../sources/read_roles.ts";
import { chooseByRole, describeLeftOut } from "../sources/split_by_roles.ts";

/** Which images are scored, where they have roles. */
export interface RoleChoices {
  /** A JSON file that gives each image a role, as `train` takes it. */
  readonly roles?: string;
  /** The role of the images that are scored; "validation" by default. */
  readonly role?: string;
}

/** Roles on whose images a threshold may be chosen. */
const choosable: readonly string[] = Object.values(usualRoles);

/**
 * Refuses roles beside what contradicts them.
 *
 * @param choices The choices.
 * @throws {UsageError} If a role is named without a file, beside a part of a
 * run, or for a threshold that may not be chosen on it.
 */
export function checkRoles(
  { roles, role, part, findThreshold }:
    & RoleChoices
    & { readonly part: string; readonly findThreshold: boolean },
): void {
  if (roles === undefined) {
    if (role === undefined) return;
    throw new UsageError(cannot("use", "setting", "role", {
      found: "no `roles`",
      expected: "the file that gives images roles",
    }));
  }
  if (part !== "all") {
    throw new UsageError(cannot("use", "setting", "roles", {
      found: `\`part ${part}\` beside it`,
      expected: "one of the two",
    }));
  }
  const scored = role ?? usualRoles.validation;
  if (findThreshold && !choosable.includes(scored)) {
    throw new UsageError(cannot("use", "setting", "findThreshold", {
      found: `images of the role ${scored}`,
      expected: `those of ${choosable.join(" or ")}`,
      remedy: "a threshold that is chosen on test images flatters them",
    }));
  }
}

/**
 * The cases of a role.
 *
 * @param path The folder or zip, whose name the file of roles has.
 * @param cases All of its cases.
 * @param choices The file, and the role.
 * @param say Given a line about what is left out.
 * @returns The cases, in their order; all without a file.
 * @throws {DatasetError} If the file cannot be used with this data, or no image
 * has the role.
 */
export async function casesOfRole(
  path: string,
  cases: readonly Case[],
  { roles, role = usualRoles.validation }: RoleChoices,
  say: (line: string) => void,
): Promise<readonly Case[]> {
  if (roles === undefined) return cases;
  const file = await readRoles(roles);
  const source = { name: nameOfSource(path), path };
  const all = cases.map(({ id }) => id);
  const chosen = chooseByRole(file, source, all, [role]);
  describeLeftOut(file, [chosen]).forEach(say);
  const ids = new Set(chosen.ids);
  return cases.filter(({ id }) => ids.has(id));
}
