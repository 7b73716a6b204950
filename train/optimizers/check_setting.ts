import { cannot } from "@unet/errors";

/** Throws a RangeError about `[of, name, value]` unless it is right. */
export function checkSetting(
  [of, name, value]: readonly [string, string, unknown],
  isRight: boolean,
  expected: string,
): void {
  if (isRight) return;
  throw new RangeError(
    cannot("use", `${of} setting`, name, { found: String(value), expected }),
  );
}
