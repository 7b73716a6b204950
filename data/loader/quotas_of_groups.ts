import { checkOption } from "./check_option.ts";
import { quotasOf, type TileQuota, type TileShare } from "./tile_shares.ts";

/**
 * The tiles of each group, and how many of them an epoch takes.
 *
 * @param shares The groups.
 * @param ids The id of each tile's image.
 * @param tiles Tiles per epoch.
 * @throws {RangeError} If an image is in no group or in two, a share is no
 * number above 0, or an epoch takes no tile of a group.
 */
export function quotasOfGroups(
  shares: readonly TileShare[],
  ids: readonly string[],
  tiles: number,
): TileQuota[] {
  const groupOf = new Map<string, number>();
  shares.forEach(({ name, share, ids }, group) => {
    const right = Number.isFinite(share) && share > 0;
    checkOption(right, `share of "${name}"`, share, "a number above 0");
    for (const id of ids) {
      checkOption(!groupOf.has(id), `groups of "${id}"`, 2, "one");
      groupOf.set(id, group);
    }
  });
  const own: number[][] = shares.map(() => []);
  ids.forEach((id, tile) => {
    const group = groupOf.get(id);
    checkOption(group !== undefined, `groups of "${id}"`, 0, "one");
    own[group!]!.push(tile);
  });
  const quotas = quotasOf(tiles, shares.map(({ share }) => share));
  return shares.map(({ name }, group) => {
    const tilesOfGroup = own[group]!, quota = quotas[group]!;
    const { length } = tilesOfGroup;
    checkOption(length >= 1, `tiles of "${name}"`, 0, "at least one");
    checkOption(
      quota >= 1,
      `tiles per epoch of "${name}"`,
      quota,
      "at least one: a larger share, or more tiles per epoch",
    );
    return { tiles: tilesOfGroup, quota };
  });
}
