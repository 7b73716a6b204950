import type { MaskOptions } from "@unet/data";
import { shellWord } from "@unet/app/shown-path";

/** Flags whose names are not those of their settings. */
const flagNames: Readonly<Record<string, string>> = {
  learningRate: "lr",
  minimalArea: "min-area",
  maximalHole: "max-hole",
  depth: "split-depth",
  smoothing: "split-smoothing",
  views: "tta",
  foldBatchNorm: "batch-norm",
  formats: "format",
};

/** Names in messages that stand for commands. */
const commands: Readonly<Record<string, string>> = {
  check: "unet check DATA",
};

/** Functions in messages that stand for commands with a name behind them. */
const actions: Readonly<Record<string, string>> = {
  installDevice: "unet devices --install",
  uninstallDevice: "unet devices --uninstall",
  installLibrary: "unet install",
};

/**
 * Words the settings of a message as the flags of a command line: those in
 * backticks, as in `` `learningRate 0.001` ``, and the one that a message is
 * about, as in `Cannot use setting "tile"`.
 *
 * @param text The message.
 * @returns The message for a terminal.
 */
export function wordSettings(text: string): string {
  return text
    // A number of blocks is typed under a name of its own.
    .replace(
      /(Cannot use setting ")freezeEncoder(": found \d)/,
      "$1freezeBlocks$2",
    )
    .replace(
      /\bCannot use setting "([A-Za-z-]+)( [^"]+)?"/g,
      (_, name, value = "") => `Cannot use flag "${flagOf(name)}${value}"`,
    )
    .replace(/\b(Cannot use )settings (".*?":)/, "$1flags $2")
    .replace(/`([A-Za-z-]+)(?: ([^`]+))?`/g, (_, name, value) => {
      if (Object.hasOwn(actions, name)) return `${actions[name]} ${value}`;
      if (value === undefined && Object.hasOwn(commands, name)) {
        return commands[name]!;
      }
      return wordSetting(name, value);
    });
}

/** A setting as a flag, as in `--lr 0.001`. */
export function wordSetting(name: string, value?: string): string {
  const flag = flagOf(name);
  if (value === undefined) return flag;
  // A value that starts with a dash would be a flag.
  if (value.startsWith("-")) return `${flag}=${shellWord(value)}`;
  return `${flag} ${/^[\w.,+ -]+$/.test(value) ? value : shellWord(value)}`;
}

/**
 * Words options of masks as flags, as a person would type them.
 *
 * @param options What is not as if nothing were given.
 */
export function describeMaskOptions({ mask, background }: MaskOptions): string {
  return [
    ...mask === undefined ? [] : [wordSetting("mask", mask)],
    ...background === undefined
      ? []
      : [wordSetting("background", background.join(","))],
  ].join(" ");
}

function flagOf(name: string): string {
  const words = Object.hasOwn(flagNames, name)
    ? flagNames[name]!
    : name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${words}`;
}
