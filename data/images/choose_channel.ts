import { cannot, count, FileError } from "@unet/errors";
import type { ImageChoice } from "./image_choice.ts";
import { Projection } from "./project.ts";
import { emptyValues } from "./window.ts";
import type { Image } from "../types.ts";

/** Names are listed up to this many. */
const mostListed = 16;

/** The names of an image's channels. */
export function channelNamesOf({ channels }: Image): readonly string[] {
  return channels === 1
    ? ["gray"]
    : ["red", "green", "blue", "alpha"].slice(0, channels);
}

/**
 * Finds which channels a choice means. A name counts as it is written, and
 * else in any capitals.
 *
 * @returns Their numbers; undefined where there is no choice.
 * @throws {FileError} If there is no such channel, or several of that name.
 */
export function findChannels(
  names: readonly string[],
  choice: number | string | undefined,
  path: string,
): number[] | undefined {
  if (choice === undefined) return undefined;
  if (choice === "max" || choice === "mean") {
    return [...names.keys()].filter((at) => names[at] !== "alpha");
  }
  return [findChannel(names, choice, { path })];
}

/**
 * Finds several channels.
 *
 * @returns Their numbers, in the order of the choices.
 * @throws {FileError} If there is no such channel, several of that name, or
 * two choices mean the same one.
 */
export function findEachChannel(
  names: readonly string[],
  choices: readonly (number | string)[],
  path: string,
): number[] {
  const remedy = "give names or numbers that it has as `channels`";
  const found = choices.map((choice) =>
    findChannel(names, choice, { path, remedy })
  );
  const twin = found.findIndex((at, place) => found.indexOf(at) !== place);
  if (twin < 0) return found;
  const first = choices[found.indexOf(found[twin]!)]!;
  throw new FileError(cannot("read", "image", path, {
    found: `channel ${found[twin]} "${names[found[twin]!]}" chosen twice, as ` +
      `${inWords(first)} and ${inWords(choices[twin]!)}`,
    expected: "each channel once",
  }));
}

/**
 * Finds the channels that a choice of one or several means.
 *
 * @returns Their numbers; undefined where there is no choice.
 * @throws {FileError} As `findChannels()` and `findEachChannel()`.
 */
export function chooseAmong(
  names: readonly string[],
  { channel, channels }: ImageChoice,
  path: string,
): number[] | undefined {
  return channels
    ? findEachChannel(names, channels, path)
    : findChannels(names, channel, path);
}

/**
 * Refuses several channels that are no color where none is chosen.
 *
 * @param remedy What else helps, by the file's format.
 * @throws {FileError} If there are several.
 */
export function requireColors(
  names: readonly string[],
  path: string,
  remedy = "",
): void {
  if (names.length === 1) return;
  throw new FileError(cannot("read", "image", path, {
    found: listChannels(names),
    expected: "color or gray",
    remedy:
      "choose one by `channel`: its number or name, or max or mean of all; " +
      `or several by \`channels\`${remedy}`,
  }));
}

function inWords(choice: number | string): string {
  return typeof choice === "number" ? String(choice) : `"${choice}"`;
}

function findChannel(
  names: readonly string[],
  choice: number | string,
  { path, remedy }: { readonly path: string; readonly remedy?: string },
): number {
  // A number beyond the channels can only be a name, as a wavelength is.
  const found = typeof choice === "number" && choice < names.length
    ? [choice]
    : numbersOf(names, String(choice));
  if (found.length === 1) return found[0]!;
  throw new FileError(cannot("read", "image", path, {
    found: listChannels(names),
    expected: typeof choice === "number"
      ? `channel ${choice}`
      : `${found.length > 1 ? "one" : "a"} channel "${choice}"`,
    ...(found.length > 1
      ? { remedy: "choose it by its number" }
      : remedy !== undefined && { remedy }),
  }));
}

/** Where a name is; where it is nowhere, where it is in other capitals. */
function numbersOf(names: readonly string[], choice: string): number[] {
  const among = (wanted: string, nameOf: (name: string) => string): number[] =>
    [...names.keys()].filter((at) => nameOf(names[at]!) === wanted);
  const exact = among(choice, (name) => name);
  const fold = (name: string) => name.normalize("NFKC").trim().toLowerCase();
  return exact.length > 0 ? exact : among(fold(choice), fold);
}

/** Says which channels there are, for messages. */
export function listChannels(names: readonly string[]): string {
  const listed = names.slice(0, mostListed).map((name, at) =>
    `${at} "${name}"`
  );
  const rest = names.length > mostListed ? [", …"] : [];
  return `${count(names.length, "channel")} (${listed.join(", ")}${
    rest.join("")
  })`;
}

/** Takes chosen channels of an image in memory, or a projection of all. */
export function chooseChannel(
  image: Image,
  { channel: choice, channels }: ImageChoice,
  path: string,
): Image {
  const names = channelNamesOf(image);
  if (channels) {
    return pickChannels(image, findEachChannel(names, channels, path));
  }
  const chosen = findChannels(names, choice, path);
  if (!chosen || image.channels === 1) return image;
  const mode = choice === "mean" ? "mean" : "max";
  const projection = new Projection(mode, image.depth);
  for (const sample of chosen) {
    projection.add(image.data, image.channels, sample);
  }
  return { ...image, channels: 1, data: projection.finish() };
}

function pickChannels(image: Image, wanted: readonly number[]): Image {
  const { width, height, channels, depth, data } = image;
  const count = wanted.length;
  const out = emptyValues(depth, width * height * count);
  for (let from = 0, to = 0; from < data.length; from += channels) {
    for (const channel of wanted) out[to++] = data[from + channel]!;
  }
  return { ...image, channels: count, isSeparate: true, data: out };
}
