import { findNnUnet, type StoredValue } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import type { DataSource } from "./data_sources.ts";

/**
 * What masks store where nobody labeled: the user's settings, else what
 * nnU-Net's `dataset.json` calls "ignore". Whoever names classes decides this,
 * too.
 *
 * @param sources The data.
 * @param named The user's settings.
 * @returns The values; undefined where nobody decides.
 * @throws {UsageError} If data sets differ.
 * @throws {DatasetError} If a description contradicts itself.
 */
export async function ignoredOfSources(
  sources: readonly Pick<DataSource, "path">[],
  named: {
    readonly classes?: readonly unknown[] | null | undefined;
    readonly ignore?: readonly StoredValue[] | undefined;
  },
): Promise<readonly StoredValue[] | undefined> {
  if (named.ignore !== undefined || named.classes) return named.ignore;
  const described = await Promise.all(
    sources.map(({ path }) => findNnUnet(path)),
  );
  const numbers = described.map((one) => one?.ignored ?? null);
  const [first = null] = numbers;
  const other = numbers.find((one) => one !== first);
  if (other !== undefined) {
    throw new UsageError(cannot("use", "setting", "ignore", {
      found: `"ignore" with ${first ?? "no number"} in one dataset.json, ` +
        `${other ?? "no number"} in another`,
      expected: "the same in all data sets",
      remedy: "name the number as `ignore`",
    }));
  }
  return first === null ? undefined : [first];
}
