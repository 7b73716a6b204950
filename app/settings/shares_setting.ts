import { modalities, type Modality } from "@unet/data/modality";
import { briefText, type UsageError } from "@unet/errors";
import { refusedSetting } from "./refused_setting.ts";
import type { Setting } from "./setting.ts";
import { orNull, ownSetting } from "./setting_kinds.ts";

/**
 * How much of each epoch groups of images are: a number above 0 by source, as
 * "tissue", or by source and modality, as "tissue:stained". A source alone
 * stands for its images of the modalities that are not named.
 */
export type Shares = Readonly<Record<string, number>>;

/** The setting of {@linkcode Shares}; null draws every tile alike. */
export const sharesSetting: Setting<Shares | null> = ownSetting({
  group: "Data",
  inputs: [{
    name: "shares",
    kind: "text",
    value: "NAME=N[,…]",
    help: "relative share of tiles drawn from each data set, instead of all " +
      "tiles: by its name in `data`, or by name and image type, such as " +
      "tissue=2,cells=1 or tissue=2,tissue:stained=1,cells=1; a name alone " +
      "covers its other types",
  }],
  read: (typed) => parseShares(typed.text("shares")!),
  check: orNull(isShares),
  default: null,
  before: null,
  isTried: false,
});

/** The source and the modality that a key of {@linkcode Shares} names. */
export function groupOfKey(
  key: string,
): { readonly source: string; readonly modality: Modality | null } {
  const [, source, modality] = /^(.*):([^:]*)$/s.exec(key) ?? [];
  return source === undefined
    ? { source: key, modality: null }
    : { source, modality: modality as Modality };
}

function parseShares(text: string): Shares {
  const shares: Record<string, number> = {};
  for (const part of text.split(",")) {
    const [, name = "", number = ""] = /^(.*)=([^=]*)$/s.exec(part) ?? [];
    const key = name.trim().normalize("NFC"), share = Number(number);
    const isRight = key !== "" && number.trim() !== "" && isShare(share);
    if (!isRight) {
      throw refused(
        `"${briefText(part)}"`,
        "NAME=N or NAME:TYPE=N, each N a number above 0",
      );
    }
    if (Object.hasOwn(shares, key)) {
      throw refused(`"${briefText(key)}" twice`, "each name once");
    }
    const { modality } = groupOfKey(key);
    if (modality !== null && !modalities.includes(modality)) {
      throw refused(
        `type "${briefText(modality)}"`,
        modalities.join(", "),
      );
    }
    shares[key] = share;
  }
  return shares;
}

function isShares(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every(([key, share]) => {
      const { modality } = groupOfKey(key);
      return isShare(share) &&
        (modality === null || modalities.includes(modality));
    });
}

function isShare(value: unknown): value is number {
  return Number.isFinite(value) && Number(value) > 0;
}

function refused(found: string, expected: string): UsageError {
  return refusedSetting("shares", found, expected);
}
