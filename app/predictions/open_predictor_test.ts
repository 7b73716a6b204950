import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, synthesize } from "@unet/data";
import { openDevice } from "@unet/device";
import { FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { createModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { objectTask } from "@unet/task";
import { segment } from "../segment.ts";
import { openPredictor } from "./open_predictor.ts";
import { saveObjects } from "./save_objects.ts";

Deno.test("openPredictor() finds the objects that segment() finds", async () => {
  const folder = await Deno.makeTempDir();
  const [drawn] = synthesize({ count: 1, width: 150, height: 120, seed: 7 });
  const path = join(folder, "a.png");
  await Deno.writeFile(path, await encodePng(drawn!.image));
  await segment([path], {
    ...{ model: "nuclei", out: join(folder, "out"), device: "wasm" },
    formats: ["labels"],
  });
  await using predictor = await openPredictor({
    ...{ model: "nuclei", device: "wasm" },
  });
  const shares: number[] = [];
  const kept = await predictor.predict(path, join(folder, "kept"), {
    onProgress: (done, total) => shares.push(done / total),
  });
  assertEquals(shares.at(-1), 1);
  assertEquals(kept.info.model, "nuclei");
  const mask = join(folder, "a.tif"), { settings } = kept.info;
  assert(await saveObjects(kept, mask, { settings }) > 3);
  const labels = async (
    file: string,
  ) => [...(await decodeImage(await Deno.readFile(file), file)).data];
  assertEquals(
    await labels(mask),
    await labels(join(folder, "out/a_labels.tif")),
  );
  const signal = AbortSignal.abort(new Error("ended"));
  await assertRejects(
    () => predictor.predict(path, join(folder, "kept"), { signal }),
    Error,
    "ended",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openPredictor() refuses a model that is not there", async () => {
  await assertRejects(() => openPredictor({ model: "none" }), FileError);
});

Deno.test("openPredictor() keeps the classes of objects, by which saveObjects() names those that segment() names", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "a.png");
  const [drawn] = synthesize({ count: 1, width: 96, height: 64, seed: 7 });
  await Deno.writeFile(path, await encodePng(drawn!.image));
  const file = join(folder, "model.safetensors");
  const computing = await openDevice("cpu");
  const task = objectTask({ classes: ["background", "tumor", "stroma"] });
  const network = createModel({ width: 0.02, task }, createRandom(3));
  await writeFile(file, await encodeModel(network, {}));
  network.dispose();
  await computing.close();
  const model = { model: file, device: "wasm" } as const;
  // An untrained network is unsure everywhere.
  const choices = { threshold: 0.48, minimalArea: 0, maximalHole: 0 };
  const out = join(folder, "out");
  await segment([path], { ...model, ...choices, out, formats: ["csv"] });
  const lines = (await Deno.readTextFile(join(out, "a.csv"))).trim()
    .split(/\r?\n/).map((line) => line.split(","));
  const column = lines[0]!.indexOf("class");
  await using predictor = await openPredictor(model);
  const kept = await predictor.predict(path, join(folder, "kept"));
  assertEquals(kept.info.classes, ["background", "tumor", "stroma"]);
  const found = new Map<number, string>();
  await saveObjects(kept, join(folder, "a.tif"), {
    settings: { ...kept.info.settings, ...choices },
    onClass: (label, name) => found.set(label, name),
  });
  const expected = lines.slice(1)
    .map((cells) => [Number(cells[0]), cells[column]]);
  assert(expected.length > 0);
  assertEquals([...found].sort(([a], [b]) => a - b), expected);
  await Deno.remove(folder, { recursive: true });
});
