import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { drawDiscs, maskOf } from "../fixtures/drawn_mask.ts";
import { judgeMask } from "./judge_mask.ts";
import type { MaskOptions } from "./mask_options.ts";
import { backgroundOf, type StoredMask } from "./stored_mask.ts";

const size = 64, discs = drawDiscs(size, 3, 7);
const binary = Uint8Array.from(discs, (one) => one > 0 ? 255 : 0);

/** The judgment, and the kinds of its findings. */
function judge(mask: StoredMask, options: MaskOptions = {}) {
  const background = backgroundOf(mask, options.background ?? [0]);
  const { reading, cut, findings } = judgeMask(mask, background, options);
  const [first] = findings;
  return {
    reading,
    cut,
    kinds: findings.map(({ kind }) => kind),
    found: first?.found ?? "",
    suggestion: first?.suggestion,
  };
}

/** Gray values through the image library and back, at the same size. */
async function through(
  values: Uint8Array,
  change: (image: Sharp) => Sharp,
): Promise<Uint8Array> {
  const raw = { width: size, height: size, channels: 1 } as const;
  const first = await change(sharp(values, { raw })).toColorspace("b-w").png()
    .toBuffer();
  const data = await sharp(first).resize(size, size, { fit: "fill" })
    .toColorspace("b-w").raw().toBuffer();
  return Uint8Array.from(data);
}

const noise = Float32Array.from(
  { length: size * size },
  (_, at) => (at * 7919 % 997) / 9970,
);
const probabilities = Float32Array.from(
  binary,
  (one, at) => (one > 0 ? 0.9 : 0) + noise[at]!,
);

Deno.test("judgeMask() takes one number for binary and several for objects", () => {
  for (const one of [1, 255, 7]) {
    const values = binary.map((value) => value && one);
    assertEquals(judge(maskOf(values, size)), {
      reading: "binary",
      cut: 0,
      kinds: [],
      found: "",
      suggestion: undefined,
    });
  }
  const { reading, kinds } = judge(maskOf(discs, size));
  assertEquals([reading, kinds], ["labels", []]);
});

Deno.test("judgeMask() passes object numbers of any size, order and type", () => {
  const types = [Uint16Array, Uint32Array, Int32Array, Float32Array];
  fc.assert(fc.property(
    fc.constantFrom(...types),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 0, max: 60_000 }),
    (Type, perSide, radius, stride, offset) => {
      const drawn = drawDiscs(128, perSide, radius);
      const numbers = Array.from(
        drawn,
        (one) => one && offset % 50 + 1 + (one * 37 % 101) * stride,
      );
      const shuffled = new Type(numbers);
      const { reading, kinds } = judge(maskOf(shuffled, 128));
      assertEquals(kinds, []);
      assertEquals(reading, perSide === 1 ? "binary" : "labels");
    },
  ));
});

Deno.test("judgeMask() passes objects of one pixel, and rods two pixels wide that touch", () => {
  const dots = new Uint8Array(size * size);
  for (let at = 0; at < 200; at++) dots[at * 20] = at + 1;
  assertEquals(judge(maskOf(dots.map((one) => one && 9), size)).kinds, []);
  const rods = Uint16Array.from({ length: size * size }, (_, at) => {
    const rod = Math.floor(at / size / 2) * 9 + Math.floor(at % size / 7);
    return at % size < 56 ? 1 + rod * 53 % 288 : 0;
  });
  const { reading, kinds } = judge(maskOf(rods, size));
  assertEquals([reading, kinds], ["labels", []]);
});

for (
  const [name, change] of [
    ["resized", (image) => image.resize(130, 130, { kernel: "cubic" })],
    ["enlarged", (image) => image.resize(200, 200, { kernel: "lanczos3" })],
    ["blurred", (image) => image.blur(1.5)],
  ] as [string, (image: Sharp) => Sharp][]
) {
  Deno.test(`judgeMask() reads a binary mask that was ${name} as binary, cut at half, and says so`, async () => {
    const mask = maskOf(await through(binary, change), size);
    const { reading, cut, kinds, found, suggestion } = judge(mask);
    assertEquals([reading, kinds], ["binary", ["gray-edges"]]);
    assertEquals(cut > 120 && cut < 135, true);
    assertMatch(found, /^\d+ gray levels that form edges, as after resizing/);
    assertEquals(suggestion, { mask: "binary" });
    const asked = judge(mask, { mask: "binary" });
    assertEquals([asked.cut, asked.kinds], [cut, []]);
    const numbers = judge(mask, { mask: "labels" });
    assertEquals([numbers.reading, numbers.kinds], ["labels", ["gray-edges"]]);
  });
}

