import { cannot, FileError } from "@unet/errors";

/** Refuses an image of more pixels than are decoded at once. */
export function requirePixels(
  { width, height }: { readonly width: number; readonly height: number },
  name: string,
  maxPixels: number,
): void {
  if (width * height <= maxPixels) return;
  throw new FileError(cannot("read", "image", name, {
    found: `${width}×${height} pixels`,
    expected: `at most ${maxPixels} in all`,
    remedy: "cut it into pieces",
  }));
}
