import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { findModality, type Modality } from "../dataset/modality.ts";
import { synthesize } from "./synthesize.ts";
import type { Sample } from "../types.ts";

const modalities = ["fluorescence", "stained", "brightfield"] as const;

function ofModality(samples: readonly Sample[], modality: Modality): Sample[] {
  return samples.filter(({ id }) => id.startsWith(modality));
}

/** The mean of each pixel's channels. */
function grayOf({ image }: Sample): Float64Array {
  const { channels, data } = image;
  return Float64Array.from({ length: data.length / channels }, (_, pixel) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += data[pixel * channels + channel]!;
    }
    return sum / channels;
  });
}

const samples = [
  ...synthesize({ count: 40, width: 192, height: 160, seed: 5 }),
];

Deno.test("synthesize() gives the same images when the seed is the same", () => {
  const again = [
    ...synthesize({ count: 10, width: 192, height: 160, seed: 5 }),
  ];
  assertEquals(again, samples.slice(0, 10));
});

Deno.test("synthesize() gives other images when the seed differs", () => {
  const [other] = synthesize({ count: 1, width: 192, height: 160, seed: 6 });
  assertNotEquals(other!.image.data, samples[0]!.image.data);
  assertNotEquals(other!.labels.data, samples[0]!.labels.data);
});

Deno.test("synthesize() draws 256×256 pixels when no size is given", () => {
  const [sample] = synthesize({ count: 1, seed: 0 });
  assertEquals([sample!.image.width, sample!.image.height], [256, 256]);
});

Deno.test("synthesize() mixes three modalities, which the pixels distinguish", () => {
  for (const sample of samples) {
    assertEquals(findModality(sample.image), sample.id.split("-")[0]);
  }
  assertEquals(
    modalities.map((modality) => ofModality(samples, modality).length),
    [24, 12, 4],
  );
  assertEquals(samples[14]!.id, "stained-0014");
  assertEquals(new Set(samples.map(({ id }) => id)).size, samples.length);
});

Deno.test("synthesize() numbers the nuclei from 1 without gaps", () => {
  const small = synthesize({ count: 40, width: 32, height: 48, seed: 2 });
  for (const { id, image, labels } of [...samples, ...small]) {
    const { width, height, channels, data } = image;
    assertEquals([labels.width, labels.height], [width, height]);
    assertEquals(data.length, width * height * channels);
    assertEquals(labels.data.length, width * height);
    const areas: number[] = [];
    for (const label of labels.data) areas[label] = (areas[label] ?? 0) + 1;
    assertGreater(areas.length, 1, `${id} has no nucleus`);
    for (let label = 1; label < areas.length; label++) {
      assertGreater(areas[label] ?? 0, 5, `${id} lacks nucleus ${label}`);
    }
  }
});

Deno.test("synthesize() draws nuclei that stand out from what is around them", () => {
  for (const modality of modalities) {
    for (const sample of ofModality(samples, modality)) {
      const sums = [0, 0], counts = [0, 0];
      grayOf(sample).forEach((value, pixel) => {
        const side = sample.labels.data[pixel] ? 1 : 0;
        sums[side]! += value;
        counts[side]! += 1;
      });
      const nuclei = sums[1]! / counts[1]!, ground = sums[0]! / counts[0]!;
      if (modality === "fluorescence") assertGreater(nuclei, 1.3 * ground);
      else assertLess(nuclei, 0.95 * ground);
    }
  }
});

Deno.test("synthesize() draws nuclei that touch", () => {
  let touching = 0;
  for (const { labels } of samples) {
    const { width, data } = labels;
    const touches = data.some((label, pixel) => {
      const next = pixel % width + 1 < width ? data[pixel + 1]! : 0;
      return label > 0 && next > 0 && next !== label;
    });
    if (touches) touching++;
  }
  assertGreater(touching, samples.length / 2);
});

Deno.test("synthesize() draws nuclei that a threshold finds only in part", () => {
  const f1 = Object.fromEntries(modalities.map((modality) => {
    const scores = ofModality(samples, modality).map((sample) =>
      scoreOfOtsu(sample, modality === "fluorescence")
    );
    return [modality, scores.reduce((a, b) => a + b) / scores.length];
  }));
  const scores = JSON.stringify(f1);
  assert(f1.fluorescence! > 0.6 && f1.fluorescence! < 0.93, scores);
  assert(f1.stained! > 0.6 && f1.stained! < 0.95, scores);
  assertLess(f1.brightfield!, 0.5);
});

Deno.test("synthesize() draws nothing when none are wanted", () => {
  assertEquals([...synthesize({ count: 0, seed: 0 })], []);
});

Deno.test("synthesize() throws when a number is out of range", () => {
  for (
    const [wrong, message] of [
      [{ count: -1 }, "found count -1, expected an integer of at least 0"],
      [{ count: 1.5 }, "found count 1.5"],
      [{ width: 31 }, "found width 31, expected an integer from 32 to 16384"],
      [{ height: Infinity }, "found height Infinity"],
      [{ seed: 0.5 }, "found seed 0.5, expected an integer"],
    ] as const
  ) {
    // At the call, before the first image is asked for.
    assertThrows(
      () => synthesize({ count: 1, seed: 0, ...wrong }),
      RangeError,
      `Cannot synthesize images: ${message}`,
    );
  }
});

/** The pixel F1 of Otsu's threshold (1979), on 256 levels. */
function scoreOfOtsu(sample: Sample, brightNuclei: boolean): number {
  const gray = grayOf(sample);
  const histogram = new Float64Array(256);
  for (const value of gray) histogram[Math.floor(value)]! += 1;
  const total = histogram.reduce((sum, count, level) => sum + count * level);
  let below = 0, sumBelow = 0, best = -1, threshold = 0;
  for (let level = 0; level < 255; level++) {
    below += histogram[level]!;
    sumBelow += level * histogram[level]!;
    const above = gray.length - below;
    if (below === 0 || above === 0) continue;
    const gap = sumBelow / below - (total - sumBelow) / above;
    const variance = below * above * gap * gap;
    if (variance > best) [best, threshold] = [variance, level];
  }
  let hits = 0, found = 0, there = 0;
  gray.forEach((value, pixel) => {
    const positive = value >= threshold + 1 === brightNuclei;
    const nucleus = sample.labels.data[pixel]! > 0;
    if (positive) found++;
    if (nucleus) there++;
    if (positive && nucleus) hits++;
  });
  return 2 * hits / (found + there);
}
