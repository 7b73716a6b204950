import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeImage, encodePng } from "@unet/data";
import { assertDone, createPlace, type Place } from "./_unet.ts";

/** A network and images so small that an epoch takes a moment. */
const tiny = [
  ...["--tile", "64", "--width", "0.02", "--epochs", "2", "--batch", "4"],
  ...["--device", "wasm", "--workers", "0"],
];

/** The folder in which the commands run one after the other. */
let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

async function imageAt(path: string) {
  return await decodeImage(await Deno.readFile(path), path);
}

Deno.test("synth draws images that check finds nothing wrong with", async () => {
  assertDone(
    await place.unet(["synth", "drawn", "--count", "8", "--size", "64"]),
  );
  const table = await place.unet(["check", "drawn"]);
  assertDone(table);
  assertMatch(table.stdout, /^Modality +Size +Images +Nuclei\n/);
  assertMatch(
    table.stdout,
    /\n8 images \(kaggle layout\), 8 usable, \d+ nuclei; 0 errors, 0 warnings\n$/,
  );
  const json = await place.unet(["check", "drawn", "--json"]);
  assertDone(json);
  const report = JSON.parse(json.stdout);
  assertEquals([report.images, report.usable, report.errors], [8, 8, 0]);
});

Deno.test("train leaves a run folder with all that it promises", async () => {
  const ended = await place.unet([
    ...["train", "--data", "drawn", "--out", "runs/first", ...tiny],
  ]);
  assertDone(ended);
  const lines = ended.stdout.trimEnd().split("\n");
  assertEquals(lines[0], "Device: wasm (float32)");
  assertMatch(lines[1]!, /^Data: 6 images .* 2 to validate on/);
  assertEquals(lines.filter((line) => /^Epoch [12]\/2 /.test(line)).length, 2);
  assertMatch(lines.at(-1)!, /^Best: epoch [12], validation F1 0\.\d{4}; /);

  const names = [...Deno.readDirSync(place.at("runs/first"))]
    .map(({ name }) => name).sort();
  assertEquals(names, [
    ...["best", "config.json", "curves.svg", "last", "metrics.csv"],
    ...["samples", "split.json"],
  ]);
  for (const folder of ["best", "last"]) {
    assertEquals(
      [...Deno.readDirSync(place.at("runs/first", folder))]
        .map(({ name }) => name).sort(),
      ["model.safetensors", "optimizer.safetensors", "state.json"],
    );
  }
  const read = (name: string): string =>
    Deno.readTextFileSync(place.at("runs/first", name));
  const { settings } = JSON.parse(read("config.json"));
  assertEquals([settings.width, settings.epochs, settings.tile], [0.02, 2, 64]);
  const split = JSON.parse(read("split.json"));
  assertEquals([split.train.length, split.validation.length], [6, 2]);
  const [header, ...rows] = read("metrics.csv").trimEnd().split("\n");
  assertMatch(header!, /^epoch,step,loss,validationLoss,f1,/);
  assertEquals(rows.map((row) => row.split(",", 2).join()), ["1,2", "2,4"]);
  assertMatch(read("curves.svg"), /^<svg [\s\S]*<\/svg>\s*$/);
  const sample = await imageAt(place.at("runs/first/samples/01.png"));
  // Four panels, enlarged three times, with captions and a legend.
  assertEquals([sample.width, sample.height], [4 * 192 + 12, 192 + 2 * 17]);
});

Deno.test("evaluate prints its scores, for people and for programs", async () => {
  const run = ["evaluate", "--model", "runs/first", "--device", "wasm"];
  const json = await place.unet([...run, "--data", "drawn", "--json"]);
  assertDone(json);
  const { images, pixels, perImage, instances, modalities, ...others } = JSON
    .parse(json.stdout);
  const { diameters, ...rest } = others;
  assertEquals(rest, { threshold: 0.5 });
  assertEquals(json.stderr, "");
  // Every image was measured, and none is of a size that the model lacks.
  assertEquals(diameters.length, 8);
  for (const { scale } of diameters) assertEquals(scale, 1);
  assertEquals(images, 8);
  assertEquals(Object.keys(pixels), ["f1", "iou", "precision", "recall"]);
  assertEquals(Object.keys(perImage), ["f1"]);
  const { averagePrecisions, errors, ...single } = instances;
  assertEquals(Object.keys(single), [
    "ap50",
    "f1",
    "precision",
    "recall",
    "panopticQuality",
    "aggregatedJaccard",
    "meanAveragePrecision",
  ]);
  assertEquals(averagePrecisions["0.5"], single.ap50);
  assertEquals(Object.keys(averagePrecisions).length, 9);
  assertEquals(Object.keys(errors.truth), [
    ...["joined", "cut", "missed", "outline"],
  ]);
  assertEquals(Object.keys(errors.prediction), [
    ...["joined", "cut", "false", "outline"],
  ]);
  const parts = Object.values<{ images: number }>(modalities);
  assertEquals(parts.reduce((sum, { images }) => sum + images, 0), 8);
  for (const scores of [pixels, perImage, single, averagePrecisions]) {
    for (const score of Object.values(scores) as number[]) {
      assert(score >= 0 && score <= 1, json.stdout);
    }
  }
  const table = await place.unet([...run, "--data", "drawn"]);
  assertDone(table);
  assert(table.stdout.includes(pixels.f1.toFixed(4)), table.stdout);
  assertMatch(table.stdout, /^Instances +Images +AP 0\.5 .* PQ +AJI$/m);
  assertMatch(table.stdout, /^No match at IoU 0\.5 +True: joined .* outline$/m);
});

