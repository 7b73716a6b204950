import { encodePng, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

const training = [
  ...["--width", "0.0625", "--epochs", "1", "--tile", "32", "--batch", "2"],
  ...["--device", "wasm", "--workers", "0", "--augment", "off"],
];

/** Writes pairs of drawn nuclei, each mask of the numbers that `change` gives. */
async function writePairs(
  place: Place,
  name: string,
  change: (label: number, at: number) => number,
): Promise<void> {
  const drawn = synthesize({ count: 4, width: 64, height: 64, seed: 5 });
  for (const { id, image, labels } of drawn) {
    const data = Uint8Array.from(labels.data, change);
    const mask = {
      width: 64,
      height: 64,
      channels: 1,
      depth: 8,
      data,
    } as const;
    await writeFile(
      place.at(name, "images", `${id}.png`),
      await encodePng(image),
    );
    await writeFile(
      place.at(name, "masks", `${id}.png`),
      await encodePng(mask),
    );
  }
}

/** What check counts, with other flags. */
async function check(place: Place, name: string, ...flags: string[]) {
  const { stdout } = await place.unet(["check", name, "--json", ...flags]);
  const { nuclei, warnings, errors } = JSON.parse(stdout);
  return { nuclei, warnings, errors };
}

Deno.test("check, train and evaluate warn of a background that is no 0, and take --background", async () => {
  await using place = await createPlace();
  await writePairs(place, "right", (label) => label);
  await writePairs(place, "one", (label) => label + 1);
  const right = await check(place, "right");
  assertEquals([right.warnings, right.errors], [0, 0]);
  assertEquals((await check(place, "one")).warnings, 4);
  assertEquals(await check(place, "one", "--background", "1"), right);
  const text = await place.unet(["check", "one"]);
  const lines = text.stderr.trim().split("\n");
  assertEquals(lines.length, 4);
  assertMatch(
    lines[0]!,
    /^warning: Cannot trust mask "masks\/.*": found 1 as an object on \d+ % of the pixels and \d+ % of the rim, expected background there; name it if it is the background \(--background 1\)$/,
  );
  assertEquals(
    lines[3],
    "warning: the same of 1 more image (wrong-background)",
  );

  const refused = await place.unet(["train", "--data", "one", ...training]);
  assertEquals(refused.code, 2);
  const said = refused.stderr.trim().split("\n");
  assertEquals(said.length, 3, refused.stderr);
  assertEquals(
    said[1],
    "warning: the same of 3 more images (wrong-background)",
  );
  assertMatch(
    said[2]!,
    /: found objects on every pixel of every training mask/,
  );

  const named = ["--background", "1", "--out", "run"];
  const trained = await place.unet([
    ...["train", "--data", "one", ...named, ...training],
  ]);
  assertDone(trained);
  assertEquals(trained.stderr, "");
  const { settings } = JSON.parse(
    await Deno.readTextFile(place.at("run", "config.json")),
  );
  assertEquals([settings.mask, settings.background], ["auto", [1]]);

  const evaluate = ["evaluate", "--device", "wasm", "--run", "run"];
  const own = await place.unet(evaluate);
  assertDone(own);
  assertEquals(own.stderr, "");
  assertMatch(own.stdout, /^Reading masks as the run did: --background 1\n/);
  // The run's own data is read as the run did, if it is named, too.
  const again = await place.unet([...evaluate, "--data", "one"]);
  assertEquals([again.stdout, again.stderr], [own.stdout, ""]);
  await writePairs(place, "others", (label) => label + 1);
  const others = await place.unet([...evaluate, "--data", "others"]);
  assertEquals(others.stderr.trim().split("\n").length, 2);
  const same = await place.unet([...evaluate, "--data", "right"]);
  assertDone(same);
  assertEquals(same.stderr, "");
  assertEquals(
    same.stdout.split("\n").slice(1),
    own.stdout.split("\n").slice(2),
  );
});

Deno.test("train refuses black masks by their cause, and says when a copy of an image is kept in its part", async () => {
  await using place = await createPlace();
  await writePairs(place, "black", () => 0);
  const black = await place.unet(["train", "--data", "black", ...training]);
  assertMatch(
    faultOf({
      ...black,
      stderr: black.stderr.replaceAll(/^warning: .*\n/gm, ""),
    }),
    /found no object in any training mask: all masks of 4 images are empty/,
  );
  await writePairs(place, "copied", (label) => label);
  const [first] = [...Deno.readDirSync(place.at("copied", "images"))];
  for (const part of ["images", "masks"]) {
    await Deno.copyFile(
      place.at("copied", part, first!.name),
      place.at("copied", part, `copy of ${first!.name}`),
    );
  }
  const out = ["--out", "copied-run", "--validation", "0.5"];
  const args = ["train", "--data", "copied", ...out, ...training];
  const { stderr } = await place.unet(args);
  assertMatch(stderr, /^warning: Cannot split image .* the same pixels in "/);
  const split = JSON.parse(
    await Deno.readTextFile(place.at("copied-run", "split.json")),
  ) as Record<string, string[]>;
  const id = first!.name.replace(".png", "");
  const parts = Object.values(split).filter((ids) => ids.includes(id));
  assert(parts[0]!.includes(`copy of ${id}`), JSON.stringify(split));
});

Deno.test("train reads probabilities as binary, and says so in two lines", async () => {
  await using place = await createPlace();
  await writePairs(
    place,
    "soft",
    (label, at) => (label > 0 ? 215 : 0) + at * 7919 % 40,
  );
  const ended = await place.unet(["train", "--data", "soft", ...training]);
  const lines = ended.stderr.trim().split("\n");
  assertEquals(lines.length, 2, ended.stderr);
  assertMatch(
    lines[0]!,
    /gray levels that form edges.*\(--mask binary confirms/,
  );
  const confirmed = await place.unet([
    ...["train", "--data", "soft", "--mask", "binary", ...training],
  ]);
  assertDone(confirmed);
  assertEquals(confirmed.stderr, "");
});
