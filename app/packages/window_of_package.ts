import type { PackageDescription, SideRule } from "@unet/bioimageio";
import { cannot, ModelError } from "@unet/errors";
import type { WindowOptions } from "@unet/infer";

/** The side of a window that is wanted, if the network takes it. */
const wanted = 512;

/** What is left out on each side of a window where a package says nothing. */
const usualHalo = 32;

/**
 * The windows of a package's network: squares of a size that it takes, whose
 * halo is decided by the windows beside.
 *
 * @param description The package.
 * @param path The package, for messages.
 * @throws {ModelError} If no square fits both sides, or the halo leaves nothing.
 */
export function windowOfPackage(
  { input: { height, width }, output: { margin: lost, halo } }:
    PackageDescription,
  path: string,
): WindowOptions {
  const sides = sidesOf(height).filter((side) => takes(width, side));
  const side = sides.findLast((one) => one <= wanted) ?? sides[0];
  const bad = (found: string, expected: string) =>
    new ModelError(cannot("use", "package", path, { found, expected }));
  if (side === undefined) {
    throw bad(
      `heights from ${height.least}, widths from ${width.least}`,
      "a square that both allow",
    );
  }
  const usual = halo > 0 || lost > 0 || side < 4 * usualHalo ? 0 : usualHalo;
  const margin = Math.max(lost + halo, usual), tile = side - 2 * margin;
  if (tile < 1) throw bad(`a halo of ${halo}`, `less than half of ${side}`);
  return { context: "neighbors", tile, margin };
}

/** Sides that a rule allows, from the smallest on, enough to find one. */
function sidesOf({ least, step }: SideRule): number[] {
  if (step === 0) return [least];
  const more = Math.max(1, Math.ceil(wanted / step));
  return Array.from({ length: more + 1 }, (_, at) => least + at * step);
}

function takes({ least, step }: SideRule, side: number): boolean {
  return step === 0
    ? side === least
    : side >= least && (side - least) % step === 0;
}
