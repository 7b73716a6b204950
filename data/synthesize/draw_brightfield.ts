import type { Random } from "@unet/random";
import {
  blur,
  createNoise,
  type Noise,
  rough,
  smoothstep,
} from "./draw_noise.ts";
import {
  type Blob,
  type Canvas,
  createBlob,
  labelBlob,
  visitBlob,
} from "./draw_nuclei.ts";
import type { Image, Labels } from "../types.ts";

/**
 * Draws a smear in gray on a bright ground: wide, thin, folded cells that
 * overlap, each with one dark nucleus, some small cells in groups, and debris.
 */
export function drawBrightfield(
  width: number,
  height: number,
  random: Random,
): { image: Image; labels: Labels } {
  const labels = { width, height, data: new Uint32Array(width * height) };
  const density = new Float32Array(width * height);
  const smear = { width, height, data: density };
  const texture = rough(createNoise(random));
  const size = Math.min(
    Math.min(width, height) / 3,
    random.uniform(38, 70),
  );
  const nuclei: Blob[] = [];
  const add = (nucleus: Blob) => {
    if (labelBlob(nucleus, nuclei.length + 1, labels, 0.3)) {
      nuclei.push(nucleus);
    }
  };
  const area = width * height;
  const cells = Math.max(
    1,
    Math.round(random.uniform(0.25, 0.9) * area / (size * size * 3)),
  );
  for (let index = 0; index < cells; index++) {
    // The first lies well inside, so that no image is without a nucleus.
    const border = index === 0 ? 0.2 : 0;
    const cell = createBlob(
      width * random.uniform(border, 1 - border),
      height * random.uniform(border, 1 - border),
      {
        radius: size * random.uniform(0.7, 1.15),
        elongation: random.uniform(1, 1.6),
        angle: random.uniform(0, Math.PI),
        irregularity: random.uniform(0.08, 0.2),
      },
      random,
    );
    drawCytoplasm(cell, smear, texture, random);
    add(createBlob(
      cell.x + 0.15 * cell.minor * random.normal(),
      cell.y + 0.15 * cell.minor * random.normal(),
      {
        radius: Math.max(2, size * random.uniform(0.12, 0.2)),
        elongation: random.uniform(1, 1.5),
        angle: random.uniform(0, Math.PI),
        irregularity: random.uniform(0.02, 0.08),
      },
      random,
    ));
  }
  for (let group = random.integer(0, 2); group > 0; group--) {
    addSmallCells(size, smear, add, random);
  }
  for (const nucleus of nuclei) {
    drawNucleus(nucleus, smear, texture, random);
  }
  drawDebris(smear, random);
  blur(density, width, height, random.uniform(0.5, 1.2));
  return { image: shine(smear, random), labels };
}

/** White blood cells: small nuclei close together. */
function addSmallCells(
  size: number,
  { width, height }: Canvas,
  add: (nucleus: Blob) => void,
  random: Random,
): void {
  const x = random.uniform(0, width), y = random.uniform(0, height);
  for (let cell = random.integer(2, 7); cell > 0; cell--) {
    add(createBlob(
      x + 0.4 * size * random.normal(),
      y + 0.4 * size * random.normal(),
      {
        radius: size * random.uniform(0.08, 0.11),
        elongation: random.uniform(1, 1.5),
        angle: random.uniform(0, Math.PI),
        irregularity: random.uniform(0.05, 0.15),
      },
      random,
    ));
  }
}

function drawCytoplasm(
  cell: Blob,
  smear: Canvas,
  texture: Noise,
  random: Random,
): void {
  const strength = random.uniform(0.1, 0.42);
  const fold = random.uniform(0, Math.PI);
  const cosine = Math.cos(fold), sine = Math.sin(fold);
  const creases = random.uniform(0, 0.5);
  const shift = random.uniform(0, 64);
  visitBlob(cell, smear, 1.5, (pixel, distance, column, row) => {
    const along = column * cosine + row * sine;
    const across = row * cosine - column * sine;
    const crease = texture(along / 45 + shift, across / 9);
    const grain = texture(column / 2.6 + shift, row / 2.6);
    const value = 1 + 0.15 * grain +
      creases * smoothstep(0.35, 0.7, crease) +
      0.3 * Math.exp(-Math.abs(distance - 1) / 1.5) +
      0.25 * texture(column / 30, row / 30 + shift);
    smear.data[pixel]! += strength * value * smoothstep(-1.5, 1.5, distance);
  });
}

function drawNucleus(
  nucleus: Blob,
  smear: Canvas,
  texture: Noise,
  random: Random,
): void {
  const focused = random.next() > 0.15;
  const edge = focused ? random.uniform(0.8, 1.5) : 0.35 * nucleus.minor;
  const strength = random.uniform(0.4, 0.95);
  const contrast = random.uniform(0.15, 0.4);
  const shift = random.uniform(0, 64);
  const grain = random.uniform(1.8, 3.2);
  visitBlob(nucleus, smear, edge, (pixel, distance, column, row) => {
    const value = 1 + contrast * texture(column / grain + shift, row / grain);
    smear.data[pixel]! += strength * value * smoothstep(-edge, edge, distance);
  });
}

/** Specks and threads that are no nuclei. */
function drawDebris(smear: Canvas, random: Random): void {
  const { width, height, data: density } = smear;
  const specks = Math.round(random.uniform(0, 40) * width * height / 65536);
  for (let index = 0; index < specks; index++) {
    const speck = createBlob(
      random.uniform(0, width),
      random.uniform(0, height),
      {
        radius: random.uniform(0.6, 2.2),
        elongation: random.uniform(1, 4),
        angle: random.uniform(0, Math.PI),
        irregularity: 0.15,
      },
      random,
    );
    const strength = random.uniform(0.05, 0.5);
    visitBlob(speck, smear, 1, (pixel, distance) => {
      density[pixel]! += strength * smoothstep(-1, 1, distance);
    });
  }
}

/** Light through the smear, uneven, noisy, 8 bits. */
function shine(
  { width, height, data: density }: Canvas,
  random: Random,
): Image {
  const data = new Uint8Array(density.length);
  const uneven = createNoise(random);
  const unevenness = random.uniform(0.01, 0.08);
  const stretch = 1.2 / Math.max(width, height);
  const light = random.uniform(205, 242), noise = random.uniform(0.8, 3.5);
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      const field = 1 + unevenness * uneven(column * stretch, row * stretch);
      const value = light * field * Math.exp(-density[pixel]!) +
        noise * random.normal();
      data[pixel] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
  return { width, height, channels: 1, depth: 8, data };
}
