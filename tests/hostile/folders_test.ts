import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname } from "@std/path";
import type { CheckReport } from "@unet/data";
import {
  assertDone,
  assertPlain,
  createPlace,
  faultOf,
  type Place,
} from "../flow/_unet.ts";
import { goodPng, maskPng, zipOf } from "./_files.ts";

const isWindows = Deno.build.os === "windows";

let place: Place;
let image: Uint8Array, mask: Uint8Array;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  image = await goodPng();
  mask = await maskPng();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "5", "--size", "32"]),
  );
  assertDone(await train("drawn", "run"));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

async function write(path: string, content: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(place.at(path)), { recursive: true });
  await Deno.writeFile(place.at(path), content);
}

let drawn = 0;

async function writePair(folder: string, name: string): Promise<void> {
  // No two alike: copies would stay in one part of a split.
  await write(`${folder}/images/${name}.png`, await goodPng(40, 30, ++drawn));
  await write(`${folder}/masks/${name}.png`, mask);
}

function train(data: string, out: string, ...flags: string[]) {
  return place.unet([
    ...["train", "--data", data, "--out", out, "--epochs", "1"],
    ...["--tile", "32", "--width", "0.02", "--batch", "4"],
    ...["--device", "wasm", "--workers", "0", ...flags],
  ]);
}

function segment(input: string, out: string) {
  return place.unet([
    ...["segment", input, "--out", out, "--model", "run", "--device", "wasm"],
  ]);
}

async function check(path: string): Promise<CheckReport> {
  const ended = await place.unet(["check", path, "--json"]);
  assertPlain(ended);
  return JSON.parse(ended.stdout);
}

Deno.test("a zip with paths that lead out of it is read without them", async () => {
  const other = await goodPng(40, 30, 19);
  const pairs = ["a", "b"].flatMap((name) =>
    [
      [`images/${name}.png`, name === "a" ? image : other],
      [`masks/${name}.png`, mask],
    ] as const
  );
  await write(
    "climbing.zip",
    zipOf([
      ...pairs,
      ["../images/outside.png", image],
      ["/images/absolute.png", image],
      ["images/../../sideways.png", image],
      ["C:\\images\\windows.png", image],
    ]),
  );
  const report = await check("climbing.zip");
  assertEquals(report.cases.map(({ id }) => id), ["a", "b"]);
  assertEquals([report.usable, report.errors], [2, 4]);
  for (const { kind, message } of report.faults) {
    assertEquals(kind, "unsafe-path");
    assert(message.includes("found a path that leads out of the archive"));
  }
  const refused = await train("climbing.zip", "on-climbing");
  assertMatch(faultOf(refused), /found 4 errors in 0 of 2 cases/);
  const skipping = await train("climbing.zip", "on-rest", "--skip-faulty");
  assertPlain(skipping);
  assertEquals(skipping.code, 0, skipping.stderr);
  assertEquals(
    [...Deno.readDirSync(dirname(place.path))].filter(({ name }) =>
      /^(images|sideways)/.test(name)
    ),
    [],
  );
});

Deno.test("empty, damaged and wrong zips and folders are refused by what they are", async () => {
  const whole = zipOf([["images/a.png", image], ["masks/a.png", mask]]);
  await write("cut.zip", whole.subarray(0, whole.length - 30));
  await write("empty.zip", zipOf([]));
  await write("nothing.zip", new Uint8Array(0));
  await write("text.zip", new TextEncoder().encode("no zip"));
  await write("single.png", image);
  await Deno.mkdir(place.at("empty"));
  await write("loose/a.png", image);
  await write("packed/data.zip", whole);
  for (
    const [path, found] of [
      ["empty", /^Cannot open dataset "empty": found no files, expected CASE/],
      ["empty.zip", /^Cannot open dataset "empty\.zip": found no files, /],
      ["nothing.zip", /^Cannot read zip "nothing\.zip": found a damaged arch/],
      ["text.zip", /^Cannot read zip "text\.zip": found a damaged archive/],
      ["cut.zip", /^Cannot read zip "cut\.zip": found a damaged archive/],
      ["single.png", /^Cannot open dataset "single\.png": found a single PNG/],
      [
        "loose",
        /^Cannot open dataset "loose": found 1 file, but no images with masks/,
      ],
      ["packed", /; name the zip itself, as packed[/\\]data\.zip$/],
    ] as const
  ) {
    for (const ended of [await place.unet(["check", path])]) {
      assertMatch(faultOf(ended), found);
      assertEquals(ended.stdout, "");
    }
  }
  assertMatch(
    faultOf(await train("empty", "never")),
    /^Cannot open dataset ".*empty": found no files/,
  );
  assertMatch(
    faultOf(await segment("empty", "never")),
    /^Cannot segment folder "empty": found no image in it/,
  );
});

