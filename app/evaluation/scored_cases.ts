import type { Case } from "@unet/data";
import { cannot, count, UsageError } from "@unet/errors";
import { openRun } from "@unet/train";
import { idAmong, ownIdOf } from "../settings/data_sources.ts";
import { openSources } from "../sources/open_sources.ts";
import { readRoles } from "../sources/read_roles.ts";
import { usualRoles } from "../settings/roles_to_use.ts";
import type { RoleChoices } from "./check_roles.ts";
import type { Part } from "./evaluate.ts";
import type { ScoredData } from "./scored_data.ts";

/** Cases that are scored; they can be read until they are disposed. */
export interface ScoredCases extends Disposable {
  /** The cases, with their ids among all sources. */
  readonly cases: readonly Case[];
}

/** Which images of the data are scored. */
export interface CaseChoices extends RoleChoices {
  /** The part of the run's split, or all. */
  readonly part: Part;
  /** The run. */
  readonly run: string;
}

/**
 * Opens the data, and chooses the cases that are scored.
 *
 * @param data The data.
 * @param choices Which of its images.
 * @param say Given a line about what a file of roles leaves out.
 * @throws {DatasetError} If the file of roles cannot be used with this data, or
 * no image of a source has the role.
 * @throws {UsageError} If the data lacks images of the part.
 * @throws {FileError} If the data cannot be read.
 */
export async function openScoredCases(
  { sources, among }: ScoredData,
  { part, run, roles, role = usualRoles.validation }: CaseChoices,
  say: (line: string) => void,
): Promise<ScoredCases> {
  const ids = part === "all" ? undefined : new Set(
    (await openRun(run)).split[part].filter((id) =>
      among.length <= 1 ||
      sources.some(({ name }) => name === ownIdOf(among, id).source)
    ),
  );
  const of = roles === undefined ? undefined : await readRoles(roles);
  using stack = new DisposableStack();
  const open = stack.use(
    await openSources(sources, {
      ...(of && { roles: { of, wanted: [role] } }),
      onLeftOut: say,
    }),
  );
  const cases = open.sources.flatMap(({ name, dataset, ids: chosen }) => {
    const wanted = new Set(chosen);
    return dataset.cases.filter(({ id }) => wanted.has(id))
      .map((each) => ({ ...each, id: idAmong(among, name, each.id) }));
  }).filter(({ id }) => ids?.has(id) ?? true);
  const expected = ids?.size ?? cases.length;
  if (cases.length === 0 || cases.length !== expected) {
    throw new UsageError(cannot("evaluate", "part", part, {
      found: `${count(cases.length, "image")} of it in the data`,
      expected: expected === 0 ? "at least one" : String(expected),
      remedy: "name the data that the run was trained on",
    }));
  }
  const moved = stack.move();
  return { cases, [Symbol.dispose]: () => moved.dispose() };
}
