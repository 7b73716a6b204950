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
import { drawRedCells, drawTissue } from "./draw_tissue.ts";
import type { Image, Labels } from "../types.ts";

type Color = readonly [red: number, green: number, blue: number];

/** How a slide was stained and lit. */
interface Palette {
  /** The light without tissue, 0…255. */
  light: Color;
  /** Optical density of the nuclear stain (hematoxylin or a kin). */
  nuclear: Color;
  /** Optical density of the other stain (eosin). */
  other: Color;
  /** How strongly the tissue around the nuclei took it. */
  tissue: number;
}

// Hematoxylin and eosin come first (densities near those of Ruifrok and
// Johnston, 2001); the other two are nuclear stains alone, on a white and on a
// purple ground.
const palettes: readonly Palette[] = [
  {
    light: [244, 241, 244],
    nuclear: [0.58, 0.84, 0.3],
    other: [0.11, 0.85, 0.38],
    tissue: 0.38,
  },
  {
    light: [214, 218, 213],
    nuclear: [0.36, 0.87, 0.33],
    other: [0.12, 0.24, 0.16],
    tissue: 0.25,
  },
  {
    light: [190, 172, 220],
    nuclear: [0.48, 0.86, 0.14],
    other: [0.06, 0.2, 0.04],
    tissue: 0.3,
  },
];

/**
 * Draws stained tissue: purple nuclei of several kinds (round and dark, large
 * with a pale inside, spindles along the fibers), chromatin, nucleoli, fibers,
 * gaps and red cells, mixed as stains mix, by optical density.
 */
export function drawStained(
  width: number,
  height: number,
  random: Random,
): { image: Image; labels: Labels } {
  const labels = { width, height, data: new Uint32Array(width * height) };
  const palette = palettes[random.integer(0, palettes.length - 1)]!;
  const largest = Math.max(3, Math.min(width, height) / 8);
  const radius = Math.min(largest, 6 * Math.exp(random.uniform(0, 1.1)));
  const fibers = random.uniform(0, Math.PI);
  const kinds = mixOfKinds(random);
  const shape = (): Shape => {
    const kind = kinds();
    const direction = kind === "spindle"
      ? fibers + 0.25 * random.normal()
      : random.uniform(0, Math.PI);
    return {
      radius: radius * Math.exp(0.15 * random.normal()) * sizes[kind],
      elongation: kind === "spindle"
        ? random.uniform(2.2, 4.5)
        : kind === "dark"
        ? random.uniform(1, 1.25)
        : random.uniform(1.1, 1.8),
      angle: direction,
      irregularity: random.uniform(0.02, 0.09),
    };
  };
  const nuclei = scatterNuclei(labels, {
    coverage: random.uniform(0.05, 0.36),
    clustering: random.uniform(0.1, 0.7),
    mostHidden: 0.15,
    shape,
  }, random);

  const tissue = drawTissue(labels, { radius, fibers }, random);
  if (palette === palettes[0]) {
    drawRedCells({ width, height, data: tissue }, radius, random);
  }
  const stain = new Float32Array(width * height);
  const slide = { width, height, data: stain };
  const texture = rough(createNoise(random));
  const strength = random.uniform(0.6, 1.45);
  for (const nucleus of nuclei) {
    stainNucleus(nucleus, slide, { strength, texture }, random);
  }
  drawGhosts(slide, shape, random);
  // The cytoplasm around nuclei takes some of their stain, unevenly.
  const cytoplasm = stain.slice();
  blur(cytoplasm, width, height, random.uniform(0.6, 1.1) * radius);
  const around = random.uniform(0.1, 0.8), veil = random.uniform(0.01, 0.15);
  const eosin = palette.tissue * random.uniform(0.7, 1.4);
  for (let pixel = 0; pixel < stain.length; pixel++) {
    const ground = tissue[pixel]!;
    stain[pixel]! += (veil + around * cytoplasm[pixel]!) * ground;
    tissue[pixel] = eosin * ground;
  }
  const sigma = random.uniform(0.5, 1.1);
  blur(stain, width, height, sigma);
  blur(tissue, width, height, sigma);
  return {
    image: shine(slide, { ...palette, tissue }, random),
    labels,
  };
}

type Kind = "dark" | "pale" | "spindle";

