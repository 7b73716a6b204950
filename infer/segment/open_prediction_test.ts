import { assertEquals, assertRejects } from "@std/assert";
import { encodePng, synthesize } from "@unet/data";
import { FileError } from "@unet/errors";
import { red } from "../fixtures/red.ts";
import { segmentImage } from "../windows/segment_image.ts";
import { openPrediction } from "./open_prediction.ts";

Deno.test("openPrediction() gives what segmentImage() gives of the decoded image", async () => {
  const [drawn] = synthesize({ count: 1, width: 300, height: 280, seed: 1 });
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeFile(path, await encodePng(drawn!.image));
  {
    const progress: number[] = [];
    await using opened = await openPrediction(path, red, {
      onProgress: (done, total) => progress.push(done / total),
    });
    assertEquals([opened.width, opened.height], [300, 280]);
    const bands = await Array.fromAsync(opened.bands());
    const { planes } = await segmentImage(drawn!.image, red);
    const values = bands.flatMap((band) => [...band.planes.object!]);
    assertEquals(values, [...planes.object!]);
    assertEquals(progress.at(-1), 1);
  }
  await Deno.remove(path);
});

Deno.test("openPrediction() refuses a file that is no image", async () => {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeTextFile(path, "no image");
  await assertRejects(() => openPrediction(path, red), FileError);
  await Deno.remove(path);
});
