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
  scatterNuclei,
  type Shape,
  visitBlob,
} from "./draw_nuclei.ts";
import type { Image, Labels } from "../types.ts";

/**
 * Draws nuclei that glow on a dark ground, as DAPI does: chromatin texture,
 * nucleoli, bright mitotic and apoptotic ones, others out of focus, haze from
 * above and below, uneven light, the lens' blur, shot and read noise.
 */
export function drawFluorescence(
  width: number,
  height: number,
  random: Random,
): { image: Image; labels: Labels } {
  const labels = { width, height, data: new Uint32Array(width * height) };
  const largest = Math.max(3, Math.min(width, height) / 7);
  const radius = Math.min(largest, 4.5 * Math.exp(random.uniform(0, 1.75)));
  const irregularity = random.uniform(0.02, 0.07);
  const elongation = random.uniform(1.1, 1.6);
  const shape = (): Shape => ({
    radius: radius * Math.exp(0.18 * random.normal()),
    elongation: 1 + (elongation - 1) * random.uniform(0.4, 1.8),
    angle: random.uniform(0, Math.PI),
    irregularity: irregularity * (random.next() < 0.06 ? 2 : 1),
  });
  const nuclei = scatterNuclei(labels, {
    coverage: random.uniform(0.04, 0.3),
    clustering: random.uniform(0.1, 0.75),
    mostHidden: 0.3,
    shape,
  }, random);

  const light = new Float32Array(width * height);
  const texture = rough(createNoise(random));
  const contrast = random.uniform(0.15, 0.5);
  for (const nucleus of nuclei) {
    const size = Math.sqrt(nucleus.major * nucleus.minor);
    const focused = random.next() > 0.15;
    glow(nucleus, { width, height, data: light }, {
      brightness: brightnessOf(random),
      edge: focused
        ? random.uniform(0.8, 1.6)
        : random.uniform(0.2, 0.4) * size,
      contrast: focused ? contrast : contrast / 3,
      grain: Math.max(1.8, size / random.uniform(3, 6)),
      texture,
      nucleoli: focused && size > 7 ? random.integer(0, 4) : 0,
    }, random);
  }
  const haze = light.slice();
  for (let ghost = random.integer(0, 5); ghost > 0; ghost--) {
    const place = createBlob(
      random.uniform(0, width),
      random.uniform(0, height),
      shape(),
      random,
    );
    glow(place, { width, height, data: haze }, {
      brightness: random.uniform(0.5, 1.5),
      edge: 3,
      contrast: 0,
      grain: 4,
      texture,
      nucleoli: 0,
    }, random);
  }
  blur(haze, width, height, random.uniform(1, 2) * radius);
  const hazeShare = random.uniform(0.06, 0.35);
  for (let pixel = 0; pixel < light.length; pixel++) {
    light[pixel]! += hazeShare * haze[pixel]!;
  }
  blur(light, width, height, random.uniform(0.5, 1.5));
  return { image: expose(light, width, height, random), labels };
}

/** Most nuclei alike, some dim, a few condensed and very bright. */
function brightnessOf(random: Random): number {
  const kind = random.next();
  const usual = Math.exp(0.25 * random.normal());
  if (kind < 0.07) return usual * random.uniform(1.8, 3.2);
  return kind < 0.2 ? usual * random.uniform(0.3, 0.6) : usual;
}

interface Glow {
  brightness: number;
  /** Pixels over which the border fades. */
  edge: number;
  contrast: number;
  /** Pixels between grains of chromatin. */
  grain: number;
  texture: Noise;
  nucleoli: number;
}

function glow(
  nucleus: Blob,
  canvas: Canvas,
  look: Glow,
  random: Random,
): void {
  const shiftX = random.uniform(0, 64), shiftY = random.uniform(0, 64);
  const thickness = Math.max(1, 0.7 * nucleus.minor);
  const spots = Array.from({ length: look.nucleoli }, () => {
    const turn = random.uniform(0, 2 * Math.PI);
    const out = random.uniform(0, 0.6) * nucleus.minor;
    return {
      x: nucleus.x + out * Math.cos(turn),
      y: nucleus.y + out * Math.sin(turn),
      size: random.uniform(0.09, 0.17) * nucleus.minor,
      depth: random.uniform(0.2, 0.5),
    };
  });
  visitBlob(
    nucleus,
    canvas,
    look.edge,
    (pixel, distance, column, row) => {
      const border = smoothstep(-look.edge, look.edge, distance);
      const dome = 0.72 + 0.28 * Math.min(1, Math.max(0, distance) / thickness);
      let value = 1 + look.contrast *
          look.texture(column / look.grain + shiftX, row / look.grain + shiftY);
      for (const { x, y, size, depth } of spots) {
        const far = ((column - x) ** 2 + (row - y) ** 2) / (2 * size * size);
        if (far < 8) value *= 1 - depth * Math.exp(-far);
      }
      canvas.data[pixel]! += look.brightness * border * dome * value;
    },
  );
}

/** What the camera makes of the light: uneven, offset, noisy, 8 bits. */
function expose(
  light: Float32Array,
  width: number,
  height: number,
  random: Random,
): Image {
  const data = new Uint8Array(light.length);
  const uneven = createNoise(random);
  const unevenness = random.uniform(0.05, 0.45);
  const stretch = random.uniform(0.6, 1.6) / Math.max(width, height);
  const signal = 22 * Math.exp(random.uniform(0, 1.7));
  const ground = random.uniform(3, 0.12 * signal + 8);
  const glare = random.uniform(0, 0.12) * signal;
  const shot = random.uniform(0.04, 0.5), read = random.uniform(0.4, 2.2);
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      const field = uneven(column * stretch, row * stretch);
      const value = ground + (1 + field) * glare +
        signal * (1 + unevenness * field) * light[pixel]!;
      const noise = Math.sqrt(shot * value + read * read) * random.normal();
      data[pixel] = Math.min(255, Math.max(0, Math.round(value + noise)));
    }
  }
  return { width, height, channels: 1, depth: 8, data };
}
