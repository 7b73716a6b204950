import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { encodePng, readLabels, synthesize } from "@unet/data";
import { infoOf } from "@unet/files";
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
): Promise<StudioSeen & { readonly folder: string }> {
  const folder = await Deno.makeTempDir();
  const [sample] = synthesize({ ...drawn, count: 1, seed: 4 });
  await Deno.writeFile(join(folder, "a.png"), await encodePng(sample!.image));
  const seen = await callStudio(chromium!, folder, walk);
  assertEquals(seen.faults, []);
  assertEquals(seen.violations, []);
  return { ...seen, folder };
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
    const { texts, folder } = await seenIn("correct");
    assertEquals(Object.keys(texts).includes("heard by the other"), true);
    assertEquals(await objectsIn(folder), 2);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "the studio's page edits masks by the keyboard alone",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { folder } = await seenIn("keys");
    assertEquals(await objectsIn(folder), 2);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "the studio's page paints by a finger, and zooms by two",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { folder } = await seenIn("touch");
    // The stroke is undone, so that there is no mask, as before.
    assertEquals(await infoOf(join(folder, "masks", "a.tif")), null);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a studio that is killed within a stroke loses that stroke alone",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const { texts, folder } = await seenIn("kill");
    assertMatch(texts["after the kill"]![0]!, /^3 objects/);
    assertEquals(await objectsIn(folder), 2);
    await Deno.remove(folder, { recursive: true });
  },
});
