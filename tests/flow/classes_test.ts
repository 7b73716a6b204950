import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng, type Image } from "@unet/data";
import { writeFile } from "@unet/files";
import { createRandom } from "@unet/random";
import { createPlace, done, faultOf, type Place } from "./_unet.ts";

const size = { width: 64, height: 64 } as const;
const values = [0, 127, 255];

/** Writes pairs: dark and bright squares, whose masks have 127 and 255. */
async function writePairs(place: Place, name: string): Promise<void> {
  for (let number = 0; number < 16; number++) {
    const random = createRandom(3, number);
    const gray = new Uint8Array(64 * 64).fill(20), mask = gray.map(() => 0);
    for (let square = 0; square < 4; square++) {
      const own = 1 + square % 2;
      const left = 4 + 32 * (square % 2) + random.integer(0, 8);
      const top = 4 + 32 * Math.floor(square / 2) + random.integer(0, 8);
      for (let y = top; y < top + 16; y++) {
        const at = y * 64 + left;
        gray.fill(own === 1 ? 110 : 230, at, at + 16);
        mask.fill(values[own]!, at, at + 16);
      }
    }
    const png = (data: Uint8Array) =>
      encodePng({ ...size, channels: 1, depth: 8, data } satisfies Image);
    await writeFile(place.at(name, "images", `${number}.png`), await png(gray));
    await writeFile(place.at(name, "masks", `${number}.png`), await png(mask));
  }
}

const training = [
  ...["--width", "0.125", "--epochs", "30", "--tile", "64", "--batch", "4"],
  ...["--lr", "0.01", "--scheduler", "constant", "--validation", "0.25"],
  ...["--device", "wasm", "--workers", "0", "--augment", "flips"],
];
const named = "background=0,dark=127,bright=255";

Deno.test("check, train and evaluate read masks as classes, by flag or by classes.json", async () => {
  await using place = await createPlace();
  await writePairs(place, "data");
  const plain = await place.unet(["check", "data", "--classes", named]);
  assertMatch(
    plain.stdout,
    /Classes: background \(0\) 75\.0 %, dark \(127\) 12\.5 %, bright \(255\) 12\.5 %/,
  );
  assertMatch(
    plain.stdout,
    /Numbers in outputs: background 0, dark 1 \(127 in masks\), bright 2 \(255 /,
  );
  await writeFile(
    place.at("data", "classes.json"),
    `{"background": 0, "dark": 127, "bright": 255}`,
  );
  assertEquals((await place.unet(["check", "data"])).stdout, plain.stdout);

  const trained = await done(
    place.unet(["train", "--data", "data", "--out", "run", ...training]),
  );
  assertMatch(
    trained.stdout,
    /Classes: background \(0\), dark \(127\), bright/,
  );
  assertMatch(trained.stdout, /, ce\+dice, adamw/);
  const [header, ...rows] =
    (await Deno.readTextFile(place.at("run", "metrics.csv"))).trim().split(
      "\n",
    );
  assertMatch(header!, /darkF1,darkIou,brightF1,brightIou/);
  const column = header!.split(",").indexOf("f1");
  assert(Number(rows.at(-1)!.split(",")[column]) > 0.6, rows.at(-1));

  const scored = await done(
    place.unet([
      ...["evaluate", "--run", "run", "--part", "validation", "--json"],
      ...["--device", "wasm"],
    ]),
  );
  const { classes, mean, confusion, threshold } = JSON.parse(scored.stdout);
  assertEquals(Object.keys(classes), ["background", "dark", "bright"]);
  assert(mean.f1 > 0.5 && confusion.length === 3 && threshold === undefined);
  // Classes are matched by name, in whatever order the data has them.
  await writeFile(
    place.at("data", "classes.json"),
    `{"bright": 255, "dark": 127, "background": 0}`,
  );
  const other = await done(
    place.unet([
      ...["evaluate", "--model", "run", "--data", "data", "--json"],
      ...["--device", "wasm"],
    ]),
  );
  assertEquals(
    Object.keys(JSON.parse(other.stdout).classes),
    ["background", "dark", "bright"],
  );
});

Deno.test("masks with a value of no class, and choices of objects, are refused in words", async () => {
  await using place = await createPlace();
  await writePairs(place, "data");
  const wrong = await place.unet(["check", "data", "--classes", "ground,cell"]);
  assertEquals(wrong.code, 1);
  assertMatch(
    wrong.stderr,
    /found 127 in 512 pixels, 255 in 512 pixels, expected 0 \(ground\), 1 \(cell\); give each value its class in --classes, or leave it out with --ignore 127,255/,
  );
  const classes = ["--classes", named];
  const refusals = [
    [["check", "data", ...classes, "--mask", "binary"], "--mask"],
    [["train", "--data", "data", ...classes, "--boundaries"], "--boundaries"],
    [["train", "--data", "data", ...classes, "--loss", "bce"], "--loss"],
    [["train", "--data", "data", "--class-weights", "1,2"], "--class-weights"],
    [["check", "data", "--sparse"], "--ignore"],
  ] as const;
  for (const [args, flag] of refusals) {
    const fault = faultOf(await place.unet([...args]));
    assert(fault.includes(`Cannot use flag "${flag}"`), fault);
  }
});
