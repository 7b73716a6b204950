import type { Random } from "@unet/random";
import type { Labels } from "../types.ts";

/** An ellipse with an irregular outline. */
export interface Blob {
  /** Column of the center. */
  readonly x: number;
  /** Row of the center. */
  readonly y: number;
  /** Half the length, pixels. */
  readonly major: number;
  /** Half the width, pixels. */
  readonly minor: number;
  /** Direction of the length, radians. */
  readonly angle: number;
  /** Radius by direction, as a factor about 1, over a full turn. */
  readonly outline: Float32Array;
}

/** A plane that is drawn on. */
export interface Canvas {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** A value per pixel. */
  readonly data: Float32Array;
}

/** What a blob looks like, apart from its place. */
export interface Shape {
  /** Half the length, were it a circle of the same area, pixels. */
  radius: number;
  /** Length through width, 1 or more. */
  elongation: number;
  /** Direction of the length, radians. */
  angle: number;
  /** How far the outline strays from the ellipse, a share of the radius. */
  irregularity: number;
}

const directions = 64;

/** Draws a blob of a shape, its outline bent by a few low frequencies. */
export function createBlob(
  x: number,
  y: number,
  shape: Shape,
  random: Random,
): Blob {
  const waves = [2, 3, 4, 5].map((frequency) => ({
    frequency,
    height: shape.irregularity * random.normal() * 2 / frequency,
    phase: random.uniform(0, 2 * Math.PI),
  }));
  const outline = Float32Array.from({ length: directions + 1 }, (_, index) => {
    const turn = 2 * Math.PI * index / directions;
    let radius = 1;
    for (const { frequency, height, phase } of waves) {
      radius += height * Math.cos(frequency * turn + phase);
    }
    return Math.min(1.5, Math.max(0.5, radius));
  });
  const stretch = Math.sqrt(shape.elongation);
  return {
    x,
    y,
    major: shape.radius * stretch,
    minor: shape.radius / stretch,
    angle: shape.angle,
    outline,
  };
}

/**
 * Visits the pixels of a blob and those up to `margin` pixels around it, with
 * their distance to the outline in pixels: positive inside, negative outside.
 */
export function visitBlob(
  blob: Blob,
  { width, height }: Pick<Canvas, "width" | "height">,
  margin: number,
  visit: (pixel: number, distance: number, column: number, row: number) => void,
): void {
  const { x, y, major, minor, outline } = blob;
  const cosine = Math.cos(blob.angle), sine = Math.sin(blob.angle);
  const farthest = outline.reduce((most, value) => Math.max(most, value));
  const halfWidth = farthest * Math.hypot(major * cosine, minor * sine) +
    margin;
  const halfHeight = farthest * Math.hypot(major * sine, minor * cosine) +
    margin;
  const limit = farthest + margin / minor;
  const left = Math.max(0, Math.ceil(x - halfWidth));
  const right = Math.min(width - 1, Math.floor(x + halfWidth));
  const top = Math.max(0, Math.ceil(y - halfHeight));
  const bottom = Math.min(height - 1, Math.floor(y + halfHeight));
  const perTurn = directions / (2 * Math.PI);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const u = ((column - x) * cosine + (row - y) * sine) / major;
      const v = ((row - y) * cosine - (column - x) * sine) / minor;
      const radius = Math.sqrt(u * u + v * v);
      if (radius > limit) continue;
      let distance = minor;
      if (radius > 1e-3) {
        const turn = (Math.atan2(v, u) + Math.PI) * perTurn;
        const before = Math.min(directions - 1, Math.floor(turn));
        const border = outline[before]! +
          (turn - before) * (outline[before + 1]! - outline[before]!);
        // Value over gradient: the distance along the normal, to first order.
        const slope = Math.sqrt((u / major) ** 2 + (v / minor) ** 2) / radius;
        distance = (border - radius) / slope;
      }
      if (distance > -margin) {
        visit(row * width + column, distance, column, row);
      }
    }
  }
}

/**
 * Writes a blob's number where no other lies, unless too little of it would
 * show or too much would be hidden; returns whether it did.
 */
export function labelBlob(
  blob: Blob,
  number: number,
  labels: Labels,
  mostHidden: number,
): boolean {
  const { data } = labels;
  const visible: number[] = [];
  let covered = 0;
  visitBlob(blob, labels, 0, (pixel) => {
    if (data[pixel] === 0) visible.push(pixel);
    else covered++;
  });
  const least = Math.max(6, 0.12 * Math.PI * blob.major * blob.minor);
  if (visible.length < least) return false;
  if (covered > mostHidden * (covered + visible.length)) return false;
  for (const pixel of visible) data[pixel] = number;
  return true;
}

/** How nuclei spread over an image. */
export interface Scatter {
  /** The share of the image that nuclei are to cover. */
  coverage: number;
  /** The share of nuclei laid against an earlier one. */
  clustering: number;
  /** The share of a nucleus that others may hide. */
  mostHidden: number;
  /** Draws the shape of the next nucleus. */
  shape: () => Shape;
}

/** Lays nuclei over empty labels until they cover the share asked for. */
export function scatterNuclei(
  labels: Labels,
  scatter: Scatter,
  random: Random,
): Blob[] {
  const { width, height } = labels;
  const nuclei: Blob[] = [];
  let wanted = scatter.coverage * width * height;
  for (let tries = 0; wanted > 0 && tries < 2000; tries++) {
    const shape = scatter.shape();
    let x = random.uniform(-0.3 * shape.radius, width + 0.3 * shape.radius);
    let y = random.uniform(-0.3 * shape.radius, height + 0.3 * shape.radius);
    if (nuclei.length > 0 && random.next() < scatter.clustering) {
      const near = nuclei[random.integer(0, nuclei.length - 1)]!;
      const turn = random.uniform(0, 2 * Math.PI);
      const gap = random.uniform(0.85, 1.12) *
        (shape.radius + Math.sqrt(near.major * near.minor));
      x = near.x + gap * Math.cos(turn);
      y = near.y + gap * Math.sin(turn);
    }
    const blob = createBlob(x, y, shape, random);
    if (!labelBlob(blob, nuclei.length + 1, labels, scatter.mostHidden)) {
      continue;
    }
    nuclei.push(blob);
    wanted -= Math.PI * blob.major * blob.minor;
  }
  return nuclei;
}
