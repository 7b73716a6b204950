import type { CachedCase, Split } from "@unet/data";
import { brief, briefList, cannot, count, DatasetError } from "@unet/errors";
import { basename } from "@std/path";
import {
  type DataSource,
  ownIdOf,
  sourcesOf,
} from "../settings/data_sources.ts";
import { rolesToUse } from "../settings/roles_to_use.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import type { Roles } from "./read_roles.ts";

/**
 * Chooses the images of a source that have one of some roles.
 *
 * @param roles The roles.
 * @param source The source.
 * @param ids The ids of all its images.
 * @param wanted The roles that are wanted; null to count all roles, of which
 * none is wanted.
 * @returns The ids of these images, and what else there is.
 * @throws {DatasetError} If the file does not name the source, has an id
 * that the source lacks, or no image has such a role.
 */
export function chooseByRole(
  roles: Roles,
  { name, path }: DataSource,
  ids: readonly string[],
  wanted: readonly string[] | null,
): ChosenByRole {
  const bad = (found: string, expected: string, remedy?: string) =>
    new DatasetError(cannot("use", "roles", roles.path, {
      ...{ found, expected },
      ...(remedy !== undefined && { remedy }),
    }));
  const own = roles.sources.get(name);
  if (!own) {
    throw bad(
      `no roles of data set "${name}" (${path})`,
      `it among ${briefList([...roles.sources.keys()])}`,
      "`data NAME=PATH` gives a data set the name that the file has for it",
    );
  }
  const known = new Set(ids.map((id) => id.normalize("NFC")));
  const strangers = [...own.keys()].filter((id) => !known.has(id));
  if (strangers.length > 0) {
    throw bad(
      `${briefList(strangers.map((id) => brief(id)), { most: 4 })} in ` +
        `"${name}", which ${path} does not have`,
      `ids of its images, as ${brief(ids[0] ?? "")}`,
    );
  }
  const chosen: string[] = [], unnamed: string[] = [];
  const others = new Map<string, number>();
  for (const id of ids) {
    const role = own.get(id.normalize("NFC"));
    if (role === undefined) unnamed.push(id);
    else if (wanted?.includes(role)) chosen.push(id);
    else others.set(role, (others.get(role) ?? 0) + 1);
  }
  if (wanted && chosen.length === 0) {
    throw bad(
      `no image of role ${wanted.join(" or ")} in "${name}"`,
      "at least one",
      "leave that data set out",
    );
  }
  return { ids: chosen, others, unnamed };
}

/** The images of a source by role. */
export interface ChosenByRole {
  /** Those of the roles that are wanted. */
  readonly ids: readonly string[];
  /** How many images have each other role. */
  readonly others: ReadonlyMap<string, number>;
  /** Those that the file does not name. */
  readonly unnamed: readonly string[];
}

/**
 * What is left out because of roles, in a line per cause.
 *
 * @param roles The roles.
 * @param chosen What was chosen of each source.
 */
export function describeLeftOut(
  roles: Roles,
  chosen: readonly ChosenByRole[],
): string[] {
  const file = basename(roles.path);
  const others = new Map<string, number>();
  for (const one of chosen) {
    for (const [role, number] of one.others) {
      others.set(role, (others.get(role) ?? 0) + number);
    }
  }
  const unnamed = chosen.flatMap((one) => one.unnamed);
  return [
    ...others.size > 0
      ? [
        `Left out by ${file}: ` +
        [...others].sort(([a], [b]) => a < b ? -1 : 1)
          .map(([role, number]) => `${number} ${role}`).join(", "),
      ]
      : [],
    ...unnamed.length > 0
      ? [
        `Left out: ${count(unnamed.length, "image")} that ${file} does not ` +
        `name (${briefList(unnamed, { most: 4 })})`,
      ]
      : [],
  ];
}

/**
 * The split that roles make.
 *
 * @param settings The sources, and which roles train and validate.
 * @param roles The roles.
 * @param cases The images that are used.
 * @returns Which images train and validate; none test.
 * @throws {DatasetError} If no image trains, or none validates and some should.
 */
export function splitByRoles(
  settings: Pick<
    TrainSettings,
    "data" | "trainRole" | "validationRole" | "validation"
  >,
  roles: Roles,
  cases: readonly Pick<CachedCase, "id">[],
): Split {
  const sources = sourcesOf(settings.data), wanted = rolesToUse(settings);
  const idsOf = (role: string | null): string[] =>
    role === null ? [] : cases.map(({ id }) => id).filter((id) => {
      const own = ownIdOf(sources, id);
      return roles.sources.get(own.source)?.get(own.id.normalize("NFC")) ===
        role;
    }).sort();
  const split = {
    train: idsOf(wanted.train),
    validation: idsOf(wanted.validation),
    test: [],
  };
  for (const part of ["train", "validation"] as const) {
    if (split[part].length > 0 || wanted[part] === null) continue;
    throw new DatasetError(cannot("use", "roles", roles.path, {
      found: `no image of role "${wanted[part]}" in the data`,
      expected: "at least one",
      remedy: `\`${part}Role\` names another role` +
        (part === "validation" ? ", `validation 0` validates on none" : ""),
    }));
  }
  return split;
}
