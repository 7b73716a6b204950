import { cannot, count, FileError } from "@unet/errors";
import { Projection } from "./project.ts";
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
  const found = typeof choice === "number"
    ? [choice].filter((at) => at < names.length)
    : numbersOf(names, choice);
  if (found.length === 1) return found;
  throw new FileError(cannot("read", "image", path, {
    found: listChannels(names),
    expected: typeof choice === "number"
      ? `channel ${choice}`
      : `${found.length > 1 ? "one" : "a"} channel "${choice}"`,
    ...(found.length > 1 && { remedy: "choose it by its number" }),
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

/** Takes one channel of an image in memory, or a projection of all. */
export function chooseChannel(
  image: Image,
  choice: number | string | undefined,
  path: string,
): Image {
  const chosen = findChannels(channelNamesOf(image), choice, path);
  if (!chosen || image.channels === 1) return image;
  const mode = choice === "mean" ? "mean" : "max";
  const projection = new Projection(mode, image.depth);
  for (const sample of chosen) {
    projection.add(image.data, image.channels, sample);
  }
  return { ...image, channels: 1, data: projection.finish() };
}
