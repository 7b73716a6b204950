import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, fromFileUrl } from "@std/path";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

const project = fromFileUrl(new URL("../../", import.meta.url));
const isWindows = Deno.build.os === "windows";

let place: Place;

/** A run folder, images, and a folder of a person beside them. */
Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "4", "--size", "32"]),
  );
  await Deno.mkdir(place.at("my lab"));
  await Deno.writeTextFile(
    place.at("my lab", "flags.json"),
    '{"data": "../drawn", "epochs": 1, "tile": 32, "width": 0.02}',
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const tiny = ["--device", "wasm", "--workers", "0"];

Deno.test("a task takes relative paths from the person's folder, and prints them from there", async () => {
  const cwd = place.at("my lab");
  const train = await place.unet(
    ["train", "--config", "flags.json", "--out", "../runs/a b", ...tiny],
    { cwd, asTask: true },
  );
  assertDone(train);
  assertMatch(train.stdout, /^Run: \.\.\/runs\/a b$/m);
  const [, command] = /segment with: deno task unet (.*)$/m
    .exec(train.stdout) ?? [];
  if (!isWindows) {
    assertEquals(command, "segment IMAGE --model '../runs/a b'");
  }
  const [image] = [...Deno.readDirSync(place.at("drawn"))];
  await Deno.copyFile(
    place.at("drawn", image!.name, "images", `${image!.name}.png`),
    place.at("my lab", "mine.png"),
  );
  for (
    const [input, model, out] of [
      ["mine.png", "../runs/a b", "named"],
      ["./*.png", "../runs/a b/best", "matched"],
      [".", "../runs/a b/best/model.safetensors", "folder"],
      ["mine.png", "nuclei", "published"],
    ] as const
  ) {
    const segment = await place.unet(
      ["segment", input, "--model", model, "--out", out, "--device", "wasm"],
      { cwd, asTask: true },
    );
    assertDone(segment);
    assert(Deno.statSync(place.at("my lab", out, "mine.png")).isFile);
  }
  const resumed = await place.unet(
    ["train", "--resume", "../runs/a b", "--epochs", "2", "--workers", "0"],
    { cwd, asTask: true },
  );
  assertDone(resumed);
  assertMatch(resumed.stdout, /^Epoch 2\/2 /m);
});

Deno.test("a task takes paths in variables from the person's folder", async () => {
  const cwd = place.at("my lab");
  const ended = await place.unet(["train", "--config", "flags.json", ...tiny], {
    cwd,
    asTask: true,
    env: { UNET_CACHE: "my cache" },
  });
  assertDone(ended);
  assert(Deno.statSync(place.at("my lab", "my cache")).isDirectory);
});

Deno.test("a task takes paths of studies and their spaces from the person's folder", async () => {
  const cwd = place.at("my lab");
  await Deno.writeTextFile(
    place.at("my lab", "space.toml"),
    "batch = [1, 2]\n",
  );
  const tune = await place.unet([
    ...["tune", "--config", "flags.json", "--space", "space.toml"],
    ...["--out", "study", "--trials", "1", "--device", "wasm"],
    ...["--loader-workers", "0", "--html", "page.html"],
  ], { cwd, asTask: true });
  assertDone(tune);
  assertMatch(tune.stdout, /--from-study study\/study\.journal /);
  assert(Deno.statSync(place.at("my lab", "page.html")).isFile);
  const train = await place.unet([
    ...["train", "--from-study", "study/study.journal", "--out", "best"],
    ...tiny,
  ], { cwd, asTask: true });
  assertDone(train);
  assert(Deno.statSync(place.at("my lab", "best", "config.json")).isFile);
});

Deno.test("a program that no task started ignores an INIT_CWD that it inherits", async () => {
  const drawn = ["check", "drawn", "--json"];
  const env = { INIT_CWD: place.at("my lab") };
  assertDone(await place.unet(drawn, { env }));
  // Neither in the project's own folder.
  const inside = await place.unet(["check", "mine.png"], { cwd: project, env });
  assertMatch(faultOf(inside), /"mine\.png": found no such file/);
});

Deno.test("a task in a folder that is gone says so", async () => {
  const gone = `${dirname(place.at("x"))}/gone`;
  const ended = await place.unet(["check", "drawn"], {
    asTask: true,
    env: { INIT_CWD: gone },
  });
  assertEquals(
    faultOf(ended),
    `Cannot start in folder "${gone}": found no such file or folder, ` +
      "expected the folder that deno task was called in, by INIT_CWD",
  );
});
