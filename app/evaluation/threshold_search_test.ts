import { assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import { countPixels, f1 } from "@unet/train";
import { ThresholdSearch } from "./threshold_search.ts";

/** Some pixels of a network that is right for most. */
function draw(count: number, seed: number) {
  const random = createRandom(seed);
  const target = new Uint8Array(count), probability = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    target[at] = random.uniform(0, 1) < 0.3 ? 1 : 0;
    const middle = target[at] ? 0.45 : 0.2;
    const value = middle + random.uniform(-0.25, 0.4);
    // Numbers that are thresholds themselves are the hard ones.
    const isRound = random.uniform(0, 1) < 0.5;
    probability[at] = Math.min(
      1,
      Math.max(0, isRound ? Math.round(value * 100) / 100 : value),
    );
  }
  return { target, probability };
}

Deno.test("ThresholdSearch finds what trying every threshold finds", () => {
  for (let seed = 0; seed < 10; seed++) {
    const { target, probability } = draw(2000, seed);
    const search = new ThresholdSearch();
    search.add(probability.subarray(0, 700), target.subarray(0, 700));
    search.add(probability.subarray(700), target.subarray(700));
    const tried = Array.from({ length: 99 }, (_, at) => {
      const threshold = (at + 1) / 100;
      return { threshold, f1: f1(countPixels(probability, target, threshold)) };
    });
    const [expected] = tried.sort((a, b) =>
      b.f1 - a.f1 ||
      Math.abs(a.threshold - 0.5) - Math.abs(b.threshold - 0.5)
    );
    assertEquals(search.best(), expected);
  }
});

Deno.test("ThresholdSearch stays at 0.5 where every threshold is as good", () => {
  assertEquals(new ThresholdSearch().best(), { threshold: 0.5, f1: 1 });
  const sure = new ThresholdSearch();
  sure.add(new Float32Array([1, 0, 1]), new Uint8Array([1, 0, 1]));
  assertEquals(sure.best(), { threshold: 0.5, f1: 1 });
  const wrong = new ThresholdSearch();
  wrong.add(new Float32Array([0, 1]), new Uint8Array([1, 0]));
  assertEquals(wrong.best(), { threshold: 0.5, f1: 0 });
});
