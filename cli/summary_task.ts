import { briefText, cannot, UsageError } from "@unet/errors";
import { type Network, type NetworkName, networks } from "@unet/model/networks";
import {
  channelInput,
  classTask,
  isChannelName,
  objectTask,
  type Task,
} from "@unet/task";
import type { Flag, Flags } from "./flags.ts";

/** The most channels or classes that are counted. */
const most = 128;

/** The flags that say what a network takes and what it learns. */
export const taskFlags: readonly Flag[] = [
  {
    name: "channels",
    kind: "text",
    value: "N|NAMES",
    help: "how many channels come in, or their names, as in DAPI,actin " +
      "(default red, green and blue)",
  },
  {
    name: "classes",
    kind: "text",
    value: "N|NAMES",
    help: "how many classes are learned, the background among them, or their " +
      "names, as in background,axon,myelin (default objects)",
  },
];

/**
 * The task that flags describe.
 *
 * @param flags The command line.
 * @param network The network, by its name.
 * @throws {UsageError} If a number or a name cannot be, or flags contradict one
 * another.
 */
export function taskOfFlags(flags: Flags, network: NetworkName): Task {
  const channels = listOf(flags, "channels", {
    least: 1,
    nameOf: (at) => `channel ${at}`,
    isName: isChannelName,
  });
  const classes = listOf(flags, "classes", {
    least: 2,
    nameOf: (at) => at === 0 ? "background" : `class ${at}`,
    // A name becomes part of file names and of columns.
    isName: (text) => /^[\p{L}\p{N}][\p{L}\p{N} +._-]{0,63}$/u.test(text),
  });
  const input = channels ? { input: channelInput(channels) } : {};
  if (!classes) {
    const borders = flags.on("boundaries") ? { borderWeight: 0.1 } : {};
    return objectTask({ ...borders, ...input });
  }
  const refuse = (name: string, found: string): UsageError =>
    new UsageError(
      cannot("use", "flag", `--${name}`, {
        found: `--classes beside ${found}`,
        expected: "one of the two",
      }),
    );
  if (flags.on("boundaries")) throw refuse("boundaries", "it");
  // The logit of one object beside the background's is the network's own.
  const { isPair }: Network = networks[network];
  if (isPair) throw refuse("network", network);
  return classTask({ classes, ...input });
}

/** Names that were typed, or that stand for a number of them. */
function listOf(
  flags: Flags,
  name: string,
  { least, nameOf, isName }: {
    readonly least: number;
    readonly nameOf: (at: number) => string;
    readonly isName: (text: string) => boolean;
  },
): string[] | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  const names = /^\d{1,9}$/.test(text)
    ? Number(text) <= most
      ? Array.from({ length: Number(text) }, (_, at) => nameOf(at))
      : []
    : text.split(",").map((part) => part.trim());
  const isFit = names.length >= least && names.length <= most &&
    names.every(isName) && new Set(names).size === names.length;
  if (isFit) return names;
  throw new UsageError(
    cannot("use", "flag", `--${name}`, {
      found: `"${briefText(text)}"`,
      expected:
        `a number from ${least} to ${most}, or so many names, each once`,
    }),
  );
}
