/**
 * What train says at its end, and before it starts: causes by name, and advice
 * that is followed here to see that it works.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { cropImage, decodeImage, encodePng } from "@unet/data";
import { join } from "@std/path";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "10", "--size", "64"]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const tiny = [
  ...["--tile", "32", "--batch", "4", "--width", "0.03", "--workers", "0"],
  ...["--device", "wasm"],
];

function train(data: string, out: string, ...flags: string[]): string[] {
  return [
    ...["train", "--data", data, "--out", out, ...tiny, ...flags],
    ...flags.includes("--epochs") ? [] : ["--epochs", "1"],
  ];
}

/** The flags that an advice names, as in "train again with --lr 0.001 and". */
function advised(fault: string, flag: string): string[] {
  const match = fault.match(new RegExp(`${flag} ([^ ;,]+)`));
  assert(match, fault);
  return [flag, match[1]!];
}

/** Masks and images of a dataset in pairs, each changed or left. */
async function writePairs(
  folder: string,
  { count, from = 0, mask = (bytes) => bytes }: {
    count: number;
    from?: number;
    mask?: (bytes: Uint8Array, index: number) => Uint8Array;
  },
): Promise<void> {
  for (const kind of ["images", "masks"]) {
    await Deno.mkdir(place.at(folder, kind), { recursive: true });
  }
  const names = [...Deno.readDirSync(place.at("drawn"))]
    .map(({ name }) => name).sort().slice(from, from + count);
  for (const [index, name] of names.entries()) {
    await Deno.copyFile(
      place.at("drawn", name, "images", `${name}.png`),
      place.at(folder, "images", `${name}.png`),
    );
    const size = { width: 64, height: 64, channels: 1, depth: 8 } as const;
    const data = new Uint8Array(64 * 64);
    for (const file of Deno.readDirSync(place.at("drawn", name, "masks"))) {
      const path = place.at("drawn", name, "masks", file.name);
      const part = await decodeImage(await Deno.readFile(path), path);
      const { channels } = part;
      data.forEach((_, at) =>
        data[at]! |= part.data[at * channels]! > 0 ? 255 : 0
      );
    }
    await Deno.writeFile(
      place.at(folder, "masks", `${name}.png`),
      await encodePng({ ...size, data: mask(data, index) as typeof data }),
    );
  }
}