Deno.test("judgeMask() sees the edges that JPEG left in a lossless file", async () => {
  for (const quality of [50, 75, 85, 95]) {
    const raw = { width: size, height: size, channels: 1 } as const;
    const jpeg = await sharp(binary, { raw }).jpeg({ quality }).toBuffer();
    const decoded = await sharp(jpeg).toColorspace("b-w").raw().toBuffer();
    const mask = maskOf(Uint8Array.from(decoded), size);
    const { reading, kinds } = judge(mask);
    assertEquals([reading, kinds], ["binary", ["gray-edges"]]);
  }
});

Deno.test("judgeMask() cuts a lossy file at half of white, and says so", () => {
  const mask = maskOf(binary.map((one) => one && 250), size, { isLossy: true });
  const { reading, cut, kinds, found } = judge(mask);
  assertEquals([reading, cut, kinds], ["binary", 128, ["lossy-mask"]]);
  assertEquals(found, "a lossy file, such as JPEG");
  assertEquals(judge(mask, { mask: "binary" }).kinds, []);
});

Deno.test("judgeMask() says that object numbers are lost in a lossy file", () => {
  const mask = maskOf(discs.map((one) => one * 20), size, { isLossy: true });
  for (const reading of ["auto", "binary"] as const) {
    const { kinds, found } = judge(mask, { mask: reading });
    assertEquals(kinds, ["lossy-mask"]);
    assertMatch(found, /^areas of several gray levels/);
  }
});

Deno.test("judgeMask() cuts probabilities at 0.5, stored as floats or bytes", () => {
  const floats = judge(maskOf(probabilities, size));
  assertEquals(
    [floats.reading, floats.cut, floats.kinds],
    ["binary", 0.5, ["probabilities"]],
  );
  assertMatch(floats.found, /^\d+ fractions up to 0.9999, as in a map of prob/);
  const bytes = Uint8Array.from(probabilities, (one) => one * 255);
  const whole = judge(maskOf(bytes, size));
  assertEquals([whole.reading, whole.kinds], ["binary", ["gray-edges"]]);
  assertEquals(whole.cut > 120 && whole.cut < 135, true);
});

Deno.test("judgeMask() warns of object numbers that were resized with interpolation", async () => {
  const labels = Uint8Array.from(discs, (one) => one * 20);
  const resize = (image: Sharp) => image.resize(130, 130, { kernel: "cubic" });
  const mask = maskOf(await through(labels, resize), size);
  const { reading, kinds } = judge(mask);
  assertEquals([reading, kinds], ["labels", ["scattered-values"]]);
  assertEquals(judge(mask, { mask: "labels" }).kinds, ["scattered-values"]);
});

Deno.test("judgeMask() warns of numbers that are classes", () => {
  const classes = discs.map((one) => one && 1 + one % 2);
  const { reading, kinds, found, suggestion } = judge(maskOf(classes, size));
  assertEquals([reading, kinds], ["labels", ["class-map"]]);
  assertEquals(
    found,
    "1 of 2 numbers in up to 5 parts, as in a map of classes",
  );
  assertEquals(suggestion, { mask: "binary" });
  assertEquals(judge(maskOf(classes, size), { mask: "labels" }).kinds, []);
  assertEquals(judge(maskOf(classes, size), { mask: "binary" }).cut, 0);
});

