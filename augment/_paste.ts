import type { Image, Labels } from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import type { Random } from "@unet/random";
import { colorChannels, holderOf } from "./_pixels.ts";

/** An image and its instances. */
export interface Pair {
  readonly image: Image;
  readonly labels: Labels;
}

/** Where an instance lies, in pixels; the ends are the first beyond it. */
interface Box {
  readonly id: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A donor's pixel for each pixel of the image around a pasted object. */
interface Placement {
  readonly box: Box;
  /** The column and row where the box comes to lie. */
  readonly left: number;
  readonly top: number;
  readonly mirrorX: boolean;
  readonly mirrorY: boolean;
}

/** How often a place is drawn for an object before it is given up. */
const tries = 10;
/** Fewer pixels are a speck. */
const fewestPixels = 30;
/** How far around an object its background is measured. */
const surroundings = 4;

/**
 * Pastes objects of another image where the image has background, each mirrored
 * by chance, brought to the level of the background around its new place, with
 * edges softened over a pixel. Objects that its edge may have cut are not taken, and
 * none comes to lie on another object or where nothing is labeled.
 *
 * @param pair The image and its instances; left as they are.
 * @param donor Where the objects come from. One with other channels or of
 * another depth gives none.
 * @param count How many; fewer where there is no room.
 * @param random Which objects, and where.
 * @returns New image and labels; pasted objects have the numbers that follow
 * the largest.
 */
export function paste(
  pair: Pair,
  donor: Pair,
  count: number,
  random: Random,
): Pair {
  const objects = isAlike(pair.image, donor.image)
    ? wholeObjects(donor.labels)
    : [];
  if (objects.length === 0) return pair;
  const result = {
    image: { ...pair.image, data: pair.image.data.slice() },
    labels: { ...pair.labels, data: pair.labels.data.slice() },
  };
  let last = largestNumber(pair.labels);
  for (let object = 0; object < count; object++) {
    const box = objects[random.integer(0, objects.length - 1)]!;
    const placement = findPlace(result.labels, donor.labels, box, random);
    if (placement) draw(result, donor, { ...placement, id: ++last });
  }
  return result;
}

function isAlike(one: Image, other: Image): boolean {
  return one.channels === other.channels && one.depth === other.depth &&
    !one.isSeparate === !other.isSeparate;
}

/** Not the number of what is not labeled. */
function largestNumber({ data }: Labels): number {
  return data.reduce(
    (largest, id) => id > largest && id !== unlabeled ? id : largest,
    0,
  );
}

/** The boxes of instances that do not touch the edge, by number. */
function wholeObjects({ width, height, data }: Labels): Box[] {
  const found = new Map<number, { -readonly [K in keyof Box]: Box[K] }>();
  const pixels = new Map<number, number>();
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const id = data[pixel]!;
      if (id === 0 || id === unlabeled) continue;
      pixels.set(id, (pixels.get(id) ?? 0) + 1);
      const box = found.get(id);
      if (!box) {
        found.set(id, { id, left: x, top: y, right: x + 1, bottom: y + 1 });
        continue;
      }
      if (x < box.left) box.left = x;
      if (x >= box.right) box.right = x + 1;
      box.bottom = y + 1;
    }
  }
  return [...found.values()].filter(({ id, left, top, right, bottom }) =>
    left > 0 && top > 0 && right < width && bottom < height &&
    pixels.get(id)! >= fewestPixels
  ).sort((a, b) => a.id - b.id);
}

function findPlace(
  labels: Labels,
  donor: Labels,
  box: Box,
  random: Random,
): Placement | undefined {
  const roomX = labels.width - (box.right - box.left);
  const roomY = labels.height - (box.bottom - box.top);
  if (roomX < 0 || roomY < 0) return undefined;
  for (let attempt = 0; attempt < tries; attempt++) {
    const placement = {
      box,
      left: random.integer(0, roomX),
      top: random.integer(0, roomY),
      mirrorX: random.integer(0, 1) === 1,
      mirrorY: random.integer(0, 1) === 1,
    };
    let isFree = true;
    eachPixel({ here: labels, donor }, placement, 0, (to, from) => {
      if (donor.data[from] === box.id && labels.data[to] !== 0) isFree = false;
    });
    if (isFree) return placement;
  }
  return undefined;
}

