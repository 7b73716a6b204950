import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { UnetError } from "@unet/errors";
import { LabelTiff } from "@unet/infer/outputs";
import { type MaskToMeasure, measureFolder } from "./measure_folder.ts";

const size = { width: 96, height: 64 };
const drawn = [...synthesize({ count: 2, ...size, seed: 3 })];

/** Two images with masks, and one whose mask is damaged. */
async function imagesIn(folder: string): Promise<MaskToMeasure[]> {
  const images: MaskToMeasure[] = [];
  for (const [at, name] of ["a.png", "b, c.png", "bad.png"].entries()) {
    const path = join(folder, name), mask = join(folder, `${at}.tif`);
    const { image, labels } = drawn[at % 2]!;
    await Deno.writeFile(path, await encodePng(image));
    if (at === 2) await Deno.writeTextFile(mask, "no mask");
    else {
      await using tiff = await LabelTiff.open(mask, size);
      await tiff.writeRows(labels.data);
      await tiff.finish();
    }
    images.push({
      ...{ name, path, mask, source: at === 0 ? "corrected" : "accepted" },
      ...{ classNames: ["tumor"], classes: new Map([[1, "tumor"]]) },
      ...{ kept: null, threshold: null },
    });
  }
  return images;
}

const objectsOf = (at: number) => new Set(drawn[at]!.labels.data).size - 1;

Deno.test("measureFolder() puts all masks into one table, which says what each is, and a page", async () => {
  const folder = await Deno.makeTempDir();
  const table = join(folder, "out", "all.csv");
  const page = join(folder, "out", "all.html");
  const results: [string, number | UnetError][] = [];
  const objects = await measureFolder(await imagesIn(folder), {
    ...{ table, page, title: "My folder" },
    onImage: (name, result) => void results.push([name, result]),
  });
  assertEquals(objects, objectsOf(0) + objectsOf(1));
  const [names, ...lines] = (await Deno.readTextFile(table)).trimEnd()
    .split("\r\n");
  assert(names!.startsWith("file,label,") && names!.endsWith(",setup"));
  assert(names!.includes(",class,"));
  assertEquals(lines.length, objects);
  assert(lines[0]!.startsWith("a.png,") && lines[0]!.endsWith(",corrected"));
  assert(lines.at(-1)!.startsWith('"b, c.png",'));
  const html = await Deno.readTextFile(page);
  for (const text of ["My folder", "1 corrected, 2 accepted", "bad.png"]) {
    assert(html.includes(text), text);
  }
  assertEquals(results.map(([name]) => name), ["a.png", "b, c.png", "bad.png"]);
  assert(results[2]![1] instanceof UnetError);
  // Tables of single images are not left behind.
  assertEquals([...Deno.readDirSync(join(folder, "out"))].length, 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("measureFolder() writes nothing when it is ended", async () => {
  const folder = await Deno.makeTempDir(), out = join(folder, "out");
  const signal = AbortSignal.abort(new Error("ended"));
  await assertRejects(
    async () =>
      await measureFolder(await imagesIn(folder), {
        ...{ table: join(out, "a.csv"), page: join(out, "a.html") },
        ...{ title: "", signal },
      }),
    Error,
    "ended",
  );
  assertEquals([...Deno.readDirSync(out)].length, 0);
  await Deno.remove(folder, { recursive: true });
});
