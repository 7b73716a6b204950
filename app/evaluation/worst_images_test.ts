import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type ColorNormalization, decodeImage } from "@unet/data";
import type { ImageScores } from "./evaluate_model.ts";
import type { ScoredImage } from "./scored_image.ts";
import { WorstImages } from "./worst_images.ts";

const size = { width: 200, height: 100 };
const labels = { ...size, data: new Uint32Array(20_000) };
const data = new Uint8Array(20_000);

function imageOf(id: string, f1: number, ap50 = 0.5): ScoredImage<ImageScores> {
  const modality = "fluorescence", image = { ...size, channels: 1, depth: 8 };
  return {
    scores: { id, modality, f1, ap50, objects: 3, found: 2 },
    sample: { id, image: { ...image, data } as const, labels },
    prediction: labels,
  } as ScoredImage<ImageScores>;
}

Deno.test("WorstImages keeps those with the smallest F1, the worst first", async () => {
  const worst = new WorstImages<ImageScores>(3);
  for (const [at, f1] of [0.9, 0.2, 0.7, 0.95, 0.1].entries()) {
    worst.add(imageOf(`${at}`, f1));
  }
  worst.add(imageOf("same F1", 0.2, 0.1));
  const listed = await worst.list();
  assertEquals(listed.map(({ id }) => id), ["4", "same F1", "1"]);
  assertEquals(listed[0], imageOf("4", 0.1).scores);
});

Deno.test("WorstImages draws them under their place and id", async () => {
  const folder = await Deno.makeTempDir();
  const worst = new WorstImages<ImageScores>(2);
  worst.add(imageOf("a/b c", 0.9));
  worst.add(imageOf("d", 0.1));
  const listed = await worst.list(join(folder, "new"));
  const paths = ["01_d.png", "02_a-b-c.png"].map((name) =>
    join(folder, "new", name)
  );
  assertEquals(listed.map(({ overlay }) => overlay), paths);
  const image = await decodeImage(await Deno.readFile(paths[0]!), paths[0]!);
  assertEquals([image.width, image.height, image.channels], [600, 300, 3]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("WorstImages draws images as the network sees them", async () => {
  const folder = await Deno.makeTempDir();
  const brightest = async (
    normalization?: ColorNormalization,
  ): Promise<number> => {
    const worst = new WorstImages<ImageScores>(1);
    const image = imageOf("a", 0.5);
    // A ramp from 0 to 199, bright enough for the usual rule to leave it alone.
    const values = Uint8Array.from(data, (_, at) => at % 200);
    const shown = { ...image.sample.image, data: values };
    worst.add({ ...image, sample: { ...image.sample, image: shown } });
    const [listed] = await worst.list(folder, normalization);
    const path = listed!.overlay!;
    const drawn = await decodeImage(await Deno.readFile(path), path);
    return Math.max(...drawn.data.subarray(0, 9000));
  };
  assertEquals(await brightest(), 199);
  assertEquals(await brightest("color-percentiles"), 255);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("WorstImages lists nothing where none is kept", async () => {
  const worst = new WorstImages<ImageScores>(0);
  worst.add(imageOf("a", 0));
  assertEquals(await worst.list(), []);
});

Deno.test("WorstImages draws classes where images are scored by classes", async () => {
  const folder = await Deno.makeTempDir();
  const worst = new WorstImages<ImageScores>(1, ["background", "axon"]);
  worst.add(imageOf("a", 0.5));
  const [listed] = await worst.list(folder);
  const path = listed!.overlay!;
  const drawn = await decodeImage(await Deno.readFile(path), path);
  // Four panels and three gaps.
  assertEquals(drawn.width, 4 * size.width + 12);
});
