import { assert, assertEquals, assertMatch } from "@std/assert";
import { type CheckReport, decodeImage } from "@unet/data";
import {
  assertDone,
  assertPlain,
  createPlace,
  type Place,
} from "../flow/_unet.ts";
import * as files from "./_files.ts";

let place: Place;

/** Images that can be read, each of 40×30 unless it says otherwise. */
const readable = {
  alpha: () => files.alphaPng(),
  cmyk: () => files.cmykJpeg(),
  grey16: () => files.grey16Png(),
  palette: () => files.palettePng(),
  plain: () => files.goodPng(),
  single: () => files.goodPng(1, 1),
};

/** Files that cannot, and what is found in them. */
const unreadable: Record<string, [() => Uint8Array, RegExp]> = {
  bomb: [files.bombPng, /found 30000×30000 pixels, expected at most 268435456/],
  empty: [() => new Uint8Array(0), /found an empty file, expected PNG, JPEG/],
  lying: [files.lyingPng, /found 30000×30000 pixels, expected at most/],
  text: [() => new TextEncoder().encode("cell,area\n"), /found a text file, /],
  truncated: [() => truncated, /found a PNG cut off after \d+ bytes, /],
};

let truncated: Uint8Array;

const sizes: Record<string, [number, number]> = {
  alpha: [30, 30],
  single: [1, 1],
};

async function write(path: string, content: Uint8Array): Promise<void> {
  await Deno.mkdir(place.at(path, ".."), { recursive: true });
  await Deno.writeFile(place.at(path), content);
}

