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

Deno.test("saveObjects() gives each object the class that its pixels vote for, of what was kept row by row", async () => {
  const names = ["background", "even", "odd"];
  const folder = join(await Deno.makeTempDir(), "kept");
  const classes = Float32Array.from(
    { length: 3 * width * height },
    (_, at) => {
      const label = drawn!.labels.data[Math.floor(at / 3)]!;
      return at % 3 === 1 + label % 2 ? 0.7 : 0.15;
    },
  );
  await keepPrediction(
    folder,
    {
      ...{ width, height, heads: ["object"], model: "drawn", settings },
      classes: names,
    },
    (async function* () {
      for (const [y, rows] of [[0, 40], [40, height - 40]] as const) {
        const from = y * width, to = (y + rows) * width;
        const planes = {
          object: object.subarray(from, to),
          classes: classes.subarray(3 * from, 3 * to),
        };
        yield { y, width, height: rows, planes };
      }
    })(),
  );
  const kept = (await KeptPrediction.open(folder))!;
  const part = { x: 7, y: 39, width: 2, height: 2 };
  const expected = [39, 40].flatMap((y) => [
    ...classes.subarray(3 * (y * width + 7), 3 * (y * width + 9)),
  ]);
  assertEquals([...await kept.read("classes", part)], expected);
  const found = new Map<number, string>();
  await saveObjects(kept, join(folder, "a.tif"), {
    settings,
    onClass: (label, name) => found.set(label, name),
  });
  const instances = findInstances(
    { width, height, planes: { object, classes } },
    settings,
    { classes: { name: "classes", channels: 3 } },
  );
  assertEquals(
    [...found],
    instances.map((one) => [one.label, names[one.class!]!]),
  );
  assertEquals(new Set(found.values()), new Set(["even", "odd"]));
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
