import { assertEquals } from "@std/assert";
import { figuresWithoutSource, unsourcedFigures } from "./figures.ts";

Deno.test("every measured figure has a source in its section", () => {
  assertEquals(unsourcedFigures(), []);
});

Deno.test("figuresWithoutSource() finds measurements in sections without command, link or date", () => {
  const text = [
    ...["# Speed", "It is 2.4 times as fast, 26 images per second.", ""],
    ...["## Quality", "Pixel F1 is 0.936 on 91 images.", ""],
    ...["## Sourced", "F1 is 0.93 ([how](docs/first-run.md)).", ""],
    ...["## Measured", "It takes 0.11 s per image.", ""],
    ...["`deno task bench segment` measures it.", ""],
    ...["## Dated", "AP at 0.5 is 0.81, on two cores, 2026-11-30."],
  ].join("\n");
  assertEquals(figuresWithoutSource(text), [
    { line: 2, figure: "2.4 times as fast" },
    { line: 2, figure: "26 images per second" },
    { line: 5, figure: "F1 is 0.936" },
  ]);
});

Deno.test("figuresWithoutSource() leaves settings and sizes alone", () => {
  const text = "# A\nTiles of 256, width 0.25, a limit of 10 s, 3 images.";
  assertEquals(figuresWithoutSource(text), []);
});
