import { assert, assertLess, assertMatch } from "@std/assert";
import {
  assertPlain,
  createPlace,
  type Ended,
  type Place,
} from "../flow/_unet.ts";
import { blackPng, blackTiff, fourPairs } from "./_black_images.ts";
import { maskPng, zipOf } from "./_files.ts";
import { tiffBombs } from "./_tiff_bombs.ts";
import { zipBombs, zipOfPacked } from "./_zip_bombs.ts";

let place: Place;

/** Runs a command and says how much memory it took at most, on Linux. */
const measured = Deno.build.os !== "linux" ? undefined : `
"$@" & pid=$!
while kill -0 $pid 2>/dev/null; do
  found=$(grep VmHWM /proc/$pid/status 2>/dev/null | tr -dc 0-9)
  [ -n "$found" ] && peak=$found
  sleep 0.02
done
wait $pid; code=$?
echo "peak $peak kB" >&2
exit $code`;

const deep = "[".repeat(1e5) + "]".repeat(1e5);

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Tuples of which each holds the former twice, as a name: 2^70 values. */
const doubled = Uint8Array.from(
  `\x80\x02)${"q\0h\0\x86".repeat(70)}X\x01\0\0\0a\x93.`,
  (sign) => sign.charCodeAt(0),
);

async function write(name: string, bytes: Uint8Array | string): Promise<void> {
  await Deno.mkdir(place.at(name, ".."), { recursive: true });
  const content = typeof bytes === "string" ? encode(bytes) : bytes;
  await Deno.writeFile(place.at(name), content);
}

Deno.test.beforeAll(async () => {
  place = await createPlace();
  for (const [index, [make]] of Object.values(tiffBombs).entries()) {
    await write(`images/${index}.tif`, make());
    await write(`pairs/images/${index}.png`, await maskPng(20, 15));
    await write(`pairs/masks/${index}.png`, make());
  }
  for (const [index, [make]] of Object.values(zipBombs).entries()) {
    await write(`${index}.zip`, make());
  }
  const black = blackTiff(15_000);
  await write("black.zip", zipOfPacked(fourPairs(black, "tif")));
  await write("black/a.tif", black);
  await write("black/b.png", blackPng(15_000));
  await write("deep.journal", `{"op_code":${deep}}\n`);
  await write("results/manifest.jsonl", `{"event":${deep}}\n`);
  await write("run/config.json", `{"lr":${deep}}`);
  await write("run/split.json", '{"train":[],"validation":[],"test":[]}');
  await write("space.toml", `lr = ${deep}`);
  await write("doubled.pth", zipOf([["x/data.pkl", doubled]]));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** Runs a command that ends in a typed error, in bounded time and memory. */
async function refuse(args: readonly string[]): Promise<Ended> {
  const start = performance.now();
  const ended = await place.unet(args, measured ? { shell: measured } : {});
  // Most of it is the start of the program, which a busy machine stretches.
  assertLess(performance.now() - start, 60_000);
  assertPlain(ended);
  assert(ended.code === 1 || ended.code === 2, ended.stderr);
  if (measured) {
    const peak = Number(/peak (\d+) kB/.exec(ended.stderr)?.[1]);
    assertLess(peak, 800_000);
  }
  return ended;
}

for (
  const [args, found] of [
    [["check", "pairs"], /error: Cannot read image .*found/],
    [
      ["segment", "images", "--model", "nuclei", "--device", "wasm"],
      /Cannot read image .*found/,
    ],
    [["check", "0.zip"], /Cannot read zip entry .*of an unknown format/],
    [["check", "1.zip"], /Cannot read zip entry .*of a PNG in/],
    [["check", "2.zip"], /Cannot read zip entry .*of a TIFF in/],
    [["check", "3.zip"], /Cannot read zip .*entries that share bytes/],
    [["check", "black.zip"], /found 429 MB of pixels in .+ of files/],
    [["train", "--data", "black.zip"], /found 429 MB of pixels in .+ of files/],
    [
      ["segment", "black", "--model", "nuclei", "--device", "wasm"],
      /found 215 MB of pixels in .+ of file/,
    ],
    [["tune", "--show", "deep.journal"], /found JSON nested more than 64 deep/],
    [["merge", "results"], /found JSON nested more than 64 deep/],
    [["train", "--resume", "run"], /found JSON nested more than 64 deep/],
    [["tune", "--space", "space.toml"], /found text that is not TOML/],
    [["train", "--weights", "doubled.pth"], /found a name that is not text/],
  ] as const
) {
  Deno.test(`unet ${args.join(" ")} refuses what costs too much`, async () => {
    const { stdout, stderr } = await refuse(args);
    assertMatch(stdout + stderr, found);
  });
}
