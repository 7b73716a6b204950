import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, synthesize } from "@unet/data";
import { FileError } from "@unet/errors";
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
