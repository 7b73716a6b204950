import { sized } from "../images/pixel_size.ts";
import type { ReadingNote } from "../images/image_choice.ts";
import type { PixelSize } from "../images/image_reader.ts";
import type { ImageSize } from "../types.ts";

/** What OpenSlide says of a slide. */
export interface SlideFacts {
  /** Sizes of all levels, full size first, and how much smaller they are. */
  readonly levels: readonly (ImageSize & { readonly downsample: number })[];
  /** A property of the slide by its name. */
  property(name: string): string | undefined;
}

/** A level of a slide as it is read: what the scanner left empty is cut off. */
export interface SlideLevel extends ImageSize {
  /** How many pixels of full size a pixel of it is wide. */
  readonly downsample: number;
  /** Columns and rows of a block that is read at a time. */
  readonly block: ImageSize;
}

/** How a slide is read. */
export interface SlideLayout {
  /** Where the image begins, in pixels of full size. */
  readonly left: number;
  readonly top: number;
  readonly levels: readonly SlideLevel[];
  readonly pixelSize: PixelSize | undefined;
  /** Pixels of the largest tile, which OpenSlide decodes as a whole. */
  readonly largestTile: number;
  /** The color where the slide has no pixels. */
  readonly background: readonly [number, number, number];
  readonly notes: readonly ReadingNote[];
}

/** Blocks are at least so many pixels wide and high, and at most. */
const leastBlock = 512, mostBlock = 2048;

/**
 * Works out how a slide is read: its bounds, levels, pixel size and
 * background. Pure.
 */
export function slideLayout(facts: SlideFacts): SlideLayout {
  const { levels } = facts, full = levels[0]!;
  const property = (name: string) => facts.property(name);
  const bounds = boundsOf(full, property);
  const isWhole = bounds.width === full.width && bounds.height === full.height;
  const number = (name: string): number | undefined => {
    const value = property(name);
    return value === undefined ? undefined : Number(value);
  };
  const tiles = levels.map((_, at) => ({
    width: number(`openslide.level[${at}].tile-width`) ?? 0,
    height: number(`openslide.level[${at}].tile-height`) ?? 0,
  }));
  return {
    left: bounds.left,
    top: bounds.top,
    levels: levels.map(({ width, height, downsample }, at) => ({
      downsample,
      width: isWhole
        ? width
        : Math.max(1, Math.floor(bounds.width / downsample)),
      height: isWhole
        ? height
        : Math.max(1, Math.floor(bounds.height / downsample)),
      block: {
        width: blockSide(tiles[at]!.width),
        height: blockSide(tiles[at]!.height),
      },
    })),
    largestTile: Math.max(...tiles.map(({ width, height }) => width * height)),
    pixelSize: sized(number("openslide.mpp-x"), number("openslide.mpp-y")),
    background: colorOf(property("openslide.background-color")),
    notes: [
      ...(isWhole ? [] : [{
        kind: "bounds" as const,
        text: `${full.width}×${full.height} pixels, empty but for ` +
          `${bounds.width}×${bounds.height} at (${bounds.left}, ` +
          `${bounds.top}): these taken, coordinates counted from there`,
      }]),
      ...(property("openslide.icc-size") === undefined ? [] : [{
        kind: "icc" as const,
        text: "an ICC profile: not applied",
      }]),
    ],
  };
}

/** The part of a slide that is not empty; all of it where nobody says. */
function boundsOf(
  full: ImageSize,
  property: SlideFacts["property"],
): ImageSize & { readonly left: number; readonly top: number } {
  const [left, top, width, height] = ["x", "y", "width", "height"].map(
    (side) => Number(property(`openslide.bounds-${side}`) ?? NaN),
  ) as [number, number, number, number];
  const isInside = [left, top, width, height].every(Number.isSafeInteger) &&
    left >= 0 && top >= 0 && width >= 1 && height >= 1 &&
    left + width <= full.width && top + height <= full.height;
  return isInside ? { left, top, width, height } : { left: 0, top: 0, ...full };
}

/** A side of blocks: whole tiles, as many as make a block worth its call. */
function blockSide(tile: number): number {
  if (!Number.isSafeInteger(tile) || tile < 1 || tile > mostBlock) {
    return leastBlock;
  }
  return Math.min(
    Math.ceil(leastBlock / tile) * tile,
    Math.floor(mostBlock / tile) * tile,
  );
}

/** White where a slide does not say, as glass is. */
function colorOf(text: string | undefined): [number, number, number] {
  const [, hex] = /^([0-9a-f]{6})$/i.exec(text ?? "") ?? [];
  const color = hex === undefined ? 0xffffff : parseInt(hex, 16);
  return [color >>> 16, (color >>> 8) & 255, color & 255];
}