Deno.test.beforeAll(async () => {
  place = await createPlace();
  const whole = await files.goodPng();
  truncated = whole.subarray(0, whole.length / 2);
  for (const [name, make] of Object.entries(readable)) {
    const [width, height] = sizes[name] ?? [40, 30];
    // Read for what it is, whatever it is called.
    await write(`all/images/${name}.png`, await make());
    await write(`all/masks/${name}.png`, await files.maskPng(width, height));
  }
  for (const [name, [make]] of Object.entries(unreadable)) {
    await write(`all/images/${name}.png`, make());
    await write(`all/masks/${name}.png`, await files.maskPng());
  }
  await write("all/images/black.png", await files.goodPng(40, 30, 7));
  await write("all/masks/black.png", await files.maskPng(40, 30, true));
  await write("all/images/smaller.png", await files.goodPng(40, 30, 9));
  await write("all/masks/smaller.png", await files.maskPng(20, 30));
  assertDone(
    await place.unet(["synth", "drawn", "--count", "5", "--size", "32"]),
  );
  assertDone(
    await place.unet([
      ...["train", "--data", "drawn", "--out", "run", "--epochs", "1"],
      ...tiny,
    ]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const tiny = [
  ...["--tile", "32", "--width", "0.02", "--batch", "4", "--device", "wasm"],
  ...["--workers", "0"],
];

Deno.test("check reports every hostile image at once, and takes the rest", async () => {
  const ended = await place.unet(["check", "all", "--json"]);
  assertPlain(ended);
  assertEquals(ended.code, 1);
  const report = JSON.parse(ended.stdout) as CheckReport;
  assertEquals(
    report.cases.filter(({ usable }) => usable).map(({ id }) => id),
    ["alpha", "black", "cmyk", "grey16", "palette", "plain", "single"],
  );
  const faults = new Map(report.faults.map((one) => [one.case, one]));
  assertEquals(faults.size, report.faults.length);
  for (const [name, [, found]] of Object.entries(unreadable)) {
    assertEquals(faults.get(name)?.kind, "unreadable-image");
    assertMatch(faults.get(name)!.message, found);
  }
  assertEquals(
    faults.get("smaller")?.message,
    'Cannot use case "smaller": found mask masks/smaller.png of 20×30 pixels, ' +
      "expected 40×30 as the image has",
  );
  assertEquals(faults.get("black")?.severity, "warning");
});

Deno.test("segment masks the images that can be read, and reports the others", async () => {
  const ended = await place.unet([
    ...["segment", "all/images", "--model", "run", "--out", "masks"],
    ...["--device", "wasm", "--overlay"],
  ]);
  assertPlain(ended);
  assertEquals(ended.code, 1);
  const messages = ended.stderr.trimEnd().split("\n");
  for (const [name, [, found]] of Object.entries(unreadable)) {
    const own = messages.filter((one) => one.includes(`/${name}.png"`));
    assertEquals(own.length, 1, ended.stderr);
    assertMatch(own[0]!, found);
  }
  assertEquals(messages.length, Object.keys(unreadable).length);
  for (const name of Object.keys(readable)) {
    const path = place.at("masks", `${name}.png`);
    const { width, height } = await decodeImage(
      await Deno.readFile(path),
      path,
    );
    assertEquals([width, height], sizes[name] ?? [40, 30], name);
  }
  const names = [...Deno.readDirSync(place.at("masks"))].map(({ name }) => name)
    .filter((name) => !name.includes("manifest"));
  assert(names.every((name) => !name.startsWith(".")), names.join());
  assertEquals(names.length, 2 * (Object.keys(readable).length + 2));
});

Deno.test("train refuses a dataset with errors, with all of them", async () => {
  const ended = await place.unet([
    ...["train", "--data", "all", "--out", "refused", "--epochs", "1", ...tiny],
  ]);
  assertPlain(ended);
  assertEquals(ended.code, 2);
  const lines = ended.stderr.trimEnd().split("\n");
  assertEquals(
    lines.at(-1),
    `Cannot use dataset "${
      place.at("all")
    }": found 6 errors in 6 of 13 cases, ` +
      "expected none; unet check DATA lists them, --skip-faulty leaves them out",
  );
  assertEquals(lines.length, 7);
  for (const [, found] of Object.values(unreadable)) {
    assert(lines.some((line) => found.test(line)), ended.stderr);
  }
});

Deno.test("train --skip-faulty trains on the rest, with depths, colors and sizes mixed", async () => {
  const ended = await place.unet([
    ...["train", "--data", "all", "--out", "skipping", "--epochs", "2"],
    ...["--skip-faulty", "--split-seed", "2", ...tiny],
  ]);
  assertPlain(ended);
  assertEquals(ended.code, 0, ended.stderr);
  const lines = ended.stderr.trimEnd().split("\n")
    .filter((line) => !line.startsWith("warning: "));
  assertEquals(lines.length, 6, ended.stderr);
  assert(lines.every((line) => line.startsWith("Left out: Cannot ")));
  assertMatch(ended.stdout, /\nBest: epoch \d, /);
});

Deno.test("train takes images of one pixel beside others, and refuses masks without any object", async () => {
  for (let at = 0; at < 8; at++) {
    // Of one pixel, which is background.
    const size = at === 0 ? [1, 1] as const : [40, 30] as const;
    await write(`dots/images/${at}.png`, await files.goodPng(...size, 4 * at));
    await write(`dots/masks/${at}.png`, await files.maskPng(...size));
    await write(`empty/images/${at}.png`, await files.goodPng(40, 30, 4 * at));
    await write(`empty/masks/${at}.png`, await files.maskPng(40, 30, true));
  }
  const train = (data: string) =>
    place.unet([
      ...["train", "--data", data, "--out", `on-${data}`, "--epochs", "2"],
      ...tiny,
    ]);
  const ended = await train("dots");
  assertPlain(ended);
  assertEquals(ended.code, 0, ended.stderr);
  const metrics = Deno.readTextFileSync(place.at("on-dots/metrics.csv"));
  for (const row of metrics.trimEnd().split("\n").slice(1)) {
    assert(row.split(",").every((value) => Number.isFinite(Number(value))));
  }
  const refused = await train("empty");
  assertPlain(refused);
  assertEquals(refused.code, 2);
  assertMatch(
    refused.stderr.trimEnd().split("\n").at(-1)!,
    /^Cannot train on images ".*": found no object in any training mask/,
  );
  // Nothing to find, and nothing found: that is right.
  const scored = await place.unet([
    ...["evaluate", "--model", "on-dots", "--data", "empty", "--json"],
    ...["--threshold", "1", "--device", "wasm"],
  ]);
  assertPlain(scored);
  assertEquals(JSON.parse(scored.stdout).pixels.f1, 1);
});

Deno.test("evaluate scores what can be read, and refuses where nothing can", async () => {
  const some = await place.unet([
    ...["evaluate", "--model", "run", "--data", "all", "--json"],
    ...["--device", "wasm"],
  ]);
  assertPlain(some);
  assertEquals(some.code, 1);
  assertEquals(JSON.parse(some.stdout).images, 7);
  const faults = some.stderr.trimEnd().split("\n")
    .filter((line) => !line.startsWith("warning: "));
  assertEquals(faults.length, 6, some.stderr);
  await write("none/images/a.png", truncated);
  await write("none/masks/a.png", await files.maskPng());
  const none = await place.unet([
    ...["evaluate", "--model", "run", "--data", "none", "--json"],
    ...["--device", "wasm"],
  ]);
  assertPlain(none);
  assertEquals([none.code, none.stdout], [2, ""]);
  assertEquals(
    none.stderr.trimEnd().split("\n").at(-1),
    'Cannot evaluate dataset "none": found no image that can be read, ' +
      "expected at least one",
  );
});
