import type { Image } from "@unet/data";
import type { Random } from "@unet/random";
import { hasColor, holderOf, whiteOf } from "../_pixels.ts";
import type { StainSettings } from "../settings.ts";

type Vector = readonly [number, number, number];

/**
 * How hematoxylin, eosin and DAB absorb red, green and blue: Ruifrok and
 * Johnston, "Quantification of histochemical staining by color deconvolution",
 * Analytical and Quantitative Cytology and Histology 23 (2001), as
 * scikit-image's `rgb_from_hed` rounds them.
 */
const stains: readonly [Vector, Vector, Vector] = [
  [0.65, 0.70, 0.29],
  [0.07, 0.99, 0.11],
  [0.27, 0.57, 0.78],
];

/** Which stain a color's optical density stands for: the inverse, by columns. */
const unmixing = inverseColumns(stains);

/** The change of each stain: its amount times a factor, plus a shift. */
export interface StainJitter {
  /** On the amount of hematoxylin, eosin and DAB. */
  readonly factors: Vector;
  /** Added to each amount, in optical density (logarithm to the base 10). */
  readonly shifts: Vector;
}

/** Draws the jitter of each stain. */
export function drawStainJitter(
  random: Random,
  { factor, shift }: StainSettings,
): StainJitter {
  const draw = (range: StainSettings["factor"]): Vector => [
    random.uniform(...range),
    random.uniform(...range),
    random.uniform(...range),
  ];
  return { factors: draw(factor), shifts: draw(shift) };
}

/**
 * Changes how much of each stain a pixel holds, in place: Tellez et al.,
 * "Whole-slide mitosis detection in H&E breast histology using PHH3 as a
 * reference", IEEE Transactions on Medical Imaging 37 (2018). Images without
 * color stay. Stains below zero are kept, unlike in scikit-image, so that
 * factors of 1 and shifts of 0 change nothing; black stays black.
 */
export function jitterStains(
  image: Image,
  { factors, shifts }: StainJitter,
): void {
  if (!hasColor(image)) return;
  const { data, channels } = image;
  const white = whiteOf(image);
  const hold = holderOf(image);
  const factorOf = transmission(image, densityChange(factors), mix(shifts));
  for (let i = 0; i < data.length; i += channels) {
    const red = data[i]!, green = data[i + 1]!, blue = data[i + 2]!;
    for (let color = 0; color < 3; color++) {
      const value = data[i + color]! * factorOf(color, red, green, blue);
      data[i + color] = hold(Math.min(white, value));
    }
  }
}

/** What multiplies a color of a pixel, by the pixel's red, green and blue. */
type Transmission = (
  color: number,
  red: number,
  green: number,
  blue: number,
) => number;

/** A power of the changed density; of 8 bits, a product of three from a table. */
function transmission(
  image: Image,
  changes: readonly Vector[],
  shift: Vector,
): Transmission {
  const white = whiteOf(image);
  // Where percentiles cut dark colors off at 0, their density says nothing of
  // stains: nuclei would turn pure blue. Stained tissue is seldom above 1.3.
  const darkest = white / 20;
  const density = (value: number) =>
    -Math.log10(Math.max(value, darkest) / white);
  const [fromRed, fromGreen, fromBlue] = changes;
  if (image.depth !== 8) {
    return (color, red, green, blue) =>
      10 ** -(shift[color]! + density(red) * fromRed![color]! +
        density(green) * fromGreen![color]! +
        density(blue) * fromBlue![color]!);
  }
  const table = Float64Array.from({ length: 9 * 256 }, (_, place) => {
    const color = Math.floor(place / 768), from = (place >> 8) % 3;
    const change = density(place & 255) * changes[from]![color]!;
    return 10 ** -(change + (from === 0 ? shift[color]! : 0));
  });
  return (color, red, green, blue) => {
    const start = color * 768;
    return table[start + red]! * table[start + 256 + green]! *
      table[start + 512 + blue]!;
  };
}

/** What a unit of red, green and blue density each adds to the three. */
function densityChange(factors: Vector): [Vector, Vector, Vector] {
  const changeOf = (density: Vector): Vector => {
    const amounts = unmixing.map((column) => dot(density, column));
    return mix([
      amounts[0]! * (factors[0] - 1),
      amounts[1]! * (factors[1] - 1),
      amounts[2]! * (factors[2] - 1),
    ]);
  };
  return [changeOf([1, 0, 0]), changeOf([0, 1, 0]), changeOf([0, 0, 1])];
}

/** The density in red, green and blue of so much of each stain. */
function mix(amounts: Vector): Vector {
  const at = (color: 0 | 1 | 2) =>
    dot(amounts, [stains[0][color], stains[1][color], stains[2][color]]);
  return [at(0), at(1), at(2)];
}

function inverseColumns(
  [a, b, c]: readonly [Vector, Vector, Vector],
): readonly [Vector, Vector, Vector] {
  const determinant = dot(a, cross(b, c));
  const over = ([x, y, z]: Vector): Vector => [
    x / determinant,
    y / determinant,
    z / determinant,
  ];
  return [over(cross(b, c)), over(cross(c, a)), over(cross(a, b))];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
}
