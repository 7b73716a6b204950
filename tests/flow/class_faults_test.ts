import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng, type Image } from "@unet/data";
import { writeFile } from "@unet/files";
import { classLossNames } from "@unet/train";
import { parseJournal } from "@unet/tune/journal";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

const small = [
  ...["--width", "0.03125", "--network", "resnet34", "--tile", "64"],
  ...["--epochs", "1", "--batch", "4", "--device", "wasm", "--offline"],
];
const size = { width: 64, height: 64, channels: 1, depth: 8 } as const;

async function writePicture(path: string, data: Uint8Array): Promise<void> {
  await writeFile(path, await encodePng({ ...size, data } satisfies Image));
}

Deno.test.beforeAll(async () => {
  place = await createPlace();
  for (let number = 0; number < 8; number++) {
    const mask = new Uint8Array(64 * 64);
    for (const own of [1, 2]) {
      for (let y = 4 + number; y < 24 + number; y++) {
        mask.fill(own, 64 * y + 28 * own - 24, 64 * y + 28 * own - 8);
      }
    }
    const gray = mask.map((own, at) => 20 + 90 * own + at % 7);
    await writePicture(place.at("data", "images", `${number}.png`), gray);
    await writePicture(place.at("data", "masks", `${number}.png`), mask);
    const unknown = mask.map(() => 9);
    await writePicture(place.at("unknown", "images", `${number}.png`), gray);
    await writePicture(place.at("unknown", "masks", `${number}.png`), unknown);
    await writePicture(place.at("some", "images", `${number}.png`), gray);
    await writePicture(
      place.at("some", "masks", `${number}.png`),
      number === 3 ? unknown : mask,
    );
  }
  for (const name of ["data", "unknown", "some"]) {
    const text = `["background", "axon", "myelin"]`;
    await writeFile(place.at(name, "classes.json"), text);
  }
  const run = ["--data", "data", "--out", "run", "--workers", "0"];
  assertDone(await place.unet(["train", ...small, ...run]));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

function trialsIn(out: string) {
  const [study] = parseJournal(
    Deno.readFileSync(place.at(out, "study.journal")),
  );
  return study!.trials;
}

Deno.test("tune tries losses of classes on data of classes, and fails where no trial is complete", async () => {
  const tune = [
    ...["tune", ...small, "--data", "data", "--loader-workers", "0"],
    ...["--sampler", "random"],
  ];
  const ended = await place.unet([...tune, "--out", "study", "--trials", "3"]);
  const trials = trialsIn("study");
  assertEquals(trials.length, 3);
  for (const { distributions, userAttributes } of trials) {
    const { loss } = distributions;
    assertEquals(loss?.kind === "categorical" && loss.choices, classLossNames);
    assert(!/no loss of/.test(String(userAttributes.error)), ended.stdout);
  }
  const isComplete = trials.some(({ state }) => state === "complete");
  assertEquals(ended.code, isComplete ? 0 : 1, ended.stderr);
  assert(isComplete, ended.stdout);

  await writeFile(place.at("space.toml"), `loss = ["bce"]`);
  const failed = await place.unet([
    ...[...tune, "--out", "failed", "--trials", "1", "--space", "space.toml"],
  ]);
  assertEquals(trialsIn("failed").map(({ state }) => state), ["failed"]);
  assertMatch(failed.stdout, /\nBest: none, for no trial is complete\n$/);
  assertEquals(failed.code, 1, failed.stderr);
});

Deno.test("a run that is stretched prints a command that reads masks alike", async () => {
  const run = ["--data", "data", "--out", "objects", "--workers", "0"];
  assertDone(
    await place.unet(["train", ...small, ...run, "--classes", "off"]),
  );
  const resumed = await place.unet([
    ...["train", "--resume", "objects", "--epochs", "2", "--offline"],
  ]);
  assertMatch(resumed.stdout, /For a fresh schedule .* --classes off /);
});

Deno.test("train says that the head of a model of other classes starts at random", async () => {
  const model = ["--weights", "run", "--data", "data", "--workers", "0"];
  for (
    const [names, isFresh] of [
      ["background=0,axon=1,myelin=2", false],
      ["background=0,myelin=2,axon=1", true],
      ["background=0,tumor=1,stroma=2", true],
    ] as const
  ) {
    const out = `head-${names.length}-${names.at(13)}`;
    const ended = await place.unet([
      ...["train", ...model, "--tile", "64", "--epochs", "1", "--batch", "4"],
      ...["--device", "wasm", "--offline", "--out", out, "--classes", names],
    ]);
    assertDone(ended);
    const line = /^Starting at random: segmentation_head\.0$/m;
    assertEquals(line.test(ended.stdout), isFresh, ended.stdout);
  }
});

Deno.test("evaluate refuses data of which nothing is labeled, and leaves out such an image", async () => {
  const evaluate = ["evaluate", "--model", "run", "--device", "wasm"];
  const refused = await place.unet([
    ...[...evaluate, "--data", "unknown", "--ignore", "9"],
  ]);
  assertMatch(
    faultOf(refused),
    /^Cannot evaluate dataset ".*unknown": found nothing labeled in 8 images, expected masks with labels; --ignore names/,
  );
  const some = ["--data", "some", "--ignore", "9"];
  const ended = await place.unet([...evaluate, ...some]);
  assertEquals(ended.code, 0, ended.stderr);
  assertMatch(ended.stdout, /^1 image without any label left out$/m);
  const json = await place.unet([...evaluate, ...some, "--json"]);
  assertEquals(JSON.parse(json.stdout).images, 7);
});

Deno.test("evaluate refuses to read masks without classes for a model of classes", async () => {
  for (const model of ["--run", "--model"]) {
    const refused = await place.unet([
      ...["evaluate", model, "run", "--data", "data", "--classes", "off"],
      ...["--device", "wasm"],
    ]);
    assertMatch(
      faultOf(refused),
      /^Cannot use flag "--classes": found off, for a model of the classes background, axon, myelin, expected /,
    );
  }
});
