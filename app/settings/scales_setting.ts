import type { ScaleRange } from "@unet/data";
import { brief, cannot, UsageError } from "@unet/errors";
import type { Setting } from "./setting.ts";
import { orNull, ownSetting } from "./setting_kinds.ts";

/** The scales at which tiles are shown; null for 1 alone. */
export const scalesSetting: Setting<ScaleRange | null> = ownSetting({
  group: "Data",
  isTried: false,
  inputs: [{
    name: "scales",
    kind: "text",
    value: "LOW-HIGH|off",
    help: "rescales each tile by a random factor in this range, such as " +
      "0.4-2.5, except a quarter of them; objects stay within 9 to 70 pixels " +
      "(default off; with `recipe general`, 0.4-2.5)",
  }],
  read(typed) {
    const text = typed.text("scales")!;
    if (text === "off") return null;
    const found = /^([0-9.]+)-([0-9.]+)$/.exec(text.trim());
    const range = { low: Number(found?.[1]), high: Number(found?.[2]) };
    if (isScaleRange(range)) return range;
    throw new UsageError(cannot("use", "setting", "scales", {
      found: brief(text),
      expected: "off, or a range from 0.1 to 10 around 1, such as 0.4-2.5",
    }));
  },
  check: orNull(isScaleRange),
  before: null,
});

function isScaleRange(value: unknown): value is ScaleRange {
  const { low, high } = (value ?? {}) as Record<keyof ScaleRange, unknown>;
  return Number.isFinite(low) && Number.isFinite(high) && Number(low) >= 0.1 &&
    Number(low) <= 1 && Number(high) >= 1 && Number(high) <= 10 &&
    Number(low) < Number(high);
}
