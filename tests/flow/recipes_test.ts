import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

const startOn = (data: string, out: string, ...flags: string[]): string[] => [
  ...["train", "--data", data, "--tile", "32", "--batch", "2"],
  ...["--width", "0.02", "--device", "wasm", "--workers", "0"],
  ...["--validation", "0.25", "--out", out],
  ...(flags.includes("--epochs") ? [] : ["--epochs", "1"]),
  ...flags,
];

const start = (out: string, ...flags: string[]): string[] =>
  startOn("drawn", out, ...flags);

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "12", "--size", "64"]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** What a file of a run holds. */
function read(run: string, name: string) {
  return JSON.parse(Deno.readTextFileSync(place.at(run, name)));
}

const parts = ["train", "validation", "test"];

Deno.test("train --modality keeps the other images out of every part", async () => {
  assertDone(await place.unet(start("all")));
  assertDone(await place.unet(start("some", "--modality", "fluorescence")));
  const images = (run: string) =>
    parts.flatMap((part) => read(run, "split.json")[part] as string[]);
  assertEquals(images("all").length, 12);
  assert(images("some").length > 0 && images("some").length < 12);
  assertEquals(read("some", "config.json").settings.modality, ["fluorescence"]);
  assertDone(
    await place.unet(["synth", "one", "--count", "1", "--size", "64"]),
  );
  assertMatch(
    faultOf(
      await place.unet(startOn("one", "none", "--modality", "stained")),
    ),
    /^Cannot train on images ".*one": found none that look like stained, /,
  );
});

Deno.test("train --split-seed keeps the split when the seed differs", async () => {
  const seeded = (out: string, seed: string) =>
    place.unet(start(out, "--seed", seed, "--split-seed", "5"));
  assertDone(await seeded("one", "1"));
  assertDone(await seeded("two", "2"));
  assertEquals(read("one", "split.json"), read("two", "split.json"));
  const metrics = (run: string) =>
    Deno.readTextFileSync(place.at(run, "metrics.csv"));
  assertNotEquals(metrics("one"), metrics("two"));
});

Deno.test("train --tiles-per-epoch takes so many, and --augment off no others", async () => {
  assertDone(
    await place.unet(
      start("short", "--tiles-per-epoch", "6", "--augment", "off"),
    ),
  );
  const { step } = read("short", "last/state.json");
  assertEquals(step, 3);
  const samples = [...Deno.readDirSync(place.at("short/samples"))];
  assert(!samples.some(({ name }) => name === "augmented.png"));
});

Deno.test("train --recipe report trains by the report's settings", async () => {
  assertDone(
    await place.unet(start("report", "--recipe", "report", "--lr", "0.1")),
  );
  const { optimizer, scheduler, loss, learningRate } =
    read("report", "config.json").settings;
  assertEquals(
    [optimizer, scheduler, loss, learningRate],
    ["sgd", "warm-restarts", "bce", 0.1],
  );
});
