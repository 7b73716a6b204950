import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { segment } from "@unet/app";
import { encodePng, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";
import { findChromium } from "./call_page.ts";
import { callStudio } from "./call_studio.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log(
    "skipped: tests of measuring in the studio's page, for there is no Chromium",
  );
}

Deno.test({
  name:
    "the studio's page measures by the keyboard alone, and its table is that of segment(), byte for byte",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir(), path = join(folder, "a.png");
    const [sample] = synthesize({
      ...{ count: 1, width: 200, height: 160, seed: 4 },
    });
    await writeFile(path, await encodePng(sample!.image));
    const { texts, faults, violations } = await callStudio(
      chromium!,
      folder,
      "measure",
    );
    assertEquals(faults, []);
    assertEquals(violations, []);
    const out = await Deno.makeTempDir();
    await segment([path], {
      ...{ model: "nuclei", out, formats: ["csv"] },
      device: texts.device![0]!,
    });
    const csv = await Deno.readTextFile(join(out, "a.csv"));
    assertEquals(texts.csv, [csv]);
    const [header, ...lines] = csv.trimEnd().split("\r\n");
    const objects = lines.length;
    assertMatch(
      texts.predicted![0]!,
      new RegExp(`^${objects} objects of the mask that is predicted by nuclei`),
    );
    const at = header!.split(",").indexOf("area_px");
    const areas = lines.map((line) => Number(line.split(",")[at]))
      .sort((one, other) => one - other);
    // Rows that nobody sees are not there.
    const firstOf = (all: readonly number[], rows: readonly string[]) =>
      all.slice(0, rows.length).map(String);
    assert(texts.ascending!.length > 10);
    assertEquals(texts.ascending, firstOf(areas, texts.ascending!));
    assertEquals(
      texts.descending,
      firstOf(areas.toReversed(), texts.descending!),
    );
    assertEquals(
      [texts.largest, texts.second, texts.smallest].map((row) =>
        Number(row![1])
      ),
      [areas.at(-1)!, areas.at(-2)!, areas[0]!],
    );
    // The object that was clicked in the picture is that of the second row.
    assertEquals(texts.clicked, texts.second);
    assertMatch(texts.filtered![0]!, new RegExp(`^2 of ${objects} objects`));
    const filtered = texts.filteredCsv![0]!.trimEnd().split("\r\n").slice(1);
    assertEquals(filtered.length, 2);
    assert(filtered.every((line) => lines.includes(line)));
    assertMatch(
      texts.corrected![0]!,
      new RegExp(`^${objects + 1} objects of the mask that is corrected`),
    );
    for (const each of [folder, out]) {
      await Deno.remove(each, { recursive: true });
    }
  },
});
