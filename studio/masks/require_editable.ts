import type { Labels } from "@unet/data";
import { RequestError } from "@unet/http";
import type { LabelAreas } from "./label_areas.ts";
import type { MaskPlace, MaskState } from "./mask_state.ts";

/** Larger numbers leave no room for those of new objects. */
const largestNumber = 2 ** 31;

/**
 * Refuses labels that cannot be edited as the mask of an image.
 *
 * @throws {RequestError} With status 409, if they have another size, or numbers
 * that are too large.
 */
export function requireEditable(
  place: Pick<MaskPlace, "name" | "width" | "height">,
  labels: Labels,
  { next }: LabelAreas,
): void {
  const fault = (found: string): RequestError =>
    new RequestError(
      409,
      `Cannot edit mask of ${JSON.stringify(place.name)}: found ${found}`,
    );
  const { width, height } = place;
  if (labels.width !== width || labels.height !== height) {
    throw fault(
      `${labels.width} × ${labels.height} pixels, expected the image's ${width} × ${height}`,
    );
  }
  if (next > largestNumber) {
    throw fault(
      `the object number ${
        next - 1
      }, expected less than ${largestNumber}; number its objects anew`,
    );
  }
}

/**
 * Refuses an edit of a page that does not know the mask as it is.
 *
 * @param place The mask.
 * @param known What the page takes for the mask and its last edit.
 * @param state What they are.
 * @throws {RequestError} With status 409.
 */
export function requireCurrent(
  { name }: Pick<MaskPlace, "name">,
  known: Pick<MaskState, "mask" | "edit">,
  state: Pick<MaskState, "mask" | "edit">,
): void {
  if (known.mask === state.mask && known.edit === state.edit) return;
  throw new RequestError(
    409,
    `Cannot edit mask of ${
      JSON.stringify(name)
    }: found it changed elsewhere meanwhile; it is shown as it is now`,
  );
}
