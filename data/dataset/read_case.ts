import { cannot, count, DatasetError } from "@unet/errors";
import type { Case } from "./case.ts";
import type { CaseOptions } from "./case_options.ts";
import type { Fault } from "./fault.ts";
import { DatasetBacking } from "./dataset_backing.ts";
import { readCaseFiles, withDecodedCase } from "./decode_case.ts";
import type { Sample } from "../types.ts";

/**
 * Options for reading a case: part of the image, masks, and a callback for
 * warnings.
 */
export interface ReadCaseOptions extends CaseOptions {
  /** Given each warning about the case. */
  readonly onWarning?: (fault: Fault) => void;
}

/**
 * Reads a case: decodes its image and gathers its masks into instances,
 * numbered from 1 without gaps.
 *
 * In a mask the stored number counts, as tifffile and ImageJ show it: neither
 * a palette nor "zero is white" changes it, and transparency is not read. What
 * is not 0, or not listed as `background`, is object; numbers below 0 never
 * are.
 *
 * With `mask: "auto"`, a pair's mask with one number besides background is
 * binary: its connected components (by sides and corners) are the instances, so
 * that nuclei that touch are one. With more numbers, or colors, each is an
 * instance, unless they form mere edges, as after JPEG, resizing or smoothing,
 * or are probabilities: then the mask is binary and cut at half. In Kaggle's
 * layout each mask is one nucleus. `"labels"` makes each number of a mask an
 * instance, `"binary"` each component, in both layouts.
 *
 * Kaggle's nuclei are numbered in the order of the masks' names. Where masks
 * overlap the first keeps the pixel; a mask that is all black, or hidden under
 * others, gets no number.
 *
 * @param each The case, from {@linkcode openDataset}.
 * @param options Level, channel, plane and time of the image; the limit on
 * pixels.
 * @returns The image as it is stored, and its instances.
 * @throws {DatasetError} If the image or a mask is missing, surplus, damaged
 * or of another size; `faults` has all of it.
 *
 * @example
 * ```ts
 * import { encodePng, openDataset, readCase } from "@unet/data";
 * import { writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const data = new Uint8Array([255, 0, 255]);
 * const png = await encodePng({ width: 3, height: 1, channels: 1, depth: 8, data });
 * await writeFile(`${folder}/images/a.png`, png);
 * await writeFile(`${folder}/masks/a.png`, png);
 * const dataset = await openDataset(folder);
 * const { labels } = await readCase(dataset.cases[0]!);
 * assertEquals([...labels.data], [1, 0, 2]);
 * dataset.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readCase(
  each: Case,
  options: ReadCaseOptions = {},
): Promise<Sample> {
  using turn = new DatasetBacking().turn();
  const files = await readCaseFiles(each, { ...options, turn });
  const decoded = await withDecodedCase(each, files, options, (one) => one);
  const errors = decoded.faults.filter((fault) => fault.severity === "error");
  const { image, labels, objectClasses } = decoded;
  if (errors.length > 0 || !image || !labels) {
    throw new DatasetError(
      errors.length === 1
        ? errors[0]!.message
        : cannot("read", "case", each.id, {
          found: count(errors.length, "fault"),
          expected: "an image and its masks",
        }),
      errors.map((fault) => fault.message),
    );
  }
  for (const fault of decoded.faults) options.onWarning?.(fault);
  return {
    ...{ id: each.id, image, labels },
    ...(objectClasses && { objectClasses }),
  };
}
