import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, type Image, synthesize } from "@unet/data";
import { UsageError } from "@unet/errors";
import { openSegmenter, type Segmenter } from "./open_segmenter.ts";
import { segment } from "./segment.ts";

const opening = { model: "nuclei", device: "wasm" };

let segmenter: Segmenter, folder = "", image: Image, path = "";

Deno.test.beforeAll(async () => {
  segmenter = await openSegmenter(opening);
  folder = await Deno.makeTempDir();
  const [drawn] = synthesize({ count: 1, width: 96, height: 80, seed: 7 });
  image = drawn!.image;
  path = join(folder, "a.png");
  await Deno.writeFile(path, await encodePng(image));
});

Deno.test.afterAll(async () => {
  await segmenter[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

const bytesOf = (name: string) => Deno.readFile(join(folder, name));

Deno.test("openSegmenter() writes the bytes that segment() writes, one image after the other", async () => {
  const formats = ["png", "labels", "geojson", "csv"] as const;
  const choices = { formats, minimalArea: 40, threshold: 0.6 };
  await segment([path], { ...opening, ...choices, out: join(folder, "once") });
  for (const out of ["first", "second"]) {
    await segmenter.segment([path], { ...choices, out: join(folder, out) });
    for (const name of ["a.png", "a_labels.tif", "a.geojson", "a.csv"]) {
      const expected = await bytesOf(`once/${name}`);
      assertEquals(await bytesOf(`${out}/${name}`), expected, name);
    }
  }
});

Deno.test("openSegmenter() finds in memory what segment() finds of an image that is not rescaled", async () => {
  const out = join(folder, "off");
  await segmenter.segment([path], {
    ...{ out, formats: ["labels"], diameter: "off", minimalArea: 30 },
  });
  const { data } = await decodeImage(await bytesOf("off/a_labels.tif"), "a");
  const planes = await segmenter.predict(image);
  assertEquals(Object.keys(planes.planes), ["object", "border"]);
  const found = segmenter.find(planes, { out: "", minimalArea: 30 });
  assert(found.data.some((label) => label > 2));
  assert(found.data.every((label, at) => label === data[at]));
});

Deno.test("openSegmenter() ends a prediction whose signal is aborted", async () => {
  const signal = AbortSignal.abort(new Error("gone"));
  await assertRejects(() => segmenter.predict(image, signal), Error, "gone");
});

Deno.test("openSegmenter() sees what an image leaves open", async () => {
  assertEquals(await segmenter.look(path, { out: "" }), {
    ...{ width: 96, height: 80, planes: 1, notes: [] },
  });
  await assertRejects(
    () => segmenter.look(path, { out: "", channels: [0, 1] }),
    UsageError,
    "channels",
  );
});

Deno.test("openSegmenter() gives each pixel the class that segment() gives it", async () => {
  await using axons = await openSegmenter({ model: "axons", device: "wasm" });
  assertEquals([axons.finding, axons.device.name], ["classes", "wasm"]);
  const out = join(folder, "classes");
  await axons.segment([path], { out, formats: ["tiff"], channel: null });
  const { data } = await decodeImage(await bytesOf("classes/a.tif"), "a");
  const planes = await axons.predict(image);
  const found = axons.find(planes, { out: "" });
  assert(found.data.every((number, at) => number === data[at]));
  assert(found.data.some((number) => number > 0));
  assertThrows(
    () => axons.find(planes, { out: "", threshold: 0.5 }),
    UsageError,
  );
});
