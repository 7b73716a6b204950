import { cannot, UsageError } from "@unet/errors";
import { usualRoles } from "../settings/roles_to_use.ts";

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
