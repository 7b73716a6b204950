import { assertEquals, assertThrows } from "@std/assert";
import { jupyterDisplay } from "./show_image.ts";
import { showChart } from "./show_chart.ts";

Deno.test("showChart() gives SVG as it is, with or without a declaration", async () => {
  for (const start of ["", '<?xml version="1.0"?>\n']) {
    const svg = `${start}<svg xmlns="http://www.w3.org/2000/svg"></svg>`;
    const shown = await showChart(svg)[jupyterDisplay]();
    assertEquals(shown, { "image/svg+xml": svg });
  }
});

Deno.test("showChart() refuses what is no SVG", () => {
  assertThrows(
    () => showChart("<html>"),
    TypeError,
    'Cannot show chart "<html>": expected SVG, as of drawCurves()',
  );
});
