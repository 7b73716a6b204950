import type { ByPart } from "@unet/app";

/**
 * The rows of a table of scores: of all images, then by way of imaging and by
 * data set, each if there are several.
 *
 * @param scores The scores.
 * @returns Each row's name and scores. A data set that is called like another
 * row is marked as one.
 */
export function partsOfScores<Part>(
  scores: Part & ByPart<Part>,
): readonly (readonly [string, Part])[] {
  const modalities = Object.entries<Part>(scores.modalities);
  const rows: (readonly [string, Part])[] = [
    ["all", scores],
    ...modalities.length > 1 ? modalities : [],
  ];
  const taken = new Set(rows.map(([name]) => name));
  return [
    ...rows,
    ...Object.entries(scores.sources ?? {}).map((
      [name, part],
    ) => [taken.has(name) ? `${name} (data set)` : name, part] as const),
  ];
}