function draw(
  { image, labels }: Pair,
  donor: Pair,
  placement: Placement & { readonly id: number },
): void {
  const { box, id } = placement;
  const { channels, data } = image;
  const colors = colorChannels(image);
  const shifts = backgroundShifts({ image, labels }, donor, placement);
  const hold = holderOf(image);
  eachPixel({ here: labels, donor: donor.labels }, placement, 1, (to, from) => {
    const isObject = donor.labels.data[from] === box.id;
    // A neighbor's edge stays as it is.
    if (!isObject && labels.data[to] !== 0) return;
    const share = coverage(donor.labels, from, box.id);
    for (let color = 0; color < colors; color++) {
      const own = data[to * channels + color]!;
      const pasted = donor.image.data[from * channels + color]! +
        shifts[color]!;
      data[to * channels + color] = hold(own + share * (hold(pasted) - own));
    }
  });
  eachPixel({ here: labels, donor: donor.labels }, placement, 0, (to, from) => {
    if (donor.labels.data[from] === box.id) labels.data[to] = id;
  });
}

/**
 * How much brighter each color's background is here than around the object;
 * 0 where either place has none.
 */
function backgroundShifts(
  { image, labels }: Pair,
  donor: Pair,
  placement: Placement,
): number[] {
  const { channels } = image;
  const here = new Array<number>(channels).fill(0);
  const there = new Array<number>(channels).fill(0);
  let pixelsHere = 0, pixelsThere = 0;
  eachPixel(
    { here: labels, donor: donor.labels },
    placement,
    surroundings,
    (to, from) => {
      if (labels.data[to] === 0) {
        pixelsHere++;
        here.forEach((sum, color) =>
          here[color] = sum + image.data[to * channels + color]!
        );
      }
      if (donor.labels.data[from] === 0) {
        pixelsThere++;
        there.forEach((sum, color) =>
          there[color] = sum + donor.image.data[from * channels + color]!
        );
      }
    },
  );
  if (pixelsHere === 0 || pixelsThere === 0) return here.fill(0);
  return here.map((sum, color) =>
    sum / pixelsHere - there[color]! / pixelsThere
  );
}

/** Visits a box and a margin around it, where both images have pixels. */
function eachPixel(
  { here, donor }: { readonly here: Labels; readonly donor: Labels },
  { box, left, top, mirrorX, mirrorY }: Placement,
  margin: number,
  visit: (to: number, from: number) => void,
): void {
  const width = box.right - box.left, height = box.bottom - box.top;
  for (let row = -margin; row < height + margin; row++) {
    const y = top + row;
    const fromY = box.top + (mirrorY ? height - 1 - row : row);
    if (y < 0 || y >= here.height || fromY < 0 || fromY >= donor.height) {
      continue;
    }
    for (let column = -margin; column < width + margin; column++) {
      const x = left + column;
      const fromX = box.left + (mirrorX ? width - 1 - column : column);
      if (x < 0 || x >= here.width || fromX < 0 || fromX >= donor.width) {
        continue;
      }
      visit(y * here.width + x, fromY * donor.width + fromX);
    }
  }
}

/** The share of a pixel's surroundings that an object has, nearer ones counting more. */
function coverage(
  { width, height, data }: Labels,
  pixel: number,
  id: number,
): number {
  const x = pixel % width, y = Math.floor(pixel / width);
  let share = 0;
  for (
    let row = Math.max(0, y - 1);
    row <= Math.min(height - 1, y + 1);
    row++
  ) {
    for (
      let column = Math.max(0, x - 1);
      column <= Math.min(width - 1, x + 1);
      column++
    ) {
      if (data[row * width + column] !== id) continue;
      share += (row === y ? 2 : 1) * (column === x ? 2 : 1);
    }
  }
  return share / 16;
}
