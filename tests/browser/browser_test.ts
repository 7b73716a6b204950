import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Image, synthesize, toRgb8 } from "@unet/data";
import { wasmDriver } from "@unet/device/wasm";
import { callPage, findChromium } from "./call_page.ts";
import { mapClassesOn, segmentWith, trainOn } from "./jobs.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log("skipped: tests in a browser, for there is no Chromium");
}

const model = await Deno.readFile(
  new URL("../../models/nuclei/model.safetensors", import.meta.url),
);

/** A drawn image of 64×64 with some nuclei. */
function drawn(): Image {
  const [sample] = synthesize({ count: 1, width: 64, height: 64, seed: 3 });
  return toRgb8(sample!.image);
}

/** What wasm gives in a page, and why WebGPU does not start there. */
let called: ReturnType<typeof callPage> | undefined;

/** Asks a page once for all that needs no answer before. */
async function seenInPage(): Promise<readonly unknown[]> {
  const { width, height, data } = drawn();
  called ??= callPage(chromium!, [
    ["mapClasses", "wasm", width, height, [...data]],
    ["segment", "wasm", width, height, [...data]],
    ["train", "wasm"],
    ["probe", "webgpu"],
  ]);
  const { results, bytes } = await called;
  // Twice what it has: a room that drags in another would show.
  assert(bytes < 3.5e6, `${bytes} bytes`);
  return results;
}

Deno.test({
  name: "in a page, wasm gives the class map that it gives in Deno",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const map = await mapClassesOn(wasmDriver, drawn());
    assertEquals(new Set(map).size, 3);
    const [own] = await seenInPage();
    assertEquals(own, map);
  },
});

Deno.test({
  name: "in a page, wasm gives the mask and the losses that it gives in Deno",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const mask = await segmentWith(wasmDriver, model, drawn());
    assert(mask.includes(255) && mask.includes(0));
    const losses = await trainOn(wasmDriver);
    assertEquals(losses.length, 3);
    assert(losses[2]! < losses[0]!);
    const [, own, trained] = await seenInPage();
    assertEquals(own, mask);
    (trained as number[]).forEach((loss, step) =>
      assertAlmostEquals(loss, losses[step]!, 1e-6)
    );
  },
});

Deno.test({
  name:
    "in a page, WebGPU gives the mask and the losses that wasm gives, but for rounding",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const [, , , reason] = await seenInPage();
    if (reason !== null) {
      // deno-lint-ignore no-console
      console.log(`skipped: WebGPU in the browser: ${reason}`);
      return;
    }
    const image = drawn(), { width, height, data } = image;
    const mask = await segmentWith(wasmDriver, model, image);
    const losses = await trainOn(wasmDriver);
    const { results: [own, trained] } = await callPage(chromium!, [
      ["segment", "webgpu", width, height, [...data]],
      ["train", "webgpu"],
    ]);
    const different = (own as number[])
      .filter((value, at) => value !== mask[at]).length;
    assert(different <= 0.002 * mask.length, `${different} pixels differ`);
    (trained as number[]).forEach((loss, step) =>
      assertAlmostEquals(loss, losses[step]!, 1e-3)
    );
  },
});
