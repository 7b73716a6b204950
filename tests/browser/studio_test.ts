import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";
import { findChromium } from "./call_page.ts";
import { callStudio } from "./call_studio.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log("skipped: tests of the studio's page, for there is no Chromium");
}

/** A name that would be a script, if a page took names for HTML. */
const script = "<img src=x onerror=alert(1)>.png";

Deno.test({
  name:
    "the studio's page predicts, follows a slider, saves, accepts, and is the same after a reload",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir();
    const names = ["a.png", script];
    for (
      const { image } of synthesize({
        ...{ count: 2, width: 200, height: 160, seed: 4 },
      })
    ) await writeFile(join(folder, names.pop()!), await encodePng(image));
    const { texts, faults, violations } = await callStudio(
      chromium!,
      folder,
      "predict",
    );
    assertEquals(faults, []);
    assertEquals(violations, []);
    assertEquals(texts.address, ["http://127.0.0.1/"]);
    assertEquals(texts.names, [script, "a.png"]);
    assertEquals(texts.first, ["No mask", "No mask"]);
    assertMatch(texts.predicted![0]!, /^Predicted, \d+ objects?$/);
    const mask = join(folder, "masks", "<img src=x onerror=alert(1)>.tif");
    const { data } = await decodeImage(await Deno.readFile(mask), mask);
    const objects = new Set(data).size - 1;
    assertMatch(texts.tried![0]!, new RegExp(`^${objects} objects?$`));
    const before = Number(/\d+/.exec(texts.predicted![0]!)?.[0]);
    assert(objects < before, `${objects} of ${before}`);
    assertMatch(texts.reloaded![0]!, new RegExp(`^Accepted, ${objects} `));
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "the studio's page lists 10,000 images by a few dozen rows",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir();
    const data = new Uint8Array([0, 255]);
    const png = await encodePng({
      ...{ width: 2, height: 1, channels: 1, depth: 8, data },
    });
    for (let at = 1; at <= 10_000; at++) {
      Deno.writeFileSync(join(folder, `image ${at}.png`), png);
    }
    const { texts, faults } = await callStudio(chromium!, folder, "list");
    assertEquals(faults, []);
    assertEquals(texts.count, ["10,000 images"]);
    assert(Number(texts.rows![0]) < 60, `${texts.rows} rows`);
    assertEquals(texts.last, ["image 10000.png"]);
    await Deno.remove(folder, { recursive: true });
  },
});
