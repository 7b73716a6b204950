import type { Rectangle } from "../cache/cached_case.ts";
import type { ImageReader } from "../images/image_reader.ts";
import type { Image } from "../types.ts";

/** Options of {@linkcode findBorders}: what counts as empty. */
export interface FindBordersOptions {
  /**
   * How far a value may lie from black or white: 4 for 8 bits if not given (a
   * JPEG's black is not quite black), else 0, for what is nearly black in 16
   * bits is a background.
   */
  readonly tolerance?: number;
}

/** The empty margins of an image, in pixels, and what lies between them. */
export interface Borders {
  /** Empty columns on the left. */
  readonly left: number;
  /** Empty rows at the top. */
  readonly top: number;
  /** Empty columns on the right. */
  readonly right: number;
  /** Empty rows at the bottom. */
  readonly bottom: number;
  /** The rest, for `cropped()`. */
  readonly content: Rectangle;
}

/** Lines looked at together, and how much of their length at once. */
const lineCount = 128, lineLength = 4096;

/**
 * Finds the empty margins that an acquisition leaves around an image.
 *
 * A margin is all outermost rows, or columns between the rows kept, of which
 * every pixel is black, or every pixel white, within the tolerance; all lines
 * of a margin have the same color. NaN counts as black, alpha does not count,
 * and floats have no white. Margins within margins are found too. An image
 * that is empty altogether has no margins. Nothing is read but the margins
 * and the lines that end them.
 *
 * @param reader The image.
 * @param options The tolerance.
 * @returns The margins and the content.
 * @throws {FileError} If a part of the file is damaged.
 * @throws {RangeError} If the tolerance is negative.
 *
 * @example
 * ```ts
 * import { encodePng, findBorders, openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([9, 80, 0, 70, 60, 0, 0, 0, 0]);
 * const image = { width: 3, height: 3, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using reader = await openImage(path);
 *   assertEquals(await findBorders(reader), {
 *     left: 0,
 *     top: 0,
 *     right: 1,
 *     bottom: 1,
 *     content: { x: 0, y: 0, width: 2, height: 2 },
 *   });
 * }
 * await Deno.remove(path);
 * ```
 */
export async function findBorders(
  reader: ImageReader,
  options: FindBordersOptions = {},
): Promise<Borders> {
  const { width, height } = reader;
  const { tolerance = reader.depth === 8 ? 4 : 0 } = options;
  if (!(tolerance >= 0)) {
    throw new RangeError(
      `Cannot find borders: found a tolerance of ${tolerance}, expected a number from 0`,
    );
  }
  const margins = { left: 0, top: 0, right: 0, bottom: 0 };
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const side of ["top", "bottom", "left", "right"] as const) {
      const content = contentOf(margins, width, height);
      const lines = await countEmpty(reader, content, side, tolerance);
      const across = side === "top" || side === "bottom"
        ? content.height
        : content.width;
      if (lines === across) return noBorders(width, height);
      margins[side] += lines;
      isChanged ||= lines > 0;
    }
  }
  return { ...margins, content: contentOf(margins, width, height) };
}

type Side = "left" | "top" | "right" | "bottom";

/** How many of the outermost lines of a side are empty, in one color. */
async function countEmpty(
  reader: ImageReader,
  content: Rectangle,
  side: Side,
  tolerance: number,
): Promise<number> {
  const isRow = side === "top" || side === "bottom";
  const across = isRow ? content.height : content.width;
  const length = isRow ? content.width : content.height;
  let color: "black" | "white" | undefined;
  for (let done = 0; done < across; done += lineCount) {
    const count = Math.min(lineCount, across - done);
    const black = new Uint8Array(count).fill(1), white = black.slice();
    const start = side === "top" || side === "left"
      ? done
      : across - done - count;
    for (let at = 0; at < length; at += lineLength) {
      const part = Math.min(lineLength, length - at);
      const window = isRow
        ? await reader.read(content.x + at, content.y + start, part, count)
        : await reader.read(content.x + start, content.y + at, count, part);
      markFull(window, { isRow, tolerance, black, white });
      const outermost = side === "top" || side === "left" ? 0 : count - 1;
      if (!black[outermost] && !white[outermost]) return done;
    }
    for (let line = 0; line < count; line++) {
      const at = side === "top" || side === "left" ? line : count - 1 - line;
      color ??= black[at] ? "black" : "white";
      if (!(color === "black" ? black : white)[at]) return done + line;
    }
  }
  return across;
}

/** Unmarks the lines of a window that are not of one color. */
function markFull(
  { width, height, channels, depth, isSeparate, data }: Image,
  { isRow, tolerance, black, white }: {
    readonly isRow: boolean;
    readonly tolerance: number;
    readonly black: Uint8Array;
    readonly white: Uint8Array;
  },
): void {
  const colors = isSeparate ? channels : Math.min(3, channels);
  const highest = depth === 32 ? Infinity : 2 ** depth - 1 - tolerance;
  const hasWhite = depth !== 32;
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += channels) {
      const line = isRow ? y : x;
      if (!black[line] && !white[line]) continue;
      for (let at = from; at < from + colors; at++) {
        const value = data[at]!;
        if (Math.abs(value) > tolerance) black[line] = 0;
        if (!hasWhite || value < highest) white[line] = 0;
      }
    }
  }
}

function contentOf(
  { left, top, right, bottom }: Readonly<Record<Side, number>>,
  width: number,
  height: number,
): Rectangle {
  return {
    x: left,
    y: top,
    width: width - left - right,
    height: height - top - bottom,
  };
}

function noBorders(width: number, height: number): Borders {
  const content = { x: 0, y: 0, width, height };
  return { left: 0, top: 0, right: 0, bottom: 0, content };
}
