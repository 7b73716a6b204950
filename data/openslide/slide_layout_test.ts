import { assertEquals } from "@std/assert";
import { slideLayout } from "./slide_layout.ts";

const levels = [
  { width: 1000, height: 800, downsample: 1 },
  { width: 250, height: 200, downsample: 4 },
];

function layout(properties: Record<string, string>) {
  return slideLayout({ levels, property: (name) => properties[name] });
}

const bounds = {
  "openslide.bounds-x": "100",
  "openslide.bounds-y": "40",
  "openslide.bounds-width": "403",
  "openslide.bounds-height": "300",
};

Deno.test("slideLayout() takes the whole slide where it has no bounds", () => {
  const { left, top, levels, notes, pixelSize, background } = layout({});
  assertEquals([left, top], [0, 0]);
  assertEquals(levels.map(({ width, height }) => [width, height]), [
    [1000, 800],
    [250, 200],
  ]);
  assertEquals([notes, pixelSize, background], [[], undefined, [
    255,
    255,
    255,
  ]]);
});

Deno.test("slideLayout() cuts off what is empty, at each level, and says so", () => {
  const { left, top, levels, notes } = layout(bounds);
  assertEquals([left, top], [100, 40]);
  assertEquals(levels.map(({ width, height }) => [width, height]), [
    [403, 300],
    [100, 75],
  ]);
  assertEquals(notes, [{
    kind: "bounds",
    text: "1000×800 pixels, empty but for 403×300 at (100, 40): these taken, " +
      "coordinates counted from there",
  }]);
});

Deno.test("slideLayout() ignores bounds that are no numbers or lead out of the slide", () => {
  for (
    const wrong of [
      { "openslide.bounds-x": "900" },
      { "openslide.bounds-y": "-1" },
      { "openslide.bounds-width": "0" },
      { "openslide.bounds-height": "3e9" },
      { "openslide.bounds-height": "tall" },
    ]
  ) {
    const { left, levels, notes } = layout({ ...bounds, ...wrong });
    assertEquals([left, levels[0]!.width, notes], [0, 1000, []]);
  }
});

Deno.test("slideLayout() reads pixel size and background, and mentions an ICC profile", () => {
  const { pixelSize, background, notes } = layout({
    "openslide.mpp-x": "0.25",
    "openslide.mpp-y": "0.26",
    "openslide.background-color": "0A14fF",
    "openslide.icc-size": "588",
  });
  assertEquals(pixelSize, { x: 0.25, y: 0.26 });
  assertEquals(background, [10, 20, 255]);
  assertEquals(notes, [{ kind: "icc", text: "an ICC profile: not applied" }]);
  assertEquals(layout({ "openslide.mpp-x": "0.25" }).pixelSize, undefined);
  for (const text of ["-1", "NaN", "0"]) {
    const size = { "openslide.mpp-x": text, "openslide.mpp-y": text };
    assertEquals(layout(size).pixelSize, undefined);
  }
});

Deno.test("slideLayout() reads whole tiles at a time", () => {
  const side = (tile: string) =>
    layout({
      "openslide.level[0].tile-width": tile,
      "openslide.level[0].tile-height": tile,
    }).levels[0]!.block.width;
  assertEquals(["240", "512", "600", "2000", "1"].map(side), [
    ...[720, 512, 600, 2000, 512],
  ]);
  // A tile as large as the image, or none.
  assertEquals(["90000", "0", "x"].map(side), [512, 512, 512]);
  const tile = { "openslide.level[1].tile-width": "70000" };
  const { largestTile } = layout({
    ...tile,
    "openslide.level[1].tile-height": "3",
  });
  assertEquals(largestTile, 210000);
});
