import { assertEquals } from "@std/assert";
import { drawDiscs, maskOf } from "../fixtures/drawn_mask.ts";
import { judgeCoverage } from "./judge_coverage.ts";
import { labelComponents } from "../targets/label_components.ts";
import type { MaskValues, StoredMask } from "./stored_mask.ts";

const size = 64, discs = drawDiscs(size, 3, 7);

/** What is found of a mask whose numbers are the objects. */
function ofNumbers(values: MaskValues, about: Partial<StoredMask> = {}) {
  const data = Uint32Array.from(values);
  return judgeCoverage(
    maskOf(values, size, about),
    { width: size, height: data.length / size, data },
    { reading: "labels" },
  );
}

/** What is found of a binary mask. */
function ofBinary(values: MaskValues, width = size) {
  const labels = labelComponents(values, width, values.length / width);
  return judgeCoverage(maskOf(values, width), labels, { reading: "binary" });
}

const black = (values: ArrayLike<number>) =>
  Uint8Array.from(values, (one) => one > 0 ? 0 : 255);

Deno.test("judgeCoverage() passes objects, also where they touch the rim", () => {
  assertEquals(ofNumbers(discs), []);
  assertEquals(ofBinary(discs), []);
  const shifted = drawDiscs(size, 4, 9);
  assertEquals(ofNumbers(shifted), []);
  assertEquals(ofBinary(shifted), []);
});

Deno.test("judgeCoverage() finds the background that was taken for an object, and names it", () => {
  const [finding] = ofBinary(black(discs));
  assertEquals(finding, {
    kind: "wrong-background",
    found: "255 as an object on 66 % of the pixels and 100 % of the rim",
    expected: "background there",
    remedy: "name it if it is the background",
    suggestion: { background: [255] },
  });
  const [numbered] = ofNumbers(discs.map((one) => one + 1));
  assertEquals(numbered?.suggestion, { background: [1] });
  const [inverted] = ofNumbers(discs.map((one) => one + 1), {
    showsZeroBright: true,
  });
  assertEquals(
    inverted?.found,
    "1 as an object on 66 % of the pixels and 100 % of the rim, in a file that shows 0 bright",
  );
});

Deno.test("judgeCoverage() names a background of color", () => {
  const purple = 68 * 65536 + 256 + 84;
  const colors = Uint32Array.from(discs, (one) => one ? one * 70_000 : purple);
  const [finding] = ofNumbers(colors, { colorBits: 8 });
  assertEquals(finding?.suggestion, { background: ["#440154"] });
  const wide = Float64Array.from(
    colors,
    (one) => one === purple ? ((68 * 2 ** 16 + 1) * 2 ** 16 + 84) * 256 : one,
  );
  const [other] = ofNumbers(wide, { colorBits: 16 });
  assertEquals(other?.suggestion, { background: ["#440154"] });
});

Deno.test("judgeCoverage() finds black nuclei on white where many touch the rim", () => {
  const crowded = drawDiscs(size, 6, 5);
  const kinds = ofBinary(black(crowded)).map(({ kind }) => kind);
  assertEquals(kinds, ["wrong-background"]);
});

Deno.test("judgeCoverage() passes tissue that truly covers most of an image", () => {
  // A disc on each place of a tight grid: what is left are small stars.
  const side = 128;
  for (const radius of [8, 8.4]) {
    const tissue = Uint8Array.from({ length: side * side }, (_, at) => {
      const row = Math.floor(at / side), line = Math.floor(row / 14);
      const x = (at % side + (line % 2) * 8) % 16 - 8, y = row % 14 - 7;
      return Math.hypot(x, y) < radius ? 255 : 0;
    });
    const share = tissue.filter((one) => one > 0).length / tissue.length;
    assertEquals(share > 0.6 && share < 0.95, true, `${share}`);
    assertEquals(ofBinary(tissue, side), []);
  }
});

Deno.test("judgeCoverage() passes one large nucleus, cropped on all sides", () => {
  for (const radius of [24, 32, 36]) {
    const nucleus = Uint8Array.from({ length: size * size }, (_, at) => {
      const x = at % size - 31.5, y = Math.floor(at / size) - 31.5;
      return Math.hypot(x, y) < radius ? 255 : 0;
    });
    assertEquals(ofBinary(nucleus), []);
  }
});

Deno.test("judgeCoverage() passes a large object among numbers that lies along half of the rim", () => {
  const large = Uint16Array.from({ length: size * size }, (_, at) => {
    const x = at % size - 25, y = Math.floor(at / size) - 25;
    return Math.hypot(x, y) < 40 ? 1 : Math.hypot(x - 36, y - 36) < 8 ? 2 : 0;
  });
  assertEquals(ofNumbers(large), []);
  const [finding] = ofNumbers(large.map((one) => one === 1 ? 1 : one + 3));
  assertEquals(finding?.kind, "wrong-background");
});

Deno.test("judgeCoverage() finds objects without any background between them", () => {
  const tiles = Uint16Array.from(
    { length: size * size },
    (_, at) => 1 + Math.floor(at / size / 8) * 8 + Math.floor(at % size / 8),
  );
  const [finding] = ofNumbers(tiles);
  assertEquals(finding?.kind, "no-background");
  assertEquals(finding?.found, "objects on 100 % of the pixels");
});

Deno.test("judgeCoverage() takes one object with long gaps for an object, and with round gaps for the background", () => {
  const width = 40;
  const withGaps = (columns: number, rows: number): Uint8Array => {
    const values = new Uint8Array(width * width).fill(255);
    // Some of the rim is background, so that the gaps decide.
    values.fill(0, 0, width);
    for (let y = 3; y + rows < width - 2; y += rows + 2) {
      for (let x = 3; x + columns < width - 2; x += columns + 2) {
        for (let row = y; row < y + rows; row++) {
          values.fill(0, row * width + x, row * width + x + columns);
        }
      }
    }
    return values;
  };
  const kinds = (values: Uint8Array) =>
    ofBinary(values, width).map(({ kind }) => kind);
  assertEquals(kinds(withGaps(8, 1)), []);
  assertEquals(kinds(withGaps(4, 4)), ["wrong-background"]);
});
