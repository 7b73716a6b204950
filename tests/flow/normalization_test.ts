import { assert, assertEquals, assertMatch } from "@std/assert";
import { readModel } from "@unet/model";
import { contentOf } from "./_run_content.ts";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

const tiny = [
  ...["--tile", "64", "--batch", "4", "--epochs", "1", "--device", "cpu"],
  ...["--scheduler", "constant"],
];

const narrow = ["--width", "0.02"];

const train = ["train", "--data", "drawn", ...tiny, ...narrow];

const byPercentiles = ["--normalization", "percentiles"];

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "6", "--size", "64"]),
  );
  for (
    const [out, ...flags] of [
      ["run", ...byPercentiles, "--workers", "0"],
      ["plain", "--workers", "0"],
    ]
  ) {
    assertDone(await place.unet([...train, ...flags, "--out", out!]));
  }
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

async function ruleOf(run: string): Promise<string> {
  const { plan } = await readModel(place.at(run, "best"));
  return plan.task.input.normalization;
}

function settingsOf(run: string): Record<string, unknown> {
  const text = Deno.readTextFileSync(place.at(run, "config.json"));
  return JSON.parse(text).settings;
}

Deno.test("train --normalization percentiles stores it in settings, model and card, and is no default", async () => {
  assertEquals(settingsOf("run").normalization, "percentiles");
  assertEquals(await ruleOf("run"), "color-percentiles");
  const { card } = await readModel(place.at("run/best"));
  const { normalization } = card.settings as Record<string, unknown>;
  assertEquals(normalization, "percentiles");
  assertEquals(settingsOf("plain").normalization, "stretch-dark");
  assertEquals(await ruleOf("plain"), "stretch-dark");
  const summary = await place.unet(["summary", "run"]);
  assertMatch(summary.stdout, /red, green, blue; normalization color-perc/);
});

Deno.test("train --normalization percentiles gives the same run with workers, resumed and from a stored config", async () => {
  const flags = [...byPercentiles, "--workers", "2"];
  assertDone(await place.unet([...train, ...flags, "--out", "workers"]));
  assertEquals(contentOf(place.at("workers")), contentOf(place.at("run")));
  const more = ["--resume", "workers", "--epochs", "2"];
  assertDone(await place.unet(["train", ...more]));
  assertEquals(await ruleOf("workers"), "color-percentiles");
  assertEquals(settingsOf("workers").normalization, "percentiles");
});

Deno.test("train --weights keeps the rule of the model, or says that it changes", async () => {
  const from = ["train", "--data", "drawn", ...tiny, "--weights", "run"];
  const kept = await place.unet([...from, "--out", "kept"]);
  assertDone(kept);
  assert(!kept.stdout.includes("in place of"), kept.stdout);
  assertEquals(await ruleOf("kept"), "color-percentiles");
  const changed = await place.unet([
    ...[...from, "--out", "changed"],
    ...["--normalization", "stretch-dark"],
  ]);
  assertDone(changed);
  assertMatch(
    changed.stdout,
    /^Normalization: stretch-dark in place of color-percentiles$/m,
  );
  assertEquals(await ruleOf("changed"), "stretch-dark");
});

Deno.test("evaluate, segment, calibrate and export follow the model's rule", async () => {
  const model = ["--model", "run"], cpu = ["--device", "cpu"];
  const [id] = [...Deno.readDirSync(place.at("drawn"))].map(({ name }) => name)
    .filter((name) => !name.includes(".")).sort();
  const image = `drawn/${id}/images/${id}.png`;
  const done = await Promise.all([
    place.unet(["evaluate", ...model, ...cpu, "--data", "drawn"]),
    place.unet([
      ...["segment", image, ...model, ...cpu, "--out", "out"],
      ...["--format", "png,overlay"],
    ]),
    place.unet(["calibrate", ...model, ...cpu, "--data", "drawn"]),
    place.unet(["export", ...model, "--format", "onnx", "--out", "a.onnx"]),
  ]);
  done.forEach(assertDone);
  assertMatch(
    done[3]!.stdout,
    /images are spread by their percentiles before: its metadata say/,
  );
  const inside = await place.unet([
    ...["export", ...model, "--format", "onnx", "--out", "b.onnx"],
    ...["--stretch", "inside"],
  ]);
  assertEquals(
    faultOf(inside),
    'Cannot use flag "--stretch": found inside, for a model of ' +
      "normalization color-percentiles, expected outside: its metadata say " +
      "under intensities how to",
  );
});

Deno.test("train refuses an unknown normalization, and stretch-dark beside --channels", async () => {
  const unknown = await place.unet([...train, "--normalization", "mean"]);
  assertMatch(faultOf(unknown), /--normalization.*stretch-dark.*percentiles/);
  const channels = await place.unet([
    ...[...train, "--channels", "red"],
    ...["--normalization", "stretch-dark"],
  ]);
  assertMatch(faultOf(channels), /stretch-dark beside --channels/);
});
