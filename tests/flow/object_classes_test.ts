import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng, type Image } from "@unet/data";
import { writeFile } from "@unet/files";
import { createRandom } from "@unet/random";
import { createPlace, done, faultOf, type Place } from "./_unet.ts";

const size = { width: 64, height: 64 } as const;

/** Writes pairs: squares, dim or bright, numbered in their masks, and a table. */
async function writePairs(place: Place, name: string): Promise<void> {
  const lines = ["image,id,class"];
  for (let number = 0; number < 16; number++) {
    const random = createRandom(4, number);
    const gray = new Uint8Array(64 * 64).fill(20), mask = gray.map(() => 0);
    for (let square = 0; square < 4; square++) {
      const isBright = random.next() < 0.5, own = 10 + square;
      const left = 4 + 32 * (square % 2) + random.integer(0, 8);
      const top = 4 + 32 * Math.floor(square / 2) + random.integer(0, 8);
      for (let y = top; y < top + 16; y++) {
        const at = y * 64 + left;
        gray.fill(isBright ? 230 : 110, at, at + 16);
        mask.fill(own, at, at + 16);
      }
      lines.push(`${number},${own},${isBright ? "bright" : "dim"}`);
    }
    const png = (data: Uint8Array) =>
      encodePng({ ...size, channels: 1, depth: 8, data } satisfies Image);
    await writeFile(place.at(name, "images", `${number}.png`), await png(gray));
    await writeFile(place.at(name, "masks", `${number}.png`), await png(mask));
  }
  await writeFile(place.at(name, "classes.csv"), `${lines.join("\n")}\n`);
}

Deno.test("objects with a class each are checked, learned, scored and segmented", async () => {
  await using place = await createPlace();
  await writePairs(place, "data");
  const checked = await done(place.unet(["check", "data"]));
  assertMatch(checked.stdout, /Classes of objects: bright \d+, dim \d+\n/);
  const trained = await done(place.unet([
    ...["train", "--data", "data", "--out", "run", "--boundaries"],
    ...["--width", "0.125", "--epochs", "30", "--tile", "64", "--batch", "4"],
    ...["--lr", "0.01", "--scheduler", "constant", "--validation", "0.25"],
    ...["--device", "wasm", "--workers", "0", "--augment", "flips"],
  ]));
  assertMatch(trained.stdout, /Classes of objects: bright, dim/);
  const [header] = (await Deno.readTextFile(place.at("run", "metrics.csv")))
    .split("\n");
  assertMatch(header!, /brightF1,brightIou,dimF1,dimIou/);
  const scored = await done(place.unet([
    ...["evaluate", "--run", "run", "--part", "validation", "--json"],
    ...["--device", "wasm"],
  ]));
  const { pixels, objectClasses } = JSON.parse(scored.stdout);
  assert(pixels.f1 > 0.6, scored.stdout);
  assertEquals(Object.keys(objectClasses.classes), ["bright", "dim"]);
  assert(objectClasses.accuracy > 0.8, scored.stdout);
  for (
    const { f1, objects, found } of Object.values(objectClasses.classes) as {
      readonly f1: number;
      readonly objects: number;
      readonly found: number;
    }[]
  ) {
    assert(objects > 0 && found > 0 && f1 > 0.5, scored.stdout);
  }
  await done(place.unet([
    ...["segment", "data/images/0.png", "--model", "run", "--out", "out"],
    ...["--format", "labels,csv,geojson", "--device", "wasm"],
  ]));
  const csv = await Deno.readTextFile(place.at("out", "0.csv"));
  assertMatch(csv.split("\n")[0]!, /\bclass\b/);
  const found = csv.match(/\b(bright|dim)\b/g) ?? [];
  assertEquals(found.length, csv.trim().split("\n").length - 1);
});

Deno.test("objects without a class, and classes without a table, are refused in words", async () => {
  await using place = await createPlace();
  await writePairs(place, "data");
  const text = await Deno.readTextFile(place.at("data", "classes.csv"));
  await Deno.writeTextFile(
    place.at("data", "classes.csv"),
    text.replace(/^3,11,.*\n/m, ""),
  );
  const checked = await place.unet(["check", "data"]);
  assertEquals(checked.code, 1);
  assertMatch(
    checked.stderr,
    /Cannot use classes of case "3": found no class of 11, expected a line for each object in classes\.csv/,
  );
  await done(place.unet(["check", "data", "--object-classes", "off"]));
  await Deno.remove(place.at("data", "classes.csv"));
  const missing = faultOf(
    await place.unet(["check", "data", "--object-classes", "dim,bright"]),
  );
  assertMatch(missing, /"--object-classes": found no classes\.csv in the data/);
});

Deno.test("a run whose table of classes is gone names the file, and a class that no object has is named", async () => {
  await using place = await createPlace();
  await writePairs(place, "data");
  const small = [
    ...["--width", "0.03125", "--network", "resnet34", "--tile", "64"],
    ...["--epochs", "1", "--batch", "4", "--device", "wasm"],
    ...["--workers", "0", "--data", "data"],
  ];
  const lacking = await place.unet([
    ...["train", ...small, "--out", "never"],
    ...["--object-classes", "dim,bright,never"],
  ]);
  assertMatch(
    faultOf(lacking),
    /found no object of class "never" in any training mask: none of \d+ images has it/,
  );
  await done(place.unet(["train", ...small, "--out", "run"]));
  await Deno.remove(place.at("data", "classes.csv"));
  const resumed = await place.unet(["train", "--resume=run", "--epochs=2"]);
  assertMatch(
    faultOf(resumed),
    /^Cannot read table ".*classes\.csv": found no such file, expected one with the columns image, id and class, for objects of the classes bright, dim; /,
  );
});
