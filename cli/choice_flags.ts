import type { ImageChoice } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import type { Flag, Flags } from "./flags.ts";

/** The flags that say which part of an image file is read. */
export const choiceFlags: readonly Flag[] = [
  {
    name: "channel",
    kind: "text",
    value: "N|NAME|max|mean|color",
    help: "one channel, counted from 0 or by its name, or the largest or " +
      "mean value of all; color reads red, green and blue",
  },
  {
    name: "plane",
    kind: "text",
    value: "N|max|mean",
    help: "one plane of a stack, counted from 0, or a projection of all",
  },
  {
    name: "time",
    kind: "whole",
    minimum: 0,
    maximum: 1e9,
    help: "one time point of a series, counted from 0",
  },
  {
    name: "level",
    kind: "whole",
    minimum: 0,
    maximum: 64,
    help: "the level of a pyramid, 0 for full size",
  },
];

/**
 * Which part of image files the flags choose: what is given, else what a model
 * was trained on, else nothing.
 *
 * @param flags The command line.
 * @param trainedOn What the model's card says.
 * @param say Given the line that says so, if the card decides.
 * @throws {UsageError} If a plane is neither a number nor a projection.
 */
export function choiceOf(
  flags: Flags,
  trainedOn: ImageChoice = {},
  say: (line: string) => void = () => {},
): ImageChoice {
  const channel = flags.text("channel"), plane = planeOf(flags);
  const level = flags.number("level"), time = flags.number("time");
  const given = {
    ...(channel !== undefined && { channel: numberOr(channel) }),
    ...(plane !== undefined && { plane }),
    ...(time !== undefined && { time }),
    ...(level !== undefined && { level }),
  };
  const taken = Object.entries(trainedOn).filter(([name]) =>
    !Object.hasOwn(given, name)
  );
  if (taken.length > 0) {
    const said = taken.map(([name, value]) => `${name} ${value}`).join(", ");
    const names = taken.map(([name]) => `--${name}`).join(", ");
    say(`Reading ${said}, as the model was trained (${names} to change it)`);
  }
  const { channel: chosen, ...rest } = { ...trainedOn, ...given };
  return chosen === undefined || chosen === "color"
    ? rest
    : { ...rest, channel: chosen };
}

function planeOf(flags: Flags): ImageChoice["plane"] {
  const text = flags.text("plane");
  if (text === undefined || text === "max" || text === "mean") return text;
  const plane = numberOr(text);
  if (typeof plane === "number") return plane;
  throw new UsageError(cannot("use", "flag", "--plane", {
    found: `"${text}"`,
    expected: "a whole number from 0, max or mean",
  }));
}

function numberOr(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}
