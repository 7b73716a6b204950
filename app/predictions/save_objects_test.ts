import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, synthesize } from "@unet/data";
import { findInstances, labelsOf } from "@unet/infer/instances";
import { keepPrediction, KeptPrediction } from "./kept_prediction.ts";
import { saveObjects } from "./save_objects.ts";

const [drawn] = synthesize({ count: 1, width: 200, height: 150, seed: 5 });
const { width, height } = drawn!.labels;
const object = Float32Array.from(
  drawn!.labels.data,
  (label) => label > 0 ? 0.9 : 0.1,
);
const settings = {
  ...{ threshold: 0.5, minimalArea: 30, maximalHole: 5 },
  ...{ depth: 1, smoothing: 1, borderWeight: 5 },
};

async function kept(scale?: number): Promise<KeptPrediction> {
  const folder = join(await Deno.makeTempDir(), "kept");
  const scaled = scale && { diameter: 20, scale };
  await keepPrediction(
    folder,
    {
      ...{ width, height, heads: ["object"], model: "drawn", settings },
      ...(scaled && { scaled }),
    },
    (async function* () {
      yield { y: 0, width, height, planes: { object } };
    })(),
  );
  return (await KeptPrediction.open(folder))!;
}

Deno.test("saveObjects() saves the objects that findInstances() finds", async () => {
  const path = join(await Deno.makeTempDir(), "masks", "a.tif");
  const objects = await saveObjects(await kept(), path, { settings });
  const planes = { width, height, planes: { object } };
  const instances = findInstances(planes, settings);
  assertEquals(objects, instances.length);
  const { data, depth } = await decodeImage(await Deno.readFile(path), path);
  assertEquals(depth, 16);
  assertEquals([...data], [...labelsOf(instances, width, height).data]);
});

Deno.test("saveObjects() takes areas in pixels of the image, at whatever size the network saw it", async () => {
  const path = join(await Deno.makeTempDir(), "a.tif");
  const areas = findInstances({ width, height, planes: { object } }, settings)
    .map(({ mask }) => mask.filter((one) => one === 1).length)
    .sort((a, b) => a - b);
  const minimalArea = areas[areas.length >> 1]!;
  const large = { ...settings, minimalArea, depth: 100 };
  const alone = await saveObjects(await kept(), path, { settings: large });
  const half = await saveObjects(await kept(0.5), path, { settings: large });
  assertEquals(half, alone);
});

Deno.test("saveObjects() refuses settings that cannot be, and leaves the mask when it is ended", async () => {
  const path = join(await Deno.makeTempDir(), "a.tif");
  await Deno.writeTextFile(path, "a mask");
  await assertRejects(
    async () =>
      await saveObjects(await kept(), path, {
        settings: { ...settings, threshold: 2 },
      }),
    RangeError,
  );
  const signal = AbortSignal.abort(new Error("ended"));
  await assertRejects(
    async () => await saveObjects(await kept(), path, { settings, signal }),
    Error,
    "ended",
  );
  assertEquals(await Deno.readTextFile(path), "a mask");
});
