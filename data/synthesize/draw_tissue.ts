import type { Random } from "@unet/random";
import { createNoise, smoothstep } from "./draw_noise.ts";
import { type Canvas, createBlob, visitBlob } from "./draw_nuclei.ts";

/** The ground: fibers in one main direction, wavy, thick and thin, with gaps. */
export function drawTissue(
  { width, height }: Pick<Canvas, "width" | "height">,
  { radius, fibers }: { readonly radius: number; readonly fibers: number },
  random: Random,
): Float32Array {
  const tissue = new Float32Array(width * height);
  const noise = createNoise(random);
  const cosine = Math.cos(fibers), sine = Math.sin(fibers);
  const long = random.uniform(4, 8) * radius,
    thin = random.uniform(0.25, 0.6) * radius;
  const wave = random.uniform(0.8, 3) * radius;
  const fibrous = random.uniform(0.15, 0.7);
  const gaps = random.uniform(-0.8, 0);
  const gapSize = random.uniform(3, 7) * radius;
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      const bend = noise(column / (6 * radius), row / (6 * radius));
      const ripple = noise(column / (1.7 * radius) + 7, row / (1.7 * radius));
      const along = column * cosine + row * sine;
      const across = row * cosine - column * sine +
        wave * (bend + 0.25 * ripple);
      const strand = noise(along / long + 9.1, across / thin) +
        0.6 * noise(along / (0.4 * long) + 3.7, 2.3 * across / thin + 5.9);
      const grain = noise(column / 2.1 + 20, row / 2.1 + 40);
      const gap = noise(column / gapSize + 31.4, row / gapSize + 27.1) +
        0.3 * ripple + 0.1 * strand;
      const body = 0.78 + 0.25 * bend + 0.15 * ripple +
        0.45 * fibrous * strand + 0.14 * grain;
      tissue[pixel] = Math.max(0, body) *
        smoothstep(gaps - 0.12, gaps + 0.12, gap);
    }
  }
  return tissue;
}

/** Red blood cells: round, without a nucleus, no part of the labels. */
export function drawRedCells(
  slide: Canvas,
  radius: number,
  random: Random,
): void {
  const { width, height, data: tissue } = slide;
  const several = random.next() < 0.5 ? random.integer(2, 14) : 0;
  const x = random.uniform(0, width), y = random.uniform(0, height);
  const spread = random.uniform(2, 7) * radius;
  for (let index = 0; index < several; index++) {
    const cell = createBlob(
      x + spread * random.normal(),
      y + spread * random.normal(),
      {
        radius: 0.7 * radius,
        elongation: random.uniform(1, 1.3),
        angle: random.uniform(0, Math.PI),
        irregularity: 0.03,
      },
      random,
    );
    const density = random.uniform(1.2, 2);
    visitBlob(cell, slide, 1.2, (pixel, distance) => {
      const rim = 0.8 + 0.2 * Math.exp(-Math.abs(distance - 1) / 2);
      tissue[pixel] = Math.max(
        tissue[pixel]!,
        density * rim * smoothstep(-1.2, 1.2, distance),
      );
    });
  }
}
