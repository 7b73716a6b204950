import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { segment } from "@unet/app/segment";
import { decodeImage, encodePng, synthesize, toRgb8 } from "@unet/data";
import { TiffWriter } from "@unet/infer/outputs";
import { findChromium } from "./call_page.ts";
import { buildWeb, callWeb } from "./call_web.ts";

const chromium = findChromium();
if (!chromium) {
  // deno-lint-ignore no-console
  console.log("skipped: tests of the page in a browser, there is no Chromium");
}

/** What a file holds that was downloaded. */
async function labelsOf(base64: string, name: string) {
  const { data } = await decodeImage(Uint8Array.fromBase64(base64), name);
  return [...data];
}

/** A folder of two images: color of 8 bits, and gray of 16 in a TIFF. */
async function writeImages(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const [one, other] = synthesize({
    ...{ count: 2, width: 160, height: 128, seed: 5 },
  });
  await Deno.writeFile(
    join(folder, "a.png"),
    await encodePng(toRgb8(one!.image)),
  );
  const { width, height, data } = toRgb8(other!.image);
  await using tiff = await TiffWriter.open(join(folder, "b.tif"), {
    ...{ width, height, type: "uint16" },
  });
  const gray = Uint16Array.from(
    { length: width * height },
    (_, at) => 200 * data[3 * at]!,
  );
  await tiff.writeRows(gray);
  await tiff.finish();
}

Deno.test({
  name:
    "the page finds what segment() finds, downloads it and what was corrected, and connects to nothing",
  ignore: !chromium, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir();
    const site = join(folder, "site"), images = join(folder, "images");
    await buildWeb(site);
    const bytes = [...Deno.readDirSync(site)]
      .map(({ name }) => Deno.statSync(join(site, name)).size)
      .reduce((sum, size) => sum + size, 0);
    assert(bytes < 6e6, `${bytes} bytes`);
    await writeImages(images);
    await segment([images], {
      ...{ model: "nuclei", out: join(folder, "out"), device: "wasm" },
      formats: ["labels", "csv", "geojson", "roi"],
    });
    const seen = await callWeb(chromium!, { site, images, walk: "segment" });
    assertEquals(seen.faults, []);
    assertEquals(seen.violations, []);
    assertEquals(seen.asked, []);
    assertEquals(seen.texts.connections, [
      ...["TypeError", "error", "refused"],
      seen.texts.connections![3]!,
    ]);
    assertEquals(seen.texts.leaving, ["asks", "leaves"]);

    const own = await Deno.readFile(join(folder, "out/a_labels.tif"));
    const labels = await labelsOf(own.toBase64(), "own");
    const found = seen.files["found/a_labels.tif"]!;
    assertEquals(await labelsOf(found, "TIFF"), labels);
    assertEquals(await labelsOf(seen.files["found/a.png"]!, "PNG"), labels);
    const objects = new Set(labels).size - 1;
    assertMatch(seen.texts.states![0]!, RegExp(`Predicted, ${objects} object`));
    for (const name of ["a_rois.zip"]) {
      const file = await Deno.readFile(join(folder, "out", name));
      assertEquals(seen.files[`found/${name}`], file.toBase64());
    }

    const after = new Set(
      await labelsOf(seen.files["corrected/a_labels.tif"]!, "corrected"),
    );
    assert(after.size - 1 < objects);
    const table = new TextDecoder().decode(
      Uint8Array.fromBase64(seen.files["corrected/a.csv"]!),
    );
    assertEquals(table.trim().split("\r\n").length, after.size);
    await Deno.remove(folder, { recursive: true });
  },
});
