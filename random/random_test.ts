import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { createRandom, type Random, restoreRandom } from "./random.ts";

/** Many draws. */
function draws(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

/** xoroshiro128+ as published, on 64-bit integers; the low half of each draw. */
function referenceDraws(state: readonly number[], count: number): number[] {
  const word = (high: number, low: number): bigint =>
    (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  const rotate = (value: bigint, by: bigint): bigint =>
    BigInt.asUintN(64, (value << by) | (value >> (64n - by)));
  let s0 = word(state[0]!, state[1]!), s1 = word(state[2]!, state[3]!);
  return draws(count, () => {
    const out = BigInt.asUintN(32, s0 + s1);
    s1 ^= s0;
    s0 = BigInt.asUintN(64, rotate(s0, 24n) ^ s1 ^ (s1 << 16n));
    s1 = rotate(s1, 37n);
    return Number(out) / 2 ** 32;
  });
}

/** How far counts are from even, in standard deviations of chi square. */
function unevenness(counts: ArrayLike<number>, total: number): number {
  const expected = total / counts.length, degrees = counts.length - 1;
  let chiSquare = 0;
  for (const count of Array.from(counts)) {
    chiSquare += (count - expected) ** 2 / expected;
  }
  return Math.abs(chiSquare - degrees) / Math.sqrt(2 * degrees);
}

Deno.test("createRandom() draws the values of xoroshiro128+", () => {
  for (const seed of [0, 1, -5, Number.MAX_SAFE_INTEGER]) {
    const random = createRandom(seed, 3);
    const expected = referenceDraws(random.state(), 1000);
    assertEquals(draws(1000, random.next), expected);
  }
});

Deno.test("createRandom() draws the same from version to version", () => {
  const random = createRandom(7, 3, 42);
  assertEquals(draws(3, random.next), [
    0.22838856419548392,
    0.2344211949966848,
    0.11379177146591246,
  ]);
});

Deno.test("createRandom() gives streams of other names other states", () => {
  const integer = fc.maxSafeInteger();
  fc.assert(fc.property(
    fc.array(integer, { minLength: 1, maxLength: 4 }),
    fc.array(integer, { minLength: 1, maxLength: 4 }),
    (a, b) => {
      const [seed = 0, ...rest] = a, [other = 0, ...others] = b;
      const same = JSON.stringify(a) === JSON.stringify(b);
      assertEquals(
        String(createRandom(seed, ...rest).state()) ===
          String(createRandom(other, ...others).state()),
        same,
      );
    },
  ));
  assert(createRandom(1).next() !== createRandom(1, 0).next());
  assert(createRandom(0).next() !== createRandom(0, 0).next());
  assert(createRandom(1, 2).next() !== createRandom(2, 1).next());
  assert(createRandom(1).next() !== createRandom(1 + 2 ** 32).next());
  assert(createRandom(1).next() !== createRandom(-1).next());
});

Deno.test("createRandom() never repeats a state over 200,000 streams", () => {
  const states = new Set<string>();
  for (let epoch = 0; epoch < 100; epoch++) {
    for (let sample = 0; sample < 2000; sample++) {
      states.add(String(createRandom(0, epoch, sample).state()));
    }
  }
  assertEquals(states.size, 200_000);
});

Deno.test("createRandom() starts neighboring streams independently", () => {
  const bins = 16, total = 100_000;
  const first = new Float64Array(bins ** 2); // first and second draw
  const next = new Float64Array(bins ** 2); // first draws of neighbors
  const bin = (value: number): number => Math.floor(value * bins);
  let before = createRandom(11, 0).next();
  for (let sample = 1; sample <= total; sample++) {
    const random = createRandom(11, sample);
    const value = random.next();
    first[bin(value) * bins + bin(random.next())]! += 1;
    next[bin(before) * bins + bin(value)]! += 1;
    before = value;
  }
  assertLess(unevenness(first, total), 4);
  assertLess(unevenness(next, total), 4);
});

for (const seed of [0.5, NaN, Infinity, 2 ** 53]) {
  Deno.test(`createRandom() refuses ${seed} as a seed and as a stream`, () => {
    const message =
      `Cannot seed random numbers: found ${seed}, expected an integer`;
    for (
      const start of [() => createRandom(seed), () => createRandom(0, seed)]
    ) {
      assertEquals(assertThrows(start, RangeError).message, message);
    }
  });
}

Deno.test("Random.next() is in [0, 1) and even", () => {
  const random = createRandom(2);
  const counts = new Float64Array(256);
  for (const value of draws(200_000, random.next)) {
    assert(value >= 0 && value < 1);
    counts[Math.floor(value * 256)]! += 1;
  }
  assertLess(unevenness(counts, 200_000), 4);
});

Deno.test("Random.integer() draws each integer of the range as often", () => {
  const random = createRandom(3);
  const counts = new Float64Array(7);
  for (const value of draws(70_000, () => random.integer(-3, 3))) {
    counts[value + 3]! += 1;
  }
  assertLess(unevenness(counts, 70_000), 4);
});

Deno.test("Random.integer() stays within its bounds, both included", () => {
  const random = createRandom(4);
  fc.assert(fc.property(
    fc.integer(),
    fc.nat({ max: 2 ** 31 - 1 }),
    (low, span) => {
      const value = random.integer(low, low + span);
      assert(Number.isInteger(value) && value >= low && value <= low + span);
    },
  ));
  assertEquals(random.integer(5, 5), 5);
  const full = random.integer(0, 2 ** 32 - 1);
  assert(Number.isInteger(full) && full >= 0 && full < 2 ** 32);
});

for (
  const [low, high] of [[1, 0], [0.5, 2], [0, 1.5], [NaN, 1], [0, 2 ** 32], [
    0,
    Infinity,
  ]] as const
) {
  Deno.test(`Random.integer() refuses bounds ${low} and ${high}`, () => {
    assertEquals(
      assertThrows(() => createRandom(0).integer(low, high), RangeError)
        .message,
      `Cannot draw an integer: found bounds ${low} and ${high}, expected integers in order, at most 2^32 of them`,
    );
  });
}

Deno.test("Random.uniform() stays within [low, high), evenly", () => {
  const random = createRandom(5);
  const counts = new Float64Array(100);
  for (const value of draws(100_000, () => random.uniform(-2, 3))) {
    assert(value >= -2 && value < 3);
    counts[Math.floor((value + 2) * 20)]! += 1;
  }
  assertLess(unevenness(counts, 100_000), 4);
});

Deno.test("Random.normal() is Box-Muller's first value of two draws, finite for a draw of 0", () => {
  const random = createRandom(9), same = restoreRandom(random.state());
  for (let at = 0; at < 100; at++) {
    const radius = Math.sqrt(-2 * Math.log(1 - same.next()));
    const value = radius * Math.cos(2 * Math.PI * same.next());
    assertEquals(random.normal(), value);
  }
});

Deno.test("Random.normal() has the moments and tails of the standard normal distribution", () => {
  const count = 200_000;
  const values = draws(count, createRandom(6).normal);
  const moment = (power: number): number =>
    values.reduce((sum, value) => sum + value ** power, 0) / count;
  // Four standard errors each; the variances of the powers are 1, 2, 15, 96.
  const error = (variance: number): number => 4 * Math.sqrt(variance / count);
  assertAlmostEquals(moment(1), 0, error(1));
  assertAlmostEquals(moment(2), 1, error(2));
  assertAlmostEquals(moment(3), 0, error(15));
  assertAlmostEquals(moment(4), 3, error(96));
  const beyond = (bound: number): number =>
    values.filter((value) => Math.abs(value) > bound).length / count;
  assertAlmostEquals(beyond(1), 0.317311, error(0.317311 * 0.682689));
  assertAlmostEquals(beyond(3), 0.0026998, error(0.0026998));
});

Deno.test("restoreRandom() continues where state() was taken, through JSON too", () => {
  const uses: ((random: Random) => number)[] = [
    (random) => random.next(),
    (random) => random.normal(),
    (random) => random.integer(0, 9),
    (random) => random.uniform(1, 2),
  ];
  const random = createRandom(8);
  for (const before of uses) {
    before(random);
    const stored = JSON.parse(JSON.stringify(random.state()));
    const continued = restoreRandom(stored);
    for (const use of uses) assertEquals(use(continued), use(random));
  }
});

Deno.test("Random.state() is a copy that draws leave alone", () => {
  const random = createRandom(9);
  const state = random.state(), copy = [...state];
  random.next();
  assertEquals(state, copy);
  state[0] = 0;
  assertEquals(restoreRandom(copy).state(), copy);
});

for (
  const state of [
    [],
    [1, 2, 3],
    [1, 2, 3, 4, 5],
    [0, 0, 0, 0],
    [1, 2, 3, 0.5],
    [
      1,
      2,
      3,
      NaN,
    ],
    [1, 2, 3, 2 ** 31],
  ]
) {
  Deno.test(`restoreRandom() refuses [${state}]`, () => {
    assertEquals(
      assertThrows(() => restoreRandom(state), RangeError).message,
      `Cannot restore random numbers: found [${state}], expected four 32-bit integers, not all 0`,
    );
  });
}
