import { assertEquals } from "@std/assert";
import { Canvas, captionHeight, captionWidth } from "./canvas.ts";

/** The picture as text, `#` where it is not white. */
function shownOf({ image: { width, height, data } }: Canvas): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(
      { length: width },
      (_, x) => data[3 * (y * width + x)] === 255 ? "." : "#",
    ).join(""));
}

Deno.test("Canvas.write() writes text at its place, larger by a whole factor", () => {
  const small = new Canvas(7, 9), large = new Canvas(14, 18);
  small.write("L", [1, 1]);
  large.write("L", [2, 2], { scale: 2 });
  const lines = shownOf(small);
  assertEquals(lines.slice(0, 3), [".......", ".#.....", ".#....."]);
  assertEquals(lines[7], ".#####.");
  assertEquals(
    shownOf(large),
    lines.flatMap((line) => {
      const wide = line.replaceAll(/./g, "$&$&");
      return [wide, wide];
    }),
  );
  assertEquals([captionWidth("L"), captionHeight], [5, 9]);
});

Deno.test("Canvas leaves out what is beyond its edges", () => {
  const canvas = new Canvas(2, 2);
  canvas.fill({ x: 1, y: 1, width: 9, height: 9 }, [0, 0, 0]);
  canvas.write("MMM", [1, 2]);
  assertEquals(shownOf(canvas), ["..", ".#"]);
});
