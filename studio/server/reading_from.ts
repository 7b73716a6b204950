import type { ImageChoice } from "@unet/data";
import { brief } from "@unet/errors";
import { refused } from "./query.ts";

/** The most of a plane's, a time point's or a channel's number. */
const largest = 2 ** 31;

/** The longest name of a channel. */
const longest = 200;

/**
 * Takes which part of image files is read out of what a page sent.
 *
 * @param value `{plane, time, channel}`, each of which may be missing.
 * @throws {RequestError} With status 400, if it is none.
 */
export function readingFrom(value: unknown): ImageChoice {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null) {
    throw refused("reading", brief(value), "plane, time and channel");
  }
  const { plane, time, channel, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw refused("reading", other, "plane, time and channel");
  }
  for (const [name, number] of Object.entries({ plane, time })) {
    if (number === undefined || isCount(number)) continue;
    throw refused(name, brief(number), "a whole number from 0");
  }
  const isChannel = channel === undefined || isCount(channel) ||
    typeof channel === "string" && channel !== "" && channel.length <= longest;
  if (!isChannel) {
    throw refused("channel", brief(channel), "a number from 0, or a name");
  }
  return {
    ...(plane !== undefined && { plane: plane as number }),
    ...(time !== undefined && { time: time as number }),
    ...(channel !== undefined && { channel: channel as number | string }),
  };
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 &&
    (value as number) <= largest;
}
