import { cannot, UsageError } from "@unet/errors";
import { usualRoles } from "../settings/roles_to_use.ts";

/** Which images are scored, where they have roles. */
export interface RoleChoices {
  /** A JSON file that gives each image a role, as `train` takes it. */
  readonly roles?: string;
  /** The role of the images that are scored; "validation" by default. */
  readonly role?: string;
}

/** A search for settings, which flatters the images that it is made on. */
export type SearchName = "findThreshold" | "findInstances";

/** Roles on whose images settings may be chosen. */
const choosable: readonly string[] = Object.values(usualRoles);

/**
 * Refuses roles beside what contradicts them.
 *
 * @param choices The choices.
 * @throws {UsageError} If a role is named without a file, beside a part of a
 * run, or for a search on images on which nothing is chosen.
 */
export function checkRoles(
  { roles, role, part, search }:
    & RoleChoices
    & { readonly part: string; readonly search?: SearchName | undefined },
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
  if (search && !choosable.includes(scored)) {
    throw new UsageError(cannot("use", "setting", search, {
      found: `images of the role ${scored}`,
      expected: `those of ${choosable.join(" or ")}`,
      remedy: "settings chosen on test images flatter their scores",
    }));
  }
}
