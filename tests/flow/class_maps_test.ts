import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeImage, encodePng } from "@unet/data";
import { classColor } from "@unet/infer/outputs";
import { createModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { classTask } from "@unet/task";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

const classes = ["background", "axon", "myelin"];

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  await tf.setBackend("cpu");
  // Not trained: what it finds does not matter here.
  const task = classTask({ classes });
  const model = createModel({ width: 0.02, task }, createRandom(0));
  const pieces = await encodeModel(model);
  model.dispose();
  await Deno.writeFile(
    place.at("nerves.safetensors"),
    new Uint8Array(await new Blob(pieces).arrayBuffer()),
  );
  const data = Uint8Array.from({ length: 40 * 30 }, (_, at) => (at * 7) % 256);
  const image = { width: 40, height: 30, channels: 1, depth: 8, data } as const;
  await Deno.writeFile(place.at("a.png"), await encodePng(image));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const model = ["--model", "nerves.safetensors", "--device", "wasm"];

Deno.test("segment writes a class map, its areas and a line with each class's share", async () => {
  const ended = await place.unet([
    ...["segment", "a.png", "--out", "maps", "--format", "png,csv"],
    ...["--overlay", "--summary", ...model],
  ]);
  assertDone(ended);
  assertMatch(
    ended.stdout,
    /40×30 px, axon [\d.]+ %, myelin [\d.]+ %, [\d.]+ s\n/,
  );
  assertMatch(ended.stdout, /Table: .*, 3 class areas of 1 image\n/);
  const path = place.at("maps/a.png");
  const { data } = await decodeImage(await Deno.readFile(path), path);
  const colors = classes.map((_, number) => `${classColor(number)}`);
  const areas = classes.map(() => 0);
  for (let at = 0; at < data.length; at += 3) {
    const number = colors.indexOf(`${data.subarray(at, at + 3)}`);
    assert(number >= 0);
    areas[number]!++;
  }
  const [, ...rows] = (await Deno.readTextFile(place.at("maps/a.csv"))).trim()
    .split("\r\n");
  assertEquals(
    rows.map((row) => row.split(",").slice(0, 3)),
    classes.map((name, number) => [name, `${number}`, `${areas[number]}`]),
  );
});

Deno.test("segment refuses formats and flags of objects for a model of classes", async () => {
  const fault = async (...flags: string[]) =>
    faultOf(await place.unet(["segment", "a.png", ...model, ...flags]), 2);
  assertEquals(
    await fault("--instances"),
    'Cannot write format "labels": found a network that predicts a class per ' +
      "pixel and no instances, expected png, tiff, probability, " +
      "overlay, ome-zarr, geojson, roi, csv",
  );
  assertEquals(
    await fault("--threshold", "0.5"),
    'Cannot use flag "--threshold": found a model that predicts a class per ' +
      "pixel, expected a model that finds objects; leave out " +
      "--threshold",
  );
});

Deno.test("merge sums up the classes of shards", async () => {
  for (const part of ["1/2", "2/2"]) {
    assertDone(
      await place.unet([
        ...["segment", "a.png", "--out", "shards", "--format", "png,csv"],
        ...["--shard", part, ...model],
      ]),
    );
  }
  const ended = await place.unet(["merge", "shards"]);
  assertDone(ended);
  assertMatch(ended.stdout, /\naxon: [\d,]+ pixels\n/);
  const { classes: sums } = JSON.parse(
    await Deno.readTextFile(place.at("shards/summary.json")),
  );
  assertEquals(sums.map(({ name }: { name: string }) => name), classes);
});

Deno.test("export writes ONNX with the classes' names, and refuses a threshold for them", async () => {
  const named = ["export", ...model.slice(0, 2), "--format", "onnx"];
  assertDone(await place.unet([...named, "--out", "nerves.onnx"]));
  const text = await Deno.readTextFile(place.at("nerves.onnx"));
  assert(text.includes(JSON.stringify(classes)));
  assert(text.includes("class_map"));
  assertEquals(
    faultOf(
      await place.unet([
        ...[...named, "--out", "other.onnx", "--threshold", "0.3"],
      ]),
      2,
    ),
    'Cannot use flag "--threshold": found a model that predicts a class per ' +
      "pixel, expected a model that finds objects; leave out " +
      "--threshold",
  );
});
