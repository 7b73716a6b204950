import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import type { Band } from "@unet/infer";
import {
  keepPrediction,
  KeptPrediction,
  mostKeptPixels,
} from "./kept_prediction.ts";

const info = {
  ...{ width: 4, height: 3, heads: ["object", "border"], model: "a" },
  settings: {
    ...{ threshold: 0.5, minimalArea: 9, maximalHole: 9 },
    ...{ depth: 1, smoothing: 1, borderWeight: 5 },
  },
};

async function* bands(sign = 1): AsyncGenerator<Band> {
  for (const [y, height] of [[0, 1], [1, 2]] as const) {
    const object = Float32Array.from(
      { length: 4 * height },
      (_, at) => sign * (4 * y + at),
    );
    const border = object.map((value) => value + 100);
    yield { y, width: 4, height, planes: { object, border } };
  }
}

Deno.test("KeptPrediction reads any part of what was kept", async () => {
  const folder = join(await Deno.makeTempDir(), "a");
  assertEquals(await KeptPrediction.open(folder), null);
  await keepPrediction(folder, info, bands());
  const kept = (await KeptPrediction.open(folder))!;
  assertEquals(kept.info, info);
  const read = async (
    head: string,
    x: number,
    y: number,
    w: number,
    h: number,
  ) => [...await kept.read(head, { x, y, width: w, height: h })];
  assertEquals(await read("object", 0, 0, 4, 3), [...Array(12).keys()]);
  assertEquals(await read("object", 1, 1, 2, 2), [5, 6, 9, 10]);
  assertEquals(await read("border", 3, 2, 1, 1), [111]);
  for (
    const [head, x, width] of [["object", 3, 2], ["other", 0, 1], [
      "border",
      0,
      0,
    ]]
      .concat([["../prediction", 0, 1]]) as [string, number, number][]
  ) await assertRejects(() => read(head, x, 0, width, 1), RangeError);
  await Deno.truncate(join(folder, "object.f32"), 8);
  await assertRejects(
    () => read("object", 0, 0, 4, 3),
    FileError,
    "found a file that is cut off; predict the image again",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("keepPrediction() leaves what was there where the work fails", async () => {
  const folder = join(await Deno.makeTempDir(), "a");
  await keepPrediction(folder, info, bands());
  const broken = async function* (): AsyncGenerator<Band> {
    for await (const band of bands(-1)) {
      if (band.y > 0) throw new Error("broken");
      yield band;
    }
  };
  await assertRejects(() => keepPrediction(folder, info, broken()), Error);
  const kept = (await KeptPrediction.open(folder))!;
  const part = { x: 1, y: 0, width: 1, height: 1 };
  assertEquals([...await kept.read("object", part)], [1]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("keepPrediction() refuses an image that would fill the disk", async () => {
  const folder = join(await Deno.makeTempDir(), "a");
  const large = { ...info, width: mostKeptPixels, height: 2 };
  await assertRejects(
    () => keepPrediction(folder, large, bands()),
    FileError,
    "segment it by the command unet segment",
  );
});
