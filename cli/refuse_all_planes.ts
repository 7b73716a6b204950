import { openImage } from "@unet/data";
import { cannot, UnetError, UsageError } from "@unet/errors";

/**
 * Refuses `--plane all`, which would be a mask per plane, and says what there
 * is to choose from.
 *
 * @param plane The flag's value.
 * @param inputs The command's inputs, of which the first is looked into.
 * @throws {UsageError} If it is "all".
 */
export async function refuseAllPlanes(
  plane: string | undefined,
  inputs: readonly string[],
): Promise<void> {
  if (plane !== "all") return;
  const [input] = inputs;
  const planes = input === undefined ? undefined : await planesOf(input);
  const [last, where] = planes === undefined
    ? ["", ""]
    : [` to ${planes - 1}`, `, where "${input}" has ${planes}`];
  throw new UsageError(
    cannot("use", "flag", "--plane", {
      found: `"all"${where}`,
      expected: planes === 1
        ? "0, max or mean"
        : `one plane from 0${last}, max or mean`,
      remedy: "run it once per plane, each with an --out of its own",
    }),
  );
}

/** How many planes a file has; undefined where it is none, or cannot be read. */
async function planesOf(path: string): Promise<number | undefined> {
  try {
    await using image = await openImage(path, { channel: "max" });
    return image.planes;
  } catch (error) {
    if (error instanceof UnetError) return undefined;
    throw error;
  }
}
