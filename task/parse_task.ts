import { brief, cannot } from "@unet/errors";
import {
  type Activation,
  activations,
  type Channel,
  type Head,
  type Normalization,
  normalizations,
  type Task,
} from "./task.ts";

/** Channels that all heads may have together, and channels of an input. */
const mostChannels = 1024;

/**
 * Checks a task that comes from a file or a program.
 *
 * @param value What should be a task, as plain data.
 * @returns The task, without what does not belong to one.
 * @throws {RangeError} If anything is missing, out of range or named twice;
 * the message names the part.
 *
 * @example
 * ```ts
 * import { objectTask, parseTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const stored = JSON.stringify(objectTask());
 * assertEquals(parseTask(JSON.parse(stored)), objectTask());
 * ```
 */
export function parseTask(value: unknown): Task {
  const { input, heads } = objectOf(value, "task");
  const { channels, normalization } = objectOf(input, "input");
  const task: Task = {
    input: {
      channels: listOf(channels, "input.channels").map(parseChannel),
      normalization: oneOf<Normalization>(
        normalization,
        "input.normalization",
        normalizations,
      ),
    },
    heads: listOf(heads, "heads").map(parseHead),
  };
  refuseTwins(task.input.channels, "input.channels");
  refuseTwins(task.heads, "heads");
  return task;
}

function parseChannel(value: unknown, index: number): Channel {
  const part = `input.channels[${index}]`;
  const { name } = objectOf(value, part);
  return { name: channelNameOf(name, `${part}.name`) };
}

function parseHead(value: unknown, index: number): Head {
  const part = `heads[${index}]`;
  const { name, channels, activation, target, loss, weight } = objectOf(
    value,
    part,
  );
  const isCount = Number.isInteger(channels) && channels as number >= 1 &&
    channels as number <= mostChannels;
  if (!isCount) {
    throw wrong(
      `${part}.channels`,
      channels,
      `an integer from 1 to ${mostChannels}`,
    );
  }
  if (!(Number.isFinite(weight) && weight as number >= 0)) {
    throw wrong(`${part}.weight`, weight, "a number from 0");
  }
  return {
    ...classesOf(objectOf(value, part), channels as number, part),
    name: nameOf(name, `${part}.name`),
    channels: channels as number,
    activation: oneOf<Activation>(
      activation,
      `${part}.activation`,
      activations,
    ),
    target: nameOf(target, `${part}.target`),
    loss: nameOf(loss, `${part}.loss`),
    weight: weight as number,
  };
}

/** The names and weights of a head's classes, where it has them. */
function classesOf(
  { classes, classWeights }: Record<string, unknown>,
  channels: number,
  part: string,
): Pick<Head, "classes" | "classWeights"> {
  const perChannel = (value: unknown, name: string): unknown[] => {
    const list = listOf(value, `${part}.${name}`);
    if (list.length === channels) return list;
    throw wrong(`${part}.${name}`, list.length, `${channels}, one per channel`);
  };
  const names = classes === undefined
    ? undefined
    : perChannel(classes, "classes").map((name, at) =>
      nameOf(name, `${part}.classes[${at}]`)
    );
  if (names) refuseTwins(names.map((name) => ({ name })), `${part}.classes`);
  const weights = classWeights === undefined
    ? undefined
    : perChannel(classWeights, "classWeights").map((weight, at) => {
      if (Number.isFinite(weight) && weight as number >= 0) {
        return weight as number;
      }
      throw wrong(`${part}.classWeights[${at}]`, weight, "a number from 0");
    });
  return {
    ...(names && { classes: names }),
    ...(weights && { classWeights: weights }),
  };
}

function objectOf(value: unknown, part: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw wrong(part, value, "an object");
}

function listOf(value: unknown, part: string): unknown[] {
  const fits = Array.isArray(value) && value.length >= 1 &&
    value.length <= mostChannels;
  if (fits) return value;
  throw wrong(part, value, `a list of 1 to ${mostChannels}`);
}

function nameOf(value: unknown, part: string): string {
  // A name becomes part of file names and of columns.
  const fits = typeof value === "string" && value.length <= 64 &&
    /^[\p{L}\p{N}][\p{L}\p{N} +._-]*$/u.test(value);
  if (fits) return value;
  throw wrong(
    part,
    value,
    "a name of up to 64 letters, digits, spaces and +._-",
  );
}

/**
 * Whether a channel can be called so. Files name channels, so that a name may
 * hold whatever can be read.
 *
 * @param value What may be a name.
 * @returns Whether it is a text of up to 256 characters without invisible ones,
 * which does not begin with a space.
 *
 * @example
 * ```ts
 * import { isChannelName } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isChannelName("Alexa Fluor 488 (nuclei)"), true);
 * assertEquals(isChannelName(" DAPI"), false);
 * ```
 */
export function isChannelName(value: unknown): value is string {
  return typeof value === "string" && value.length <= 256 &&
    /^\S/u.test(value) && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(value);
}

function channelNameOf(value: unknown, part: string): string {
  if (isChannelName(value)) return value;
  throw wrong(
    part,
    value,
    "a name of up to 256 characters that can be read",
  );
}

function oneOf<Name extends string>(
  value: unknown,
  part: string,
  names: readonly Name[],
): Name {
  if (names.includes(value as Name)) return value as Name;
  throw wrong(part, value, names.join(", "));
}

function refuseTwins(list: readonly { name: string }[], part: string): void {
  const names = list.map(({ name }) => name);
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin !== undefined) {
    throw wrong(part, twin, "each name once");
  }
}

function wrong(part: string, found: unknown, expected: string): RangeError {
  return new RangeError(
    cannot("use", "task with", part, { found: brief(found), expected }),
  );
}
