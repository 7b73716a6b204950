import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "@unet/data";
import { ProbabilityTiff } from "./probability_tiff.ts";

const path = `${await Deno.makeTempDir()}/a.tif`;
const probability = Float32Array.from(
  { length: 40 * 30 },
  (_, i) => i / (40 * 30 - 1),
);

Deno.test("ProbabilityTiff rounds to 255 steps by default", async () => {
  await using tiff = await ProbabilityTiff.open(path, {
    width: 40,
    height: 30,
  });
  await tiff.writeRows(probability.subarray(0, 400));
  await tiff.writeRows(probability.subarray(400));
  await tiff.finish();
  const { data } = await decodeImage(await Deno.readFile(path), path);
  assertEquals(
    data,
    Uint8Array.from(probability, (value) => Math.round(255 * value)),
  );
});

Deno.test("ProbabilityTiff keeps floats where it is asked to", async () => {
  await using tiff = await ProbabilityTiff.open(path, {
    ...{ width: 40, height: 30, depth: 32, pyramid: true },
  });
  await tiff.writeRows(probability);
  await tiff.finish();
  const { data } = await decodeImage(await Deno.readFile(path), path);
  assertEquals(data, probability);
});

Deno.test("ProbabilityTiff refuses what is no probability", async () => {
  await using tiff = await ProbabilityTiff.open(path, { width: 2, height: 1 });
  for (const wrong of [NaN, -0.5, 1.5, Infinity]) {
    await assertRejects(
      () => tiff.writeRows(new Float32Array([0, wrong])),
      RangeError,
      `Cannot write probabilities: found ${wrong}, expected 0…1`,
    );
  }
});