Deno.test("judgeMask() takes numbers below 0 and NaN for background, and counts them", () => {
  const mixed = Float32Array.from(
    discs,
    (one, at) => at < 10 ? -1 : at < 13 ? NaN : one,
  );
  const { kinds, found, suggestion } = judge(maskOf(mixed, size));
  assertEquals(kinds, ["negative-values", "invalid-values"]);
  assertEquals(found, "-1 in 10 pixels");
  assertEquals(suggestion, { background: [0, -1] });
  const listed = judge(maskOf(mixed, size), { background: [0, -1] });
  assertEquals(listed.kinds, ["invalid-values"]);
  assertEquals(listed.found, "3 pixels of NaN or infinity");
  const all = judge(maskOf(mixed, size), { background: [0, -1, "nan"] });
  assertEquals(all.kinds, []);
  const fractions = mixed.map((one) => one === -1 ? -0.1 : one);
  assertEquals(
    judge(maskOf(fractions, size), { background: [0, -0.1, "nan"] }).kinds,
    [],
  );
});

Deno.test("judgeMask() names -1 as the background of numbers that start with 0", () => {
  const mask = maskOf(Int16Array.from(discs, (one) => one - 1), size);
  const { kinds, found, suggestion } = judge(mask);
  assertEquals(kinds, ["negative-values"]);
  assertMatch(found, /^-1 in \d{4} pixels$/);
  assertEquals(suggestion, { background: [-1] });
  assertEquals(judge(mask, { background: [-1] }).kinds, []);
});

Deno.test("judgeMask() reads black and white with a little noise as binary", () => {
  const noisy = binary.map((one, at) =>
    at % 5 ? one : one > 0 ? 253 + at % 2 : at % 3
  );
  const { reading, kinds, cut } = judge(maskOf(noisy, size));
  assertEquals([reading, kinds], ["binary", ["gray-edges"]]);
  assertEquals(cut, 127.5);
});

Deno.test("judgeMask() does not count a background of color as numbers below 0", () => {
  const white = 2 ** 24 - 1;
  const colors = Uint32Array.from(discs, (one) => one ? one * 70_000 : white);
  const mask = maskOf(colors, size, { colorBits: 8 });
  for (const background of [[255], ["#ffffff"]]) {
    assertEquals(judge(mask, { background }).kinds, []);
  }
});

Deno.test("judgeMask() warns of the largest number of a type, which may be an unsigned -1", () => {
  for (
    const [Type, largest] of [
      [Uint8Array, 255],
      [Uint16Array, 65535],
      [Uint32Array, 2 ** 32 - 1],
    ] as const
  ) {
    const numbers = Array.from(discs, (one, at) => at < 40 ? largest : one);
    const values = new Type(numbers);
    const { kinds, found, suggestion } = judge(maskOf(values, size));
    assertEquals(kinds, ["void-value"]);
    assertMatch(found, new RegExp(`^${largest} in 40 pixels, far from`));
    assertEquals(suggestion, { background: [0, largest] });
    const background = [0, largest];
    assertEquals(judge(maskOf(values, size), { background }).kinds, []);
  }
  const even = Uint8Array.from(discs, (one) => [0, 85, 170, 255][one % 4]!);
  assertEquals(
    judge(maskOf(even, size), { mask: "auto" }).kinds.includes("void-value"),
    false,
  );
});

Deno.test("judgeMask() warns of fractions that are no probabilities", () => {
  const values = Float32Array.from(discs, (one) => one / 255);
  const { reading, kinds } = judge(maskOf(values, size));
  assertEquals([reading, kinds], ["labels", ["fractional-values"]]);
});

Deno.test("judgeMask() warns of pages, and of shapes in transparency", () => {
  const mask = maskOf(discs, size, { pages: 12, hasShapeInAlpha: true });
  const { kinds, found } = judge(mask);
  assertEquals(kinds, ["mask-pages", "alpha-mask"]);
  assertEquals(found, "12 pages");
});

Deno.test("judgeMask() ends within seconds on more fractions than there are numbers", () => {
  const side = 1024;
  const values = Float64Array.from(
    { length: side * side },
    (_, at) => (Math.sin(at) + 1) / 2,
  );
  const start = performance.now();
  const { reading, cut, found } = judge(maskOf(values, side));
  assertEquals([reading, cut], ["binary", 0.5]);
  assertMatch(found, /^65536 or more fractions/);
  assertEquals(performance.now() - start < 10_000, true);
});
