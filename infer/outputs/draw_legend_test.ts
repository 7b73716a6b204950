import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { classStyles } from "./class_color.ts";
import { drawLegend } from "./draw_legend.ts";

const names = fc.uniqueArray(
  fc.stringMatching(/^[a-zA-Z0-9][a-z .+_-]{0,20}$/),
  {
    minLength: 1,
    maxLength: 7,
  },
);

Deno.test("drawLegend() shows every color as a whole square, whatever the width", () =>
  fc.assert(
    fc.property(
      names,
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 3 }),
      (names, width, scale) => {
        const [, ...styles] = classStyles(["background", ...names]);
        const legend = drawLegend(styles, { width, scale });
        assert(legend.width >= width);
        assertEquals(legend.data.length, 3 * legend.width * legend.height);
        const counts = new Map<string, number>();
        for (let at = 0; at < legend.data.length; at += 3) {
          const color = `${legend.data.subarray(at, at + 3)}`;
          counts.set(color, (counts.get(color) ?? 0) + 1);
        }
        for (const { color } of styles) {
          assertEquals(counts.get(`${color}`), 49 * scale ** 2);
        }
        assert(counts.get("0,0,0")! >= styles.length * scale ** 2);
      },
    ),
  ));

Deno.test("drawLegend() takes more lines where the width is small, and grows for one long name", () => {
  const [, ...styles] = classStyles(["background", "axon", "myelin", "cell"]);
  const wide = drawLegend(styles, { width: 400 });
  const narrow = drawLegend(styles, { width: 60 });
  assertEquals([wide.width, narrow.width], [400, 60]);
  assertEquals([wide.height, narrow.height], [17, 43]);
  const [, long] = classStyles(["background", "a".repeat(64)]);
  assertEquals(drawLegend([long!], { width: 10 }).width, 4 + 10 + 383 + 4);
});