for (
  const [what, flags, found] of [
    [
      "numbers that are not finite",
      ["--lr", "1e12", "--epochs", "4"],
      /found (loss (NaN|Infinity)|weights that are not finite) in epoch \d, step \d+, at learning rate .*no model was saved$/,
    ],
    [
      "a rate far above the default",
      ["--lr", "1", "--epochs", "3"],
      /: found (no pixel of an object in any epoch \(F1 0\)|a best F1 of .* marking every pixel as object): (the loss rose from .* to .* in epoch \d|the learning rate 1 is 1000 times adamw's default 0\.001)/,
    ],
    [
      "a network without batch norm that is dead",
      ["--recipe", "report", "--batch-norm", "off", "--lr", "5"],
      /: (the network gives every pixel the same number|the loss rose)/,
    ],
  ] as const
) {
  Deno.test(`train ends with ${what} in words, without a best, and its advice works`, async () => {
    const out = `bad-${flags[1]}-${flags.length}`;
    const ended = await place.unet(train("drawn", out, ...flags));
    const fault = faultOf(ended);
    assertMatch(fault, new RegExp(`^Cannot train network "${out}": `));
    assertMatch(fault, found);
    assert(!/^Best/m.test(ended.stdout), ended.stdout);
    const rest = flags.filter((word, index) =>
      word !== "--lr" && flags[index - 1] !== "--lr"
    );
    const again = train("drawn", `${out}-again`, ...rest);
    assertDone(await place.unet([...again, ...advised(fault, "--lr")]));
    if (!fault.includes("--batch-norm on")) return;
    const normal = again.map((word) =>
      word === "off" ? "on" : word.replace("-again", "-normal")
    );
    assertDone(await place.unet(normal));
  });
}

Deno.test("train refuses masks without any object, and check lists what they hold", async () => {
  await writePairs("black", { count: 4, mask: (bytes) => bytes.fill(0) });
  const fault = faultOf(await place.unet(train("black", "never")));
  assertMatch(
    fault,
    /^Cannot train on images ".*black": found no object in any training mask: all masks of 4 images are empty, /,
  );
  assert(
    ![...Deno.readDirSync(place.path)].some(({ name }) => name === "never"),
  );
  assert((await place.unet(["check", "black"])).code < 2);
});

Deno.test("train refuses a split without objects to judge by, and its advice works", async () => {
  // Of six images, two have objects.
  await writePairs("sparse", {
    count: 6,
    mask: (bytes, index) => index < 4 ? bytes.fill(0) : bytes,
  });
  let fault: string | undefined;
  for (let seed = 0; fault === undefined && seed < 10; seed++) {
    const flags = ["--split-seed", String(seed)];
    const ended = await place.unet(train("sparse", `sparse-${seed}`, ...flags));
    if (ended.code !== 0) fault = faultOf(ended);
  }
  assertMatch(fault!, /: found no object in any (training|validation) mask, /);
  const flags = advised(fault!, "--split-seed");
  const again = await place.unet(train("sparse", "sparse-again", ...flags));
  assertEquals(again.code, 0, again.stderr);
});

Deno.test("train refuses one image, and its advice works", async () => {
  await writePairs("one", { count: 1, from: 4 });
  const fault = faultOf(await place.unet(train("one", "one-run")));
  assertMatch(
    fault,
    /: found 1 image, expected at least 2: .* cut the image and its mask into two parts with objects in both$/,
  );
  for (const kind of ["images", "masks"]) {
    const folder = place.at("halves", kind);
    await Deno.mkdir(folder, { recursive: true });
    for (const { name } of Deno.readDirSync(place.at("one", kind))) {
      const path = place.at("one", kind, name);
      const image = await decodeImage(await Deno.readFile(path), path);
      for (const [half, x] of [["left", 0], ["right", 32]] as const) {
        const part = cropImage(image, { x, y: 0, width: 32, height: 64 });
        await Deno.writeFile(
          join(folder, `${half}.png`),
          await encodePng(part),
        );
      }
    }
  }
  assertDone(await place.unet(train("halves", "halves-run")));
  const three = ["--test", "0.2"];
  const third = faultOf(await place.unet(train("halves", "third", ...three)));
  assertMatch(
    third,
    /: found 2 images, expected at least 3: .*; leave --test out, /,
  );
});

/** The columns of a run's metrics. */
function metricsOf(run: string): string[][] {
  return Deno.readTextFileSync(place.at(run, "metrics.csv")).trimEnd()
    .split("\n").map((line) => line.split(","));
}

Deno.test("train --weights scores the start as epoch 0, and says where no epoch was better", async () => {
  assertDone(await place.unet(train("drawn", "base", "--epochs", "3")));
  const flags = [
    ...["--weights", "base", "--tile", "32", "--batch", "4"],
    ...["--device", "wasm", "--workers", "0", "--epochs", "2"],
  ];
  const still = await place.unet([
    ...["train", "--data", "drawn", "--out", "still", ...flags, "--lr", "0"],
    // Statistics stay as well, so that every epoch scores alike.
    ...["--batch-norm", "frozen"],
  ]);
  assertDone(still);
  const epochs = still.stdout.split("\n").filter((line) =>
    line.startsWith("Epoch ")
  );
  assertMatch(
    epochs[0]!,
    /^Epoch 0\/2 {2}before training {2}validation loss .* {2}best$/,
  );
  assertEquals(epochs.length, 3);
  assertMatch(
    still.stdout,
    /\nBest: epoch 0, before training, validation F1 [\d.]+: no epoch was better than the weights it started from, which best\/ holds; /,
  );
  const [header, start, ...rest] = metricsOf("still");
  assertEquals(start!.slice(0, 3), ["0", "0", ""]);
  assertEquals(start![header!.indexOf("learningRate")], "");
  assertEquals(rest.map(([epoch]) => epoch), ["1", "2"]);
  // The start's scores are those of the model that it came from.
  const best = metricsOf("base").slice(1)
    .toSorted((a, b) => Number(b[4]) - Number(a[4]))[0]!;
  assertEquals(start![4], best[4]);
  assertEquals(start![3], best[3]);
  const svg = Deno.readTextFileSync(place.at("still", "curves.svg"));
  assertMatch(svg, /best: epoch 0, F1/);
});

Deno.test("train --resume to more epochs says what becomes of the rate, and needs it said once", async () => {
  assertDone(await place.unet(train("drawn", "short", "--epochs", "3")));
  const more = await place.unet([
    ...["train", "--resume", "short", "--epochs", "5", "--save-every", "1"],
  ]);
  assertDone(more);
  const rates = metricsOf("short").slice(1).map((row) => Number(row[9]));
  const line = more.stdout.split("\n").find((one) =>
    one.startsWith("Schedule: ")
  )!;
  const [, before, after] = line.match(
    /^Schedule: cosine is stretched from 3 epochs to 5, so the learning rate rises from ([\d.]+) \(last step\) to ([\d.]+) \(next step\)\. /,
  )!;
  assertEquals(Number(before), Number(rates[2]!.toPrecision(2)));
  assert(Number(after) > rates[3]! && rates[3]! > rates[2]!, line);
  const { settings } = JSON.parse(
    Deno.readTextFileSync(place.at("short", "config.json")),
  );
  assertEquals(settings.epochs, 5);
  // Resumed as it is, it is at its end.
  const done = await place.unet(["train", "--resume", "short"]);
  assertDone(done);
  assert(!/^Schedule/m.test(done.stdout), done.stdout);
  // The command for a fresh schedule.
  const words = line.split("deno task unet ")[1]!.split(" ");
  const fresh = await place.unet([
    ...words,
    ...["--out", "fresh", "--epochs", "1", "--device", "wasm"],
  ]);
  assertDone(fresh);
  assertMatch(fresh.stdout, /\nEpoch 0\/1 {2}before training/);
});
