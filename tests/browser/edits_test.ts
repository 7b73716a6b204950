import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { encodePng, type Image, readLabels, synthesize } from "@unet/data";
import { findChromium } from "./call_page.ts";
import { callStudio, type StudioSeen } from "./call_studio.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log("skipped: tests of editing masks, for there is no Chromium");
}

type Walk = Parameters<typeof callStudio>[2];

/** Does a walk in a folder of one image without a mask. */
async function seenIn(
  walk: Walk,
  size: { readonly width: number; readonly height: number },
): Promise<StudioSeen & { readonly folder: string }> {
  const folder = await Deno.makeTempDir();
  const [sample] = synthesize({ ...drawn, count: 1, seed: 4 });
  const { image } = sample!;
  const png = await encodePng(walk === "paint" ? repeated(image, size) : image);
  await Deno.writeFile(join(folder, "a.png"), png);
  const seen = await callStudio(chromium!, folder, walk);
  assertEquals(seen.faults, []);
  assertEquals(seen.violations, []);
  return { ...seen, folder };
}

/** An image beside itself, for drawing a large one takes long. */
function repeated(
  { width, height, channels, data }: Image,
  size: { readonly width: number; readonly height: number },
): Image {
  const large = new Uint8Array(size.width * size.height * channels);
  for (let at = 0; at < large.length; at++) {
    const pixel = Math.floor(at / channels);
    const x = pixel % size.width % width;
    const y = Math.floor(pixel / size.width) % height;
    large[at] = data[(y * width + x) * channels + at % channels]!;
  }
  return { ...size, channels, depth: 8, data: large };
}

async function objectsIn(folder: string): Promise<number> {
  const { data } = await readLabels(join(folder, "masks", "a.tif"), 2 ** 26);
  return new Set(data.filter((label) => label > 0 && label < 65535)).size;
}

const drawn = { width: 400, height: 300 };

Deno.test({
  name:
    "the studio's page paints, splits, merges, deletes, undoes, reloads, and shares masks between two pages",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { texts, folder } = await seenIn("correct", drawn);
    assertEquals(Object.keys(texts).includes("heard by the other"), true);
    assertEquals(await objectsIn(folder), 2);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "the studio's page edits masks by the keyboard alone",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { folder } = await seenIn("keys", drawn);
    assertEquals(await objectsIn(folder), 2);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "the studio's page paints by a finger, and zooms by two",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { folder } = await seenIn("touch", drawn);
    assertEquals(await objectsIn(folder), 0);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a studio that is killed within a stroke loses that stroke alone",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { texts, folder } = await seenIn("kill", drawn);
    assertMatch(texts["after the kill"]![0]!, /^3 objects/);
    assertEquals(await objectsIn(folder), 2);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a stroke on a mask of 4096×4096 keeps up with 60 frames per second",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { texts, folder } = await seenIn("paint", {
      ...{ width: 4096, height: 4096 },
    });
    const steps = texts.steps!.map(Number).sort((one, other) => one - other);
    const median = steps[steps.length >> 1]!;
    // deno-lint-ignore no-console
    console.log(
      `${steps.length} steps of a stroke on 4096×4096: median ${median} ms, ` +
        `95 % within ${steps[Math.floor(0.95 * steps.length)]} ms, ` +
        `undo shown after ${texts.undo} ms`,
    );
    assert(steps.length > 100, `${steps.length} steps`);
    assert(median <= 16, `${median} ms`);
    await Deno.remove(folder, { recursive: true });
  },
});
