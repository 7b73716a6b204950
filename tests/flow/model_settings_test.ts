import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
} from "@std/assert";
import { decodeImage } from "@unet/data";
import { decodeModel, floatValues, serializeSafetensors } from "@unet/model";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  const drawn = ["synth", "drawn", "--count", "8", "--size", "48"];
  assertDone(await place.unet(drawn));
  assertDone(
    await place.unet([
      ...["train", "--data", "drawn", "--out", "run", "--tile", "32"],
      ...["--width", "0.02", "--epochs", "1", "--batch", "4", "--test", "0.3"],
      ...["--device", "wasm", "--workers", "0"],
    ]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** What evaluate says of the images that the run never saw. */
async function scoresOf(...flags: string[]) {
  const ended = await place.unet([
    ...["evaluate", "--run", "run", "--part", "test", "--json"],
    ...["--device", "wasm", ...flags],
  ]);
  assertDone(ended);
  return JSON.parse(ended.stdout);
}

Deno.test("evaluate scores a run's test part with the run alone, and draws the worst images", async () => {
  const { test } = JSON.parse(
    Deno.readTextFileSync(place.at("run/split.json")),
  );
  const scores = await scoresOf("--worst", "2", "--overlays", "failures");
  assertEquals(scores.images, test.length);
  assertEquals(scores.worst.length, 2);
  const [first, second] = scores.worst;
  assert(first.f1 <= second.f1);
  for (const { id, overlay } of scores.worst) {
    assert(test.includes(id));
    const bytes = await Deno.readFile(place.at(overlay));
    const { width, channels } = await decodeImage(bytes, overlay);
    assertEquals([width, channels], [192, 3]);
  }
  const ended = await place.unet([
    ...["evaluate", "--run", "run", "--part", "test", "--device", "wasm"],
    ...["--worst", "1"],
  ]);
  assertDone(ended);
  assertMatch(
    ended.stdout,
    /^Worst images +Modality +F1 +AP 0\.5 +Objects +Found$/m,
  );
});

Deno.test("evaluate finds a threshold on validation images, which export keeps and evaluate and segment take", async () => {
  const ended = await place.unet([
    ...["evaluate", "--model", "run", "--data", "drawn", "--device", "wasm"],
    ...["--part", "validation", "--find-threshold", "--json"],
  ]);
  assertDone(ended);
  const { threshold, pixels, bestThreshold } = JSON.parse(ended.stdout);
  assertEquals(threshold, 0.5);
  assert(bestThreshold.f1 >= pixels.f1);
  const chosen = String(bestThreshold.threshold);
  const out = "half/model.safetensors";
  assertDone(
    await place.unet([
      ...["export", "run", "--format", "safetensors", "--dtype", "bf16"],
      ...["--threshold", chosen, "--min-area", "0", "--out", out],
    ]),
  );
  const summary = await place.unet(["summary", "half"]);
  assertMatch(summary.stdout, new RegExp(`^Threshold: ${chosen}$`, "m"));
  assertMatch(summary.stdout, /^Instances: minimalArea 0$/m);
  const ratio = Deno.statSync(place.at(out)).size /
    Deno.statSync(place.at("run/best/model.safetensors")).size;
  assert(ratio < 0.7, `${ratio}`);
  // The split is the run's, the model another.
  const kept = await scoresOf("--model", "half");
  const given = await scoresOf(
    ...["--model", "half", "--threshold", chosen, "--min-area", "0"],
  );
  assertEquals(kept, given);
  assertEquals(kept.threshold, bestThreshold.threshold);
  const [image] = [...Deno.readDirSync(place.at("drawn"))];
  const path = `drawn/${image!.name}/images/${image!.name}.png`;
  const masks: Uint8Array[] = [];
  const line = `\nThreshold: ${chosen}, as the model's card has it\n`;
  for (const flags of [[], ["--threshold", chosen], ["--threshold", "0.999"]]) {
    const out = `masks-${masks.length}`;
    const ended = await place.unet([
      ...["segment", path, "--model", "half", "--device", "wasm"],
      ...["--out", out, ...flags],
    ]);
    assertDone(ended);
    assertEquals(ended.stdout.includes(line), flags.length === 0);
    masks.push(await Deno.readFile(place.at(out, `${image!.name}.png`)));
  }
  assertEquals(masks[0], masks[1]);
  assert(`${masks[0]}` !== `${masks[2]}`);
});

Deno.test("a model of 8-bit kernels is a quarter of the size, and every command takes it", async () => {
  const out = "quarter/model.safetensors";
  const flags = ["--format", "safetensors", "--dtype", "int8", "--out", out];
  assertDone(await place.unet(["export", "run", ...flags]));
  const ratio = Deno.statSync(place.at(out)).size /
    Deno.statSync(place.at("run/best/model.safetensors")).size;
  assert(ratio < 0.45, `${ratio}`);
  const [own, quarter] = [
    await scoresOf("--model", "run"),
    await scoresOf("--model", "quarter"),
  ];
  assertAlmostEquals(quarter.pixels.f1, own.pixels.f1, 0.02);
  assertMatch(
    (await place.unet(["summary", "quarter"])).stdout,
    /^Starts from: /m,
  );
  const [image] = [...Deno.readDirSync(place.at("drawn"))];
  const path = `drawn/${image!.name}/images/${image!.name}.png`;
  for (
    const args of [
      ["segment", path, "--model", "quarter", "--device", "wasm"],
      ["calibrate", "--model", "quarter", "--data", "drawn", "--images", "1"],
      ["export", "quarter", "--format", "onnx"],
    ]
  ) assertDone(await place.unet(args));
  const training = ["train", "--data", "drawn", "--weights", "quarter"];
  assertDone(
    await place.unet([
      ...[...training, "--tile", "32", "--epochs", "1", "--batch", "4"],
      ...["--device", "wasm", "--workers", "0"],
    ]),
  );
});

Deno.test("export refuses weights that half the bytes cannot hold", async () => {
  const path = place.at("run/best/model.safetensors");
  const { file } = decodeModel(await Deno.readFile(path), path);
  const tensors = new Map(
    [...file.tensors].map(([name, view]) => [
      name,
      { shape: view.shape, values: floatValues(view) },
    ]),
  );
  const [name, { values }] = [...tensors][0]!;
  values[0] = 1e6;
  const pieces = serializeSafetensors(tensors, file.metadata);
  await Deno.writeFile(
    place.at("large.safetensors"),
    new Blob(pieces).stream(),
  );
  const ended = await place.unet([
    ...["export", "large.safetensors", "--format", "safetensors"],
    ...["--dtype", "f16"],
  ]);
  assertEquals(
    faultOf(ended),
    `Cannot export model "large.safetensors": found 1000000 in ${name}, ` +
      "expected less than 65520, to be f16; use --dtype f32",
  );
});
