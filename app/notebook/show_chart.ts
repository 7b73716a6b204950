import { cannot } from "@unet/errors";
import { jupyterDisplay, type Shown } from "./show_image.ts";

/**
 * Shows a chart in a notebook, as of `drawCurves()` of `@unet/train`. To redraw
 * it while a training runs, display it again under one id.
 *
 * @param svg The chart, as SVG.
 * @returns The value of a cell, or what `Deno.jupyter.display()` takes.
 * @throws {TypeError} If it is no SVG.
 *
 * @example
 * ```ts
 * import { jupyterDisplay, showChart } from "@unet/app";
 * import { assertEquals } from "@std/assert";
 *
 * const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
 * const shown = await showChart(svg)[jupyterDisplay]();
 * assertEquals(shown, { "image/svg+xml": svg });
 * ```
 */
export function showChart(svg: string): Shown {
  if (!/^\s*(<\?xml[^>]*>\s*)?<svg[\s>/]/.test(svg)) {
    throw new TypeError(cannot("show", "chart", svg.slice(0, 20), {
      expected: "SVG, as of drawCurves()",
    }));
  }
  return {
    [jupyterDisplay]: () => Promise.resolve({ "image/svg+xml": svg }),
  };
}
