import { cannot } from "@unet/errors";
import type { Fault } from "./fault.ts";

/** So many ids of identical images are named. */
const mostNamed = 3;

/**
 * Gathers images that have the same pixels, whatever their names and formats.
 *
 * @param images The images; `content` is the same where the pixels are.
 * @returns The ids of each group of at least two, sorted, the groups too.
 */
export function identicalImages(
  images: readonly { readonly id: string; readonly content?: string }[],
): string[][] {
  const groups = new Map<string, string[]>();
  for (const { id, content } of images) {
    if (content === undefined) continue;
    const ids = groups.get(content) ?? [];
    groups.set(content, ids);
    ids.push(id);
  }
  return [...groups.values()].filter((ids) => ids.length > 1)
    .map((ids) => ids.sort(compare))
    .sort(([a], [b]) => compare(a!, b!));
}

/** A warning about each group of identical images. */
export function faultsOfIdentical(
  images: readonly { readonly id: string; readonly content?: string }[],
): Fault[] {
  return identicalImages(images).map(([first, ...others]) => {
    const named = others.slice(0, mostNamed).map((id) => `"${id}"`).join(", ");
    const more = others.length - mostNamed;
    return {
      kind: "identical-images",
      severity: "warning",
      case: first!,
      message: cannot("split", "image", first!, {
        found: `the same pixels in ${named}` +
          (more > 0 ? ` and ${more} more` : ""),
        expected: "different images",
        remedy: "they stay in the same part of the split",
      }),
    };
  });
}

/** By code units, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