const sizes: Record<Kind, number> = { dark: 0.75, pale: 1.1, spindle: 0.95 };

/** Draws how often each kind comes, and then kinds. */
function mixOfKinds(random: Random): () => Kind {
  const dark = random.next() ** 2,
    pale = random.next(),
    spindle = random.next() ** 2;
  return () => {
    const draw = random.uniform(0, dark + pale + spindle);
    return draw < dark ? "dark" : draw < dark + pale ? "pale" : "spindle";
  };
}

/** Nuclei far above or below the focus: shadows, no part of the labels. */
function drawGhosts(
  slide: Canvas,
  shape: () => Shape,
  random: Random,
): void {
  const { width, height, data: stain } = slide;
  for (let count = random.integer(0, 6); count > 0; count--) {
    const x = random.uniform(0, width), y = random.uniform(0, height);
    const ghost = createBlob(x, y, shape(), random);
    const edge = 0.7 * ghost.minor + 1;
    const density = random.uniform(0.15, 0.4);
    visitBlob(ghost, slide, edge, (pixel, distance) => {
      stain[pixel]! += density * smoothstep(-edge, edge, distance);
    });
  }
}

function stainNucleus(
  nucleus: Blob,
  slide: Canvas,
  { strength, texture }: {
    readonly strength: number;
    readonly texture: Noise;
  },
  random: Random,
): void {
  const size = Math.sqrt(nucleus.major * nucleus.minor);
  const focused = random.next() > 0.15;
  const edge = focused
    ? random.uniform(0.7, 1.3)
    : random.uniform(0.2, 0.4) * size;
  const density = strength * random.uniform(0.5, 1.25) * (focused ? 1 : 0.6);
  // 0 for an even, dark nucleus; 1 for one with a rim and a pale inside.
  const pale = focused ? random.uniform(0, 0.85) * random.next() : 0.1;
  const rim = 0.12 * nucleus.minor + 0.4;
  const grain = Math.max(1.5, size / random.uniform(3.5, 7));
  const contrast = random.uniform(0.3, 0.95) * (focused ? 1 : 0.4);
  const shiftX = random.uniform(0, 64), shiftY = random.uniform(0, 64);
  const out = random.uniform(0, 0.5) * nucleus.minor;
  const turn = random.uniform(0, 2 * Math.PI);
  const spotX = nucleus.x + out * Math.cos(turn);
  const spotY = nucleus.y + out * Math.sin(turn);
  const spotSize = random.uniform(0.1, 0.2) * nucleus.minor;
  const spotDensity = random.next() < 0.6 ? 0.6 * pale : 0;
  visitBlob(nucleus, slide, edge, (pixel, distance, column, row) => {
    const inside = Math.max(0, distance);
    let value = 1 - pale * (1 - Math.exp(-inside / rim));
    value *= 1 + contrast *
        texture(column / grain + shiftX, row / grain + shiftY);
    const far = ((column - spotX) ** 2 + (row - spotY) ** 2) /
      (2 * spotSize * spotSize);
    if (far < 8) value += spotDensity * Math.exp(-far);
    slide.data[pixel]! += density * value * smoothstep(-edge, edge, distance);
  });
}

/** Light through both stains (Beer and Lambert), uneven, noisy, 8 bits. */
function shine(
  { width, height, data: stain }: Canvas,
  { light: color, nuclear, other, tissue }: Omit<Palette, "tissue"> & {
    readonly tissue: Float32Array;
  },
  random: Random,
): Image {
  const data = new Uint8Array(stain.length * 3);
  const uneven = createNoise(random);
  const unevenness = random.uniform(0, 0.05);
  const stretch = 1.2 / Math.max(width, height);
  const noise = random.uniform(0.8, 3);
  const tint = color.map((value) => value * (1 + 0.01 * random.normal()));
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      const light = 1 + unevenness * uneven(column * stretch, row * stretch);
      const shared = noise * random.normal();
      for (let channel = 0; channel < 3; channel++) {
        const density = stain[pixel]! * nuclear[channel]! +
          tissue[pixel]! * other[channel]!;
        const value = light * tint[channel]! * Math.exp(-density) + shared +
          noise * (random.next() - 0.5);
        data[3 * pixel + channel] = Math.min(
          255,
          Math.max(0, Math.round(value)),
        );
      }
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}
