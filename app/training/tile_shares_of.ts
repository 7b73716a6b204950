import { type CachedCase, quotasOf, type TileShare, tilesOf } from "@unet/data";
import { count, type UsageError } from "@unet/errors";
import { ownIdOf, sourcesOf } from "../settings/data_sources.ts";
import { refusedSetting } from "../settings/refused_setting.ts";
import { groupOfKey } from "../settings/shares_setting.ts";
import type { TrainSettings } from "../settings/train_settings.ts";

/**
 * The groups of images that settings give shares of each epoch.
 *
 * @param settings The sources and their shares, and how tiles are cut.
 * @param cases The images to train on.
 * @returns The groups; nothing where every tile counts alike, but one of all
 * images where an epoch has more tiles than there are.
 * @throws {UsageError} If an image has no share, or a share no image or not a
 * tile per epoch.
 */
export function tileSharesOf(
  settings: Pick<
    TrainSettings,
    "data" | "shares" | "tile" | "tilesPerEpoch"
  >,
  cases: readonly CachedCase[],
): { readonly shares?: readonly TileShare[] } {
  const { data, shares, tile, tilesPerEpoch } = settings;
  if (shares === null) {
    // An epoch of more tiles than there are takes some again, by one group.
    return tilesPerEpoch === null || tilesPerEpoch <= tilesIn(cases, tile!)
      ? {}
      : {
        shares: [{
          ...{ name: "all images", share: 1 },
          ids: cases.map(({ id }) => id),
        }],
      };
  }
  const sources = sourcesOf(data);
  const byKey = new Map<string, string[]>(
    Object.keys(shares).map((name) => [name, []]),
  );
  for (const { id, modality } of cases) {
    const { source } = ownIdOf(sources, id), narrow = `${source}:${modality}`;
    const ids = byKey.get(narrow) ?? byKey.get(source);
    if (!ids) {
      throw refused(
        `no share of the ${modality} images of "${source}"`,
        `a share for each image to train on, as ${source}=1`,
      );
    }
    ids.push(id);
  }
  const groups = [...byKey].map(([name, ids]): TileShare => ({
    ...{ name, ids },
    share: shares[name]!,
  }));
  const empty = groups.find(({ ids }) => ids.length === 0);
  if (!empty) {
    requireTiles(groups, settings, cases);
    return { shares: groups };
  }
  const { source, modality } = groupOfKey(empty.name);
  throw refused(
    `a share of "${empty.name}", but ` +
      (modality === null
        ? `each type of its images to train on has a share of its own`
        : `no ${modality} image of "${source}" to train on`),
    "images for each share",
  );
}

/** Refuses a share so small that no epoch would see a tile of its group. */
function requireTiles(
  groups: readonly TileShare[],
  { tile, tilesPerEpoch }: Pick<TrainSettings, "tile" | "tilesPerEpoch">,
  cases: readonly CachedCase[],
): void {
  const all = tilesPerEpoch ?? tilesIn(cases, tile!);
  const quotas = quotasOf(all, groups.map(({ share }) => share));
  const at = quotas.indexOf(0);
  if (at < 0) return;
  throw refused(
    `a share of "${groups[at]!.name}" below a tile, of ` +
      `${count(all, "tile")} per epoch`,
    "at least a tile of each group: a larger share, or more `tilesPerEpoch`",
  );
}

function tilesIn(cases: readonly CachedCase[], tile: number): number {
  return cases.reduce(
    (sum, { width, height }) => sum + tilesOf(width, height, tile).length,
    0,
  );
}

function refused(found: string, expected: string): UsageError {
  return refusedSetting("shares", found, expected);
}
