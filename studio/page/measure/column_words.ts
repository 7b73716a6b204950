/** What columns are called, where their name does not say it. */
const words: Readonly<Record<string, string>> = {
  label: "Object",
  class: "Class",
  area: "Area",
  perimeter: "Perimeter",
  centroid_x: "Center x",
  centroid_y: "Center y",
  major_axis: "Major axis",
  minor_axis: "Minor axis",
  eccentricity: "Eccentricity",
  solidity: "Solidity",
  probability: "Probability",
};

const units: Readonly<Record<string, string>> = {
  px: "px",
  um: "µm",
  um2: "µm²",
};

/**
 * What a column of measurements is called, with its unit.
 *
 * @param column Its name in the table, as in `area_um2` or `mean_DAPI`.
 */
export function wordsOfColumn(column: string): string {
  if (Object.hasOwn(words, column)) return words[column]!;
  const [, name, unit] = /^(.+)_(px|um|um2)$/.exec(column) ?? [];
  if (name !== undefined && Object.hasOwn(words, name)) {
    // Pixels of an area have no square in tables.
    const word = unit === "px" && name === "area" ? "px²" : units[unit!]!;
    return `${words[name]} (${word})`;
  }
  const [, statistic, channel] = /^(mean|min|max|std|sum)_(.+)$/.exec(column) ??
    [];
  return channel === undefined
    ? column
    : `${channel.replaceAll("_", " ")} ${statistic}`;
}

/**
 * The columns that a person sees: lengths and areas in micrometers where the
 * size of a pixel is known, else in pixels.
 *
 * @param columns All columns of the table.
 * @param hasMicrometers Whether it is known.
 */
export function shownColumns(
  columns: readonly string[],
  hasMicrometers: boolean,
): string[] {
  const [first = "label", ...others] = columns.filter((column) => {
    if (column.startsWith("bbox_")) return false;
    const [, name = "", unit] = /^(.+)_(px|um|um2)$/.exec(column) ?? [];
    return !Object.hasOwn(words, name) || (unit === "px") !== hasMicrometers;
  });
  // A class is what a person looks for first.
  return [first, ...others.sort((one, other) => rank(one) - rank(other))];
}

function rank(column: string): number {
  return column === "class" ? 0 : 1;
}

/** A number of a table for a person, with four digits that count. */
export function wordOfValue(value: number): string {
  if (Number.isNaN(value)) return "";
  if (Number.isInteger(value)) return String(value);
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(6, digits));
}
