import {
  type BackgroundValue,
  type MaskOptions,
  type MaskReading,
  maskReadings,
} from "@unet/data";
import { brief, cannot, UsageError } from "@unet/errors";
import { choiceFlags } from "./choice_flags.ts";
import type { Flag, Flags } from "./flags.ts";

/** The flags that say what the numbers of masks mean. */
export const maskFlags: readonly Flag[] = [
  {
    name: "mask",
    kind: "choice",
    choices: maskReadings,
    default: "auto",
    help: "what is an object: labels takes each number of a mask, binary " +
      "each connected part; auto decides mask by mask",
  },
  {
    name: "background",
    kind: "text",
    value: "N[,N…]",
    default: "0",
    help: "the numbers of masks that are background, as in 255 or 0,255; " +
      "of colored masks also #RRGGBB",
  },
];

/** The flags that say how images and their masks are read. */
export const readingFlags: readonly Flag[] = [...choiceFlags, ...maskFlags];

/**
 * What the flags of {@linkcode maskFlags} say.
 *
 * @param flags The command line.
 * @throws {UsageError} If a background is neither a number nor a color.
 */
export function maskOptionsOf(flags: Flags): Required<MaskOptions> {
  return {
    mask: flags.text("mask") as MaskReading,
    background: parseBackground(flags.text("background")!),
  };
}

function parseBackground(text: string): BackgroundValue[] {
  const values = text.split(",").map((part) => {
    const value = part.trim();
    return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value.toLowerCase();
  });
  const stranger = values.find((value) => !isBackground(value));
  if (stranger === undefined) return values;
  throw new UsageError(cannot("use", "flag", "--background", {
    found: brief(String(stranger)),
    expected: "numbers, as in 255 or 0,255, or colors, as in #440154",
  }));
}

/** Whether a value names a background: a number or a color. */
export function isBackground(value: unknown): value is BackgroundValue {
  return Number.isFinite(value) ||
    typeof value === "string" && /^#[0-9a-f]{6}$/.test(value);
}

/**
 * Words options as flags, as a person would type them.
 *
 * @param options What is not as if nothing were given.
 */
export function describeMaskOptions({ mask, background }: MaskOptions): string {
  const flags: string[] = [];
  if (mask !== undefined) flags.push(`--mask ${mask}`);
  if (background !== undefined) {
    const list = background.join(","), isText = /^#/.test(list);
    // A value that starts with a dash looks like a flag, # starts a comment.
    flags.push(
      list.startsWith("-")
        ? `--background=${list}`
        : `--background ${isText ? `'${list}'` : list}`,
    );
  }
  return flags.join(" ");
}