Deno.test("evaluate --diameter auto prints what it measured as JSON alone, and leaves a size that the model knows", async () => {
  const ended = await place.unet([
    ...["evaluate", "--model", "runs/first", "--device", "wasm"],
    ...["--data", "drawn", "--diameter", "auto", "--json"],
  ]);
  assertDone(ended);
  assertEquals(ended.stderr, "");
  const { diameters } = JSON.parse(ended.stdout);
  assertEquals(diameters.length, 8);
  for (const { scale } of diameters) assertEquals(scale, 1);
});

Deno.test("evaluate scores the part of the images that the run validated on", async () => {
  const run = ["evaluate", "--model", "runs/first", "--device", "wasm"];
  const ended = await place.unet([
    ...[...run, "--data", "drawn", "--part", "validation", "--json"],
  ]);
  assertDone(ended);
  const scores = JSON.parse(ended.stdout);
  assertEquals(scores.images, 2);
  // A tile is a whole image here, so the training scored the same pixels; a
  // window sees them mirrored around it, and a young network uses that.
  const best = JSON.parse(
    Deno.readTextFileSync(place.at("runs/first/best/state.json")),
  ).best;
  assert(
    Math.abs(scores.pixels.f1 - best.f1) < 0.05,
    `${scores.pixels.f1} ${best.f1}`,
  );
});

Deno.test("segment writes masks of each image's exact size, in both contexts", async () => {
  const sizes: Record<string, readonly [number, number]> = {
    "one.png": [1, 1],
    "odd.png": [65, 33],
    "deep/larger.png": [151, 40],
  };
  for (const [name, [width, height]] of Object.entries(sizes)) {
    const data = Uint8Array.from(
      { length: width * height },
      (_, at) => (at * 7) % 256,
    );
    Deno.mkdirSync(place.at("cells/deep"), { recursive: true });
    await Deno.writeFile(
      place.at("cells", name),
      await encodePng({ width, height, channels: 1, depth: 8, data }),
    );
  }
  for (const context of ["neighbors", "reflect"]) {
    const ended = await place.unet([
      ...["segment", "cells", "--model", "runs/first", "--device", "wasm"],
      ...["--out", context, "--context", context, "--overlay"],
    ]);
    assertDone(ended);
    assertMatch(
      ended.stdout,
      /\n3 images segmented, 0 skipped, 0 failed, [\d.]+ s\n$/,
    );
    for (const [name, [width, height]] of Object.entries(sizes)) {
      const mask = await imageAt(place.at(context, name));
      assertEquals(
        [mask.width, mask.height, mask.channels, mask.depth],
        [width, height, 1, 8],
      );
      assert(mask.data.every((value) => value === 0 || value === 255));
      const overlay = await imageAt(
        place.at(context, name.replace(".png", "_overlay.png")),
      );
      assertEquals([overlay.width, overlay.height], [width, height]);
    }
  }
});

Deno.test("segment works from the run, from best/ alone, and from the model file alone", async () => {
  await Deno.mkdir(place.at("elsewhere/best"), { recursive: true });
  for (const name of Deno.readDirSync(place.at("runs/first/best"))) {
    await Deno.copyFile(
      place.at("runs/first/best", name.name),
      place.at("elsewhere/best", name.name),
    );
  }
  await Deno.copyFile(
    place.at("runs/first/best/model.safetensors"),
    place.at("elsewhere/alone.safetensors"),
  );
  const masks: Uint8Array[] = [];
  for (
    const [out, model] of [
      ["by-run", "runs/first"],
      ["by-best", "elsewhere/best"],
      ["by-file", "elsewhere/alone.safetensors"],
    ] as const
  ) {
    assertDone(
      await place.unet([
        ...["segment", "cells/odd.png", "--model", model, "--out", out],
        ...["--device", "wasm"],
      ]),
    );
    masks.push(await Deno.readFile(place.at(out, "odd.png")));
  }
  assertEquals(masks[1], masks[0]);
  assertEquals(masks[2], masks[0]);
});

Deno.test("summary lists the layers of the model that was trained", async () => {
  const ended = await place.unet(["summary", "runs/first", "--size", "64"]);
  assertDone(ended);
  assertMatch(ended.stdout, /\n27 convolutions, /);
  assertMatch(ended.stdout, /"width":0\.02/);
});

Deno.test("train starts from the weights of a run, and says which network that is", async () => {
  const settings = ["--tile", "64", "--epochs", "1", "--device", "wasm"];
  assertDone(
    await place.unet([
      ...["train", "--data", "drawn", "--weights", "runs/first"],
      ...["--out", "runs/second", "--lr", "0", ...settings],
    ]),
  );
  const { settings: { width } } = JSON.parse(
    Deno.readTextFileSync(place.at("runs/second/config.json")),
  );
  assertEquals(width, 0.02);
  const resumed = await place.unet([
    ...["train", "--resume", "runs/second", "--epochs", "2"],
  ]);
  assertDone(resumed);
  assertMatch(resumed.stdout, /\nContinues after epoch 1, step 1\n/);
});
