import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { heatTile } from "./heat_tile.ts";
import { keepPrediction, KeptPrediction } from "./kept_prediction.ts";

const width = 700, height = 520;
const object = Float32Array.from(
  { length: width * height },
  (_, at) => (at % width % 16 + Math.floor(at / width) % 16) / 30,
);

async function kept(): Promise<KeptPrediction> {
  const folder = join(await Deno.makeTempDir(), "kept");
  const settings = {
    ...{ threshold: 0.5, minimalArea: 1, maximalHole: 1 },
    ...{ depth: 1, smoothing: 1, borderWeight: 5 },
  };
  await keepPrediction(
    folder,
    {
      ...{ width, height, heads: ["object"], model: "drawn", settings },
    },
    (async function* () {
      yield { y: 0, width, height, planes: { object } };
    })(),
  );
  return (await KeptPrediction.open(folder))!;
}

Deno.test("heatTile() gives probabilities of all pixels, or of those in the middle of what a pixel covers", async () => {
  const prediction = await kept();
  const valueAt = (x: number, y: number) =>
    Math.round(255 * object[y * width + x]!);
  const full = await heatTile(prediction, { level: 0, x: 1, y: 1 });
  assertEquals([full.width, full.height], [188, 8]);
  for (const [x, y] of [[0, 0], [187, 7], [20, 3]] as const) {
    assertEquals(full.data[y * 188 + x], valueAt(512 + x, 512 + y));
  }
  const half = await heatTile(prediction, { level: 1, x: 0, y: 0 });
  assertEquals([half.width, half.height], [350, 260]);
  for (const [x, y] of [[0, 0], [349, 259], [17, 101]] as const) {
    assertEquals(half.data[y * 350 + x], valueAt(2 * x + 1, 2 * y + 1));
  }
});

Deno.test("heatTile() refuses tiles that are not there", async () => {
  const prediction = await kept();
  for (
    const place of [
      { level: 2, x: 0, y: 0 },
      { level: 0, x: 2, y: 0 },
      { level: 1, x: 0, y: 1 },
    ]
  ) await assertRejects(() => heatTile(prediction, place), RangeError);
});
