import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parseWeights } from "@unet/model";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

const small = [
  ...["--data", "drawn", "--tile", "64", "--width", "0.02", "--batch", "4"],
  ...["--epochs", "1", "--lr", "0.01", "--workers", "0", "--device", "cpu"],
];

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../../model/fixtures/${name}`, import.meta.url));

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "6", "--size", "64"]),
  );
  assertDone(
    await place.unet([
      ...["train", ...small, "--out", "run"],
      ...["--license", "CC0-1.0", "--pixel-scale", "0.65"],
    ]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** The weights of a file. */
async function tensorsOf(name: string) {
  const path = place.at(name);
  return parseWeights(await Deno.readFile(path), path).tensors;
}

for (const format of ["pth", "safetensors"]) {
  Deno.test(`train starts from what export wrote as ${format}`, async () => {
    const file = `whole.${format}`;
    assertDone(
      await place.unet(["export", "run", "--format", format, "--out", file]),
    );
    assertEquals((await tensorsOf(file)).size, 174);
    const flags = format === "pth"
      ? small
      : small.filter((_, at) =>
        at !== small.indexOf("--width") && at !== small.indexOf("--width") + 1
      );
    const out = `from-${format}`;
    const ended = await place.unet(
      ["train", ...flags, "--weights", file, "--out", out],
    );
    assertDone(ended);
    if (format === "pth") {
      assertMatch(ended.stdout, /^Weights: 174 tensors of whole\.pth$/m);
      assert(!ended.stdout.includes("random"));
    }
    const summary = await place.unet(["summary", out]);
    assertMatch(summary.stdout, new RegExp(`^Starts from: ${file}$`, "m"));
  });
}

Deno.test("train starts from an encoder alone, under torchvision's names, and thaws it", async () => {
  assertDone(
    await place.unet([
      ...["export", "run", "--format", "pth", "--part", "encoder"],
      ...["--dtype", "f16", "--out", "encoder.pth"],
    ]),
  );
  const tensors = await tensorsOf("encoder.pth");
  assertEquals([...tensors.keys()][0], "features.0.weight");
  assertEquals(tensors.size, 13 * 6);
  const ended = await place.unet([
    ...["train", ...small.with(small.indexOf("--epochs") + 1, "2")],
    ...["--weights", "encoder.pth", "--unfreeze-at", "2", "--out", "thawed"],
  ]);
  assertDone(ended);
  assertMatch(ended.stdout, /^Weights: 78 tensors of encoder\.pth$/m);
  assertMatch(
    ended.stdout,
    /^Starting at random: bottleneck\.0, bottleneck\.1, .*, head$/m,
  );
});

Deno.test("train --weights-partial takes some layers, and lists what starts at random", async () => {
  const ended = await place.unet([
    ...["train", "--data", "drawn", "--tile", "64", "--width", "0.01"],
    ...["--epochs", "1", "--device", "cpu", "--workers", "0", "--out", "part"],
    ...["--weights-partial", fixture("version_1.safetensors")],
  ]);
  assertDone(ended);
  assertMatch(ended.stdout, /^Weights: 174 tensors of version_1/m);
});

Deno.test("summary prints a model's card", async () => {
  const { stdout } = await place.unet(["summary", "run"]);
  assertMatch(stdout, /^Data: images 6, fingerprint [0-9a-f]{16}$/m);
  assertMatch(stdout, /^Trained: epoch 1, step \d+$/m);
  assertMatch(stdout, /^Metrics: .*f1 /m);
  assertMatch(stdout, /^Settings: .*optimizer adamw.*seed 0/m);
  assertMatch(stdout, /^Starts from: random weights$/m);
  assertEquals(stdout.match(/^Input: .*$/gm), [
    "Input: red, green, blue; normalization stretch-dark; then in 0…1, less " +
    "0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225",
  ]);
  assertMatch(stdout, /^Head object: .*, loss bce\+dice$/m);
  assertMatch(stdout, /^Pixel scale: 0\.65 µm a pixel$/m);
  assertMatch(stdout, /^License: CC0-1\.0$/m);
  const old = await place.unet(["summary", fixture("version_1.safetensors")]);
  assertDone(old);
  assertMatch(old.stdout, /^License: not given$/m);
  assertMatch(old.stdout, /^Head object: .*, loss unknown$/m);
});

Deno.test("the Paper's network trains with its weights, segments by overlapping tiles, and leaves as ONNX", async () => {
  const trained = await place.unet([
    ...["train", "--data", "drawn", "--network", "unet", "--width", "0.02"],
    ...["--tile", "68", "--epochs", "1", "--batch", "4", "--lr", "0.01"],
    ...["--loss", "weighted-bce", "--device", "cpu", "--workers", "0"],
    ...["--out", "paper"],
  ]);
  assertDone(trained);
  assertMatch(trained.stdout, /^Network: unet, .* tiles of 68×68/m);
  const [image] = [...Deno.readDirSync(place.at("drawn"))].filter((entry) =>
    entry.isDirectory
  ).map(({ name }) => name).sort();
  const input = `drawn/${image}/images/${image}.png`;
  assertDone(
    await place.unet([
      ...["segment", input, "--model", "paper", "--device", "cpu"],
    ]),
  );
  assert((await Deno.stat(place.at("masks", `${image}.png`))).isFile);
  assertDone(
    await place.unet(["export", "paper", "--format", "onnx"]),
  );
  assert((await Deno.stat(place.at("model.onnx"))).size > 50_000);
});

for (
  const [what, args, message] of [
    [
      "no format",
      ["export", "run"],
      'Cannot run command "export": expected --format safetensors|pth|onnx|bioimageio',
    ],
    ["an encoder as onnx", [
      "export",
      "run",
      "--format",
      "onnx",
      "--part",
      "encoder",
    ], 'Cannot use flag "--part encoder"'],
    ["a folder that is no model", [
      "export",
      "drawn",
      "--format",
      "pth",
      "--out",
      "x.pth",
    ], 'Cannot load model "drawn": found no model in it'],
    ["a file that is there", [
      "export",
      "run",
      "--format",
      "pth",
      "--out",
      "run/config.json",
    ], "found an existing file; choose another --out, or use --force"],
    ["a pickle that would run a command", [
      "train",
      ...small,
      "--weights",
      fixture("refused.pth"),
    ], 'found "posix.system", which is not run'],
    ["weights of another width", [
      "train",
      ...small,
      "--weights-partial",
      fixture("version_1.safetensors"),
    ], "tensors that do not fit the network: "],
    ["published weights, offline", [
      "train",
      "--data",
      "drawn",
      "--device",
      "cpu",
      "--weights",
      "imagenet",
    ], "; download it elsewhere and put it at "],
    ["a size that the Paper's network does not take", [
      "summary",
      "--network",
      "unet",
      "--size",
      "256",
    ], "expected multiples of 16 and 12 more, from 188"],
  ] as const
) {
  Deno.test(`unet refuses in one line: ${what}`, async () => {
    const fault = faultOf(await place.unet(args));
    assert(fault.includes(message), fault);
  });
}
