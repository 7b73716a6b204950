import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Image, type Labels, unlabeled } from "@unet/data";
import { classColor } from "./class_color.ts";
import { drawClassComparison } from "./draw_class_comparison.ts";

const size = { width: 200, height: 2 };
const classes = ["background", "axon", "myelin"];

function gray(): Image {
  const data = new Uint8Array(3 * 400).fill(100);
  return { ...size, channels: 3, depth: 8, data };
}

/** Labels that begin with some numbers, and are 0 elsewhere. */
function labels(...first: number[]): Labels {
  const data = new Uint32Array(400);
  data.set(first);
  return { ...size, data };
}

/** The first pixels of a panel. */
function pixelsOf(drawn: Image, panel: number, count: number): number[][] {
  // Captions take nine rows and four around them.
  const from = 17 * drawn.width + panel * 204;
  return Array.from({ length: count }, (_, at) => [
    ...drawn.data.subarray(3 * (from + at), 3 * (from + at) + 3),
  ]);
}

const plain = [100, 100, 100];

function tint(color: readonly number[], share: number): number[] {
  return color.map((value) => Math.round(100 + share * (value - 100)));
}

Deno.test("drawClassComparison() tints true and predicted classes, and shows what is wrong", () => {
  const drawn = drawClassComparison(gray(), {
    truth: labels(1, 1, 0, 2, unlabeled),
    prediction: labels(1, 2, 1, 0, 1),
    classes,
  });
  const axon = tint(classColor(1), 0.55), myelin = tint(classColor(2), 0.55);
  const wrong = tint([255, 0, 255], 0.8), none = tint([128, 128, 128], 0.55);
  assertEquals(pixelsOf(drawn, 0, 5), Array(5).fill(plain));
  assertEquals(pixelsOf(drawn, 1, 6), [axon, axon, plain, myelin, none, plain]);
  assertEquals(pixelsOf(drawn, 2, 6), [axon, myelin, axon, plain, axon, plain]);
  assertEquals(pixelsOf(drawn, 3, 6), [axon, wrong, wrong, wrong, none, plain]);
});

/** The colors below the panels. */
function legendOf(drawn: Image): Set<string> {
  const colors = new Set<string>();
  for (let at = 3 * 19 * drawn.width; at < drawn.data.length; at += 3) {
    colors.add(`${drawn.data.subarray(at, at + 3)}`);
  }
  return colors;
}

Deno.test("drawClassComparison() lists unlabeled pixels in the legend only where there are any", () => {
  const given = { prediction: labels(1), classes };
  const whole = legendOf(
    drawClassComparison(gray(), { ...given, truth: labels(1) }),
  );
  const sparse = legendOf(
    drawClassComparison(gray(), { ...given, truth: labels(unlabeled) }),
  );
  for (const color of [classColor(1), classColor(2), [255, 0, 255]]) {
    assert(whole.has(`${color}`) && sparse.has(`${color}`));
  }
  assertEquals([...sparse.difference(whole)], ["128,128,128"]);
});

Deno.test("drawClassComparison() enlarges small images by a whole factor", () => {
  const data = new Uint32Array(50);
  const small = { width: 10, height: 5 };
  const drawn = drawClassComparison(
    { ...small, channels: 3, depth: 8, data: new Uint8Array(150) },
    {
      truth: { ...small, data },
      prediction: { ...small, data },
      classes,
    },
  );
  assertEquals(drawn.width, 4 * 150 + 3 * 4);
  assert(drawn.height > 75);
});

Deno.test("drawClassComparison() refuses other sizes, and numbers that no class has", () => {
  assertThrows(
    () =>
      drawClassComparison({ ...gray(), channels: 1 }, {
        ...{ truth: labels(), prediction: labels(), classes },
      }),
    RangeError,
    'Cannot draw classes on image of "1 channels": found 8 bits, expected 3',
  );
  assertThrows(
    () =>
      drawClassComparison(gray(), {
        truth: { width: 1, height: 1, data: new Uint32Array(1) },
        prediction: labels(),
        classes,
      }),
    RangeError,
    'Cannot draw classes of size "1×1": found an image of 200×2',
  );
  for (
    const given of [
      { truth: labels(3), prediction: labels() },
      { truth: labels(), prediction: labels(3) },
      { truth: labels(), prediction: labels(unlabeled) },
    ]
  ) {
    assertThrows(
      () => drawClassComparison(gray(), { ...given, classes }),
      RangeError,
      "found 3 classes, expected 0 to 2",
    );
  }
});
