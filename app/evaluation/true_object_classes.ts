import {
  findObjectClasses,
  joinObjectClasses,
  type ObjectClasses,
} from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import { ownIdOf } from "../settings/data_sources.ts";
import type { ScoredData } from "./scored_data.ts";

/**
 * The true classes of objects, if the data has them.
 *
 * @param data The data.
 * @param options The ids of the images that are scored; the classes that the
 * network gives objects, the background first; what is given a line if no
 * source has a table.
 * @returns The classes by these ids; undefined if no source has a table.
 * @throws {UsageError} If only some sources have a table.
 * @throws {DatasetError} If a table cannot be used, or has other classes.
 */
export async function trueObjectClasses(
  { sources, among }: ScoredData,
  { ids, classes, say }: {
    readonly ids: readonly string[];
    readonly classes: readonly string[];
    readonly say: (line: string) => void;
  },
): Promise<ObjectClasses | undefined> {
  const tables = await Promise.all(sources.map(async ({ name, path }) => ({
    name,
    found: await findObjectClasses(path, classes.slice(1)),
  })));
  const parts = tables.flatMap(({ name, found }) => {
    if (!found) return [];
    const own = ids.map((id) => [ownIdOf(among, id), id] as const)
      .filter(([{ source }]) => among.length <= 1 || source === name)
      .map(([{ id }, whole]) => [id, whole] as const);
    return [{ classes: found, ids: new Map(own) }];
  });
  if (parts.length === 0) {
    say("Classes of objects are not scored: no classes.csv in the data");
    return undefined;
  }
  const lacking = tables.find(({ found }) => !found);
  if (!lacking) return joinObjectClasses(parts);
  const having = tables.find(({ found }) => found)!;
  throw new UsageError(cannot("use", "setting", "objectClasses", {
    found: `classes.csv in "${having.name}", none in "${lacking.name}"`,
    expected: "the same in all data sets",
    remedy: "`objectClasses off` leaves them aside",
  }));
}
