/** Files of classes, and what `fixtures/judge_classes.py` found others to read. */
import { assertEquals } from "@std/assert";
import { encodePng, openDataset, openImage, readCase } from "@unet/data";
import { classColor } from "./class_color.ts";
import {
  sampleClasses,
  sampleMap,
  sampleProbabilities,
  sampleSize,
  writeClassSamples,
} from "./fixtures/write_class_samples.ts";

const judged = JSON.parse(
  await Deno.readTextFile(
    new URL("fixtures/judged_classes.json", import.meta.url),
  ),
);

let folder: string;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  await writeClassSamples(folder);
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

async function digestOf(values: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", values.slice());
  return new Uint8Array(hash).toHex();
}

Deno.test("PngWriter writes a palette of which Pillow reads numbers, colors and names", async () => {
  assertEquals(judged.png, {
    mode: "P",
    palette: sampleClasses.flatMap((_, number) => [...classColor(number)]),
    text: { Description: sampleClasses.join("\n") },
    sha256: await digestOf(sampleMap()),
  });
});

Deno.test("PngWriter writes a palette that is read back as a mask of class numbers", async () => {
  const { width, height } = sampleSize;
  const gray = { width, height, channels: 1, depth: 8 } as const;
  const data = new Uint8Array(width * height);
  await Deno.mkdir(`${folder}/data/images`, { recursive: true });
  await Deno.mkdir(`${folder}/data/masks`, { recursive: true });
  await Deno.writeFile(
    `${folder}/data/images/map.png`,
    await encodePng({ ...gray, data }),
  );
  await Deno.copyFile(`${folder}/map.png`, `${folder}/data/masks/map.png`);
  const dataset = await openDataset(`${folder}/data`);
  const { labels } = await readCase(dataset.cases[0]!, { mask: "labels" });
  await dataset.close();
  assertEquals([...labels.data], [...sampleMap()]);
});

Deno.test("ProbabilityTiff writes channels of which tifffile reads values, means, names and pixel size", async () => {
  const { width, height } = sampleSize, values = sampleProbabilities();
  const planes = sampleClasses.map((_, plane) =>
    Uint8Array.from(
      { length: width * height },
      (_, at) => Math.round(255 * values[4 * at + plane]!),
    )
  );
  const halves = planes.map((plane) =>
    Uint8Array.from({ length: width * height / 4 }, (_, at) => {
      const from = 2 * Math.floor(at / (width / 2)) * width +
        2 * (at % (width / 2));
      const four = [from, from + 1, from + width, from + width + 1];
      const sum = four.reduce((sum, place) => sum + plane[place]!, 0);
      return Math.floor(sum / 4 + 0.5);
    })
  );
  const together = (parts: readonly Uint8Array[]) =>
    Uint8Array.from(parts.flatMap((part) => [...part]));
  assertEquals(judged.tiff, {
    axes: "CYX",
    levels: [
      {
        shape: [4, height, width],
        sha256: await digestOf(together(planes)),
      },
      {
        shape: [4, height / 2, width / 2],
        sha256: await digestOf(together(halves)),
      },
    ],
    channels: sampleClasses,
    pixelSize: [0.5, 0.25],
  });
  const path = `${folder}/probability.tif`;
  await using image = await openImage(path, { channel: "Zelle größer" });
  assertEquals(image.pixelSize, { x: 0.5, y: 0.25 });
  assertEquals((await image.read(0, 0, width, height)).data, planes[2]);
});

Deno.test("what the fixtures judge is what is written now", async () => {
  const { png, tiff } = judged.files;
  for (const [name, sha256] of [["map.png", png], ["probability.tif", tiff]]) {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    assertEquals(await digestOf(bytes), sha256, name);
  }
});
