import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";
import { findChromium } from "./call_page.ts";
import { callStudio } from "./call_studio.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log(
    "skipped: tests of trainings in the studio's page, for there is no Chromium",
  );
}

Deno.test({
  name:
    "the studio's page trains by the keyboard alone, predicts by the new model, stops and resumes",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir();
    const size = { width: 64, height: 64 };
    let at = 0;
    for (
      const { image, labels } of synthesize({ count: 3, ...size, seed: 4 })
    ) {
      await writeFile(join(folder, `${at}.png`), await encodePng(image));
      const mask = {
        ...{ ...size, channels: 1, depth: 16 } as const,
        data: Uint16Array.from(labels.data),
      };
      // The third image waits for its mask.
      if (at < 2) {
        await writeFile(
          join(folder, "masks", `${at}.png`),
          await encodePng(mask),
        );
      }
      at++;
    }
    const { texts, faults, violations } = await callStudio(
      chromium!,
      folder,
      "train",
    );
    assertEquals(faults, []);
    assertEquals(violations, []);
    assertEquals([texts.models![0], texts.chosen], ["tiny", ["tiny"]]);
    assertEquals(texts.states!.slice(0, 2), ["Corrected", "Corrected"]);
    assertEquals(texts.states![2]!.startsWith("Predicted"), true);
    assertEquals(texts.resumable, ["long"]);
    assertEquals([texts.sides!.length, texts.sides![1]], [2, "tiny"]);
    for (const score of texts.scores!) {
      assertMatch(score, /^F1 of objects [01]\.\d{3}, of pixels [01]\.\d{3}$/);
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name:
    "the studio's page offers sample images in an empty folder, says what is first, and proposes what to correct next",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir();
    const { texts, faults, violations } = await callStudio(
      chromium!,
      folder,
      "samples",
    );
    assertEquals(faults, []);
    assertEquals(violations, []);
    assertEquals([texts.first!.length, texts.second!.length], [1, 1]);
    assertEquals(
      [texts.first![0]!, texts.second![0]!].map((step) => step.split(/\W/)[0]),
      ["Predict", "Correct"],
    );
    await Deno.remove(folder, { recursive: true });
  },
});
