import { assert, assertEquals } from "@std/assert";
import { leastRise } from "../flow/_studio_loop.ts";
import { findChromium } from "./call_page.ts";
import { callStudio } from "./call_studio.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log("skipped: the studio's whole way, for there is no Chromium");
}

Deno.test({
  name:
    "the studio's page leads from an empty folder to a model, and by corrections to a better one",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir();
    const { texts, faults, violations } = await callStudio(
      chromium!,
      folder,
      "loop",
    );
    assertEquals(faults, []);
    assertEquals(violations, []);
    const [before, after] = [texts.first![0]!, texts.second![0]!].map(Number);
    assert(after! - before! > leastRise, `${before} to ${after}`);
    await Deno.remove(folder, { recursive: true });
  },
});
