import type { Random } from "@unet/random";
import { drawElasticField, type ElasticField } from "./_elastic_field.ts";
import { happens } from "./_happens.ts";
import type { TransformSettings } from "./settings.ts";

/** A 2×2 matrix, row by row. */
export type Matrix = readonly [number, number, number, number];

/**
 * Where each output pixel comes from: with its displacement d and the image's
 * center c, the pixel at p shows the point matrix · (p + d − c) + c.
 */
export interface Geometry {
  readonly matrix: Matrix;
  readonly field: ElasticField | undefined;
}

/** Draws the flips, turns, rotation, scale and displacement of one image. */
export function drawGeometry(
  random: Random,
  settings: TransformSettings,
  width: number,
  height: number,
): Geometry {
  const { horizontalFlip, verticalFlip, rotation, elastic } = settings;
  const flipX = happens(random, horizontalFlip) ? -1 : 1;
  const flipY = happens(random, verticalFlip) ? -1 : 1;
  let degrees = happens(random, rotation)
    ? random.uniform(...rotation.range)
    : 0;
  const field = happens(random, elastic)
    ? drawElasticField(random, width, height, elastic)
    : undefined;
  if (happens(random, settings.quarterTurn)) {
    degrees += 90 * random.integer(1, 3);
  }
  const scale = happens(random, settings.scaling)
    ? random.uniform(...settings.scaling.range)
    : 1;
  const cosine = cosineOfDegrees(degrees) / scale;
  const sine = cosineOfDegrees(degrees - 90) / scale;
  // The inverse of flip, then rotate, then scale; rows run downwards.
  return {
    matrix: [flipX * cosine, -flipX * sine, flipY * sine, flipY * cosine],
    field,
  };
}

/** Exact at multiples of 90°, so that quarter turns need no interpolation. */
function cosineOfDegrees(degrees: number): number {
  const quarters = degrees / 90;
  if (Number.isInteger(quarters)) return [1, 0, -1, 0][Math.abs(quarters) % 4]!;
  return Math.cos(degrees * Math.PI / 180);
}
