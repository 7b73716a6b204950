import type { Random } from "@unet/random";

/** A smooth random function of the plane, about -1 to 1. */
export type Noise = (u: number, v: number) => number;

const side = 64, mask = side - 1;

/**
 * Draws value noise: random numbers on the integer grid, blended smoothly
 * between. Repeats after 64 units.
 */
export function createNoise(random: Random): Noise {
  const grid = new Float32Array(side * side);
  for (let index = 0; index < grid.length; index++) {
    grid[index] = 2 * random.next() - 1;
  }
  return (u, v) => {
    const left = Math.floor(u), top = Math.floor(v);
    const a = fade(u - left), b = fade(v - top);
    const row = (top & mask) * side, below = ((top + 1) & mask) * side;
    const column = left & mask, next = (left + 1) & mask;
    const upper = grid[row + column]! +
      a * (grid[row + next]! - grid[row + column]!);
    const lower = grid[below + column]! +
      a * (grid[below + next]! - grid[below + column]!);
    return upper + b * (lower - upper);
  };
}

/** Adds a finer, weaker octave, turned so that the two grids never align. */
export function rough(noise: Noise): Noise {
  return (u, v) =>
    (2 * noise(u, v) +
      noise(1.7 * u - 1.1 * v + 17.3, 1.1 * u + 1.7 * v + 31.7)) / 3;
}

function fade(t: number): number {
  return t * t * (3 - 2 * t);
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  return fade(Math.min(1, Math.max(0, (value - low) / (high - low))));
}

/** Blurs a field in place by a Gaussian, repeating its border. */
export function blur(
  field: Float32Array,
  width: number,
  height: number,
  sigma: number,
): void {
  if (sigma > 3) return blurByBoxes(field, width, height, sigma);
  const reach = Math.ceil(3 * sigma);
  const kernel = Float32Array.from(
    { length: reach + 1 },
    (_, index) => Math.exp(-index * index / (2 * sigma * sigma)),
  );
  const sum = 2 * kernel.reduce((total, value) => total + value, 0) - 1;
  const weights = kernel.map((value) => value / sum);
  const line = new Float32Array(Math.max(width, height) + 2 * reach);
  alongLines(field, width, height, (start, stride, count) => {
    for (let index = -reach; index < count + reach; index++) {
      const inside = Math.min(count - 1, Math.max(0, index));
      line[index + reach] = field[start + inside * stride]!;
    }
    for (let index = 0; index < count; index++) {
      let value = weights[0]! * line[index + reach]!;
      for (let offset = 1; offset <= reach; offset++) {
        value += weights[offset]! *
          (line[index + reach - offset]! + line[index + reach + offset]!);
      }
      field[start + index * stride] = value;
    }
  });
}

/** Three running means come close to a wide Gaussian at a fixed cost. */
function blurByBoxes(
  field: Float32Array,
  width: number,
  height: number,
  sigma: number,
): void {
  const reach = Math.max(
    1,
    Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2),
  );
  const line = new Float32Array(Math.max(width, height));
  for (let pass = 0; pass < 3; pass++) {
    alongLines(field, width, height, (start, stride, count) => {
      for (let index = 0; index < count; index++) {
        line[index] = field[start + index * stride]!;
      }
      const at = (index: number) =>
        line[Math.min(count - 1, Math.max(0, index))]!;
      let sum = 0;
      for (let offset = -reach; offset <= reach; offset++) sum += at(offset);
      for (let index = 0; index < count; index++) {
        field[start + index * stride] = sum / (2 * reach + 1);
        sum += at(index + reach + 1) - at(index - reach);
      }
    });
  }
}

function alongLines(
  field: Float32Array,
  width: number,
  height: number,
  visit: (start: number, stride: number, count: number) => void,
): void {
  if (field.length === 0) return;
  for (let row = 0; row < height; row++) visit(row * width, 1, width);
  for (let column = 0; column < width; column++) visit(column, width, height);
}