Deno.test("folders that link in circles are read once", {
  ignore: isWindows,
}, async () => {
  await writePair("circle", "a");
  await Deno.symlink("..", place.at("circle/images/up"));
  await Deno.symlink(".", place.at("circle/images/self"));
  await Deno.symlink("no/such/file.png", place.at("circle/images/broken.png"));
  await Deno.symlink("loop.png", place.at("circle/images/loop.png"));
  const masks = await segment("circle/images", "from-circle");
  assertPlain(masks);
  assertEquals(masks.code, 1);
  assertEquals(masks.stderr.trimEnd().split("\n"), [
    'Cannot read image "circle/images/broken.png": found no such file or folder',
    'Cannot read image "circle/images/loop.png": found "Too many levels of ' +
    'symbolic links"',
  ]);
  assertEquals(
    [...Deno.readDirSync(place.at("from-circle"))].map(({ name }) => name)
      .filter((name) => !name.includes("manifest")),
    ["a.png"],
  );
  const ended = await place.unet(["check", "circle"]);
  assertPlain(ended);
  assertEquals(ended.stderr, "");
});

Deno.test(
  "names of other writing systems, with blanks, quotes and line breaks, work throughout",
  {
    ignore: isWindows,
  },
  async () => {
    const names = [
      ..."細胞 é'\"$(x)`&;*.tar|-rf --out|line\nbreak|\x1b[31mred|a%20b|b.."
        .split("|"),
      "x".repeat(251),
    ];
    for (const name of names) await writePair("names", name);
    const report = await check("names");
    assertEquals(report.cases.map(({ id }) => id), names.toSorted());
    assertEquals([report.usable, report.errors], [names.length, 0]);
    const trained = await train("names", "on-names");
    assertDone(trained);
    const ended = await segment("names/images", "masks-of-names");
    assertPlain(ended);
    assertEquals(ended.code, 0, ended.stderr);
    assertEquals(
      [...Deno.readDirSync(place.at("masks-of-names"))].map(({ name }) => name)
        .filter((name) => !name.includes("manifest"))
        .sort(),
      names.map((name) => `${name}.png`).sort(),
    );
  },
);

Deno.test("a dataset of one image is refused for training, and two are enough", async () => {
  await writePair("one", "a");
  assertEquals((await check("one")).usable, 1);
  assertEquals(
    faultOf(await train("one", "on-one")),
    `Cannot train on images "${place.at("one")}": found 1 image, expected at ` +
      "least 2: one to train on, one to validate on; add images, or cut the " +
      "image and its mask into two parts with objects in both",
  );
  await writePair("two", "a");
  await writePair("two", "b");
  assertDone(await train("two", "on-two"));
});

Deno.test("a modality with one image only is trained on", async () => {
  assertDone(
    await place.unet(["synth", "kinds", "--count", "6", "--size", "32"]),
  );
  const ids = [...Deno.readDirSync(place.at("kinds"))].map(({ name }) => name);
  const rare = ids.filter((id) => id.startsWith("stained"));
  for (const id of rare.slice(1)) {
    await Deno.remove(place.at("kinds", id), { recursive: true });
  }
  assertDone(await train("kinds", "on-kinds"));
  const { train: ones } = JSON.parse(
    Deno.readTextFileSync(place.at("on-kinds/split.json")),
  );
  assert(ones.includes(rare[0]), `${ones}`);
});
