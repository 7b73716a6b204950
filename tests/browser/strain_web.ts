import { fromFileUrl, join } from "@std/path";
import { encodePng, synthesize, toRgb8 } from "@unet/data";
import { TiffWriter } from "@unet/infer/outputs";
import sharp from "sharp";
import { bombPng, goodPng, lyingPng, zipOf } from "../hostile/_files.ts";
import { grayTags, handmadeTiff } from "../hostile/_tiff.ts";
import { tiffBombs } from "../hostile/_tiff_bombs.ts";
import { packedZeros, zipOfPacked } from "../hostile/_zip_bombs.ts";
import { runDeno } from "./call_web.ts";
import type { HostileFile } from "./call_web_limits.ts";

/** Writes a small image with nuclei, as `good.png`. */
export async function writeGood(folder: string): Promise<void> {
  const drawn = { count: 1, width: 96, height: 96, seed: 5 };
  const [sample] = synthesize(drawn);
  const png = await encodePng(toRgb8(sample!.image));
  await Deno.writeFile(join(folder, "good.png"), png);
}

/** Writes 4096×4096 pixels of nuclei, as `large.tif`. */
export async function writeLarge(folder: string, side = 4096): Promise<void> {
  const drawn = { count: 1, width: 512, height: 512, seed: 3 };
  const [sample] = synthesize(drawn);
  const { width, data } = toRgb8(sample!.image);
  await using tiff = await TiffWriter.open(join(folder, "large.tif"), {
    ...{ width: side, height: side, type: "uint8" },
  });
  const row = new Uint8Array(side);
  for (let y = 0; y < side; y++) {
    const from = y % width * width;
    for (let x = 0; x < side; x++) row[x] = data[3 * (from + x % width)]!;
    await tiff.writeRows(row);
  }
  await tiff.finish();
}

/** A gray image of floats, of which some are no numbers. */
function nanTiff(): Uint8Array {
  const values = Float32Array.from(
    { length: 64 * 48 },
    (_, at) => at % 97 === 0 ? NaN : at % 500,
  );
  return handmadeTiff({
    directories: [[
      ...grayTags(64, 48),
      [258, 3, [32]],
      [279, 4, [4 * values.length]],
      [339, 3, [3]],
    ]],
    data: new Uint8Array(values.buffer),
  });
}

/** Red, green and blue of 16 bits. */
async function rgb16Png(): Promise<Uint8Array> {
  const data = Uint16Array.from({ length: 3 * 64 * 48 }, (_, at) => at * 7);
  return await sharp(data, { raw: { width: 64, height: 48, channels: 3 } })
    .toColorspace("rgb16").png().toBuffer();
}

const zeros = packedZeros(new Uint8Array(1), 600);
const unpacked = 1 + 600 * 2 ** 20;

/** A file that is given to the page, and the line that it ends in. */
interface Hostile {
  readonly name: string;
  readonly make: () => Uint8Array | Promise<Uint8Array>;
  /** None where a mask is found. */
  readonly line?: RegExp;
}

/** Files that the page does not take, in the order in which it says so. */
const refused: readonly Hostile[] = [
  {
    name: "empty.zip",
    make: () => new Uint8Array(0),
    line: /^Cannot read zip "empty.zip": found a damaged zip /,
  },
  {
    name: "empty.safetensors",
    make: () => new Uint8Array(0),
    line: /^Cannot load model "empty.safetensors": found an empty file, /,
  },
  {
    name: "notes.txt",
    make: () => new Uint8Array(9),
    line: /^Cannot open file "notes.txt": found the ending ".txt", /,
  },
  {
    name: "bomb.zip",
    make: () => zipOfPacked([{ name: "a.png", packed: zeros, unpacked }]),
    line: /^Cannot read zip "bomb.zip": found more than 536870912 bytes /,
  },
  {
    name: "zip.zip",
    make: async () => zipOf([["b.zip", zipOf([["a.png", await goodPng()]])]]),
    line: /^Cannot read zip "zip.zip": found no image, /,
  },
];

/** Images that cannot be read, in the order in which they are tried. */
const failing: readonly Hostile[] = [
  {
    name: "empty.png",
    make: () => new Uint8Array(0),
    line: /^Cannot read image "empty.png": found an empty file, /,
  },
  {
    name: "empty.tif",
    make: () => new Uint8Array(0),
    line: /^Cannot read image "empty.tif": found an empty file, /,
  },
  {
    name: "bomb.png",
    make: bombPng,
    line: /^Cannot read image "bomb.png": found 30000×30000 pixels, /,
  },
  {
    name: "lying.png",
    make: lyingPng,
    line: /^Cannot read image "lying.png": found 30000×30000 pixels, /,
  },
  {
    name: "bomb.tif",
    make: tiffBombs["tiles of a gigabyte in the same 33 KB"]![0],
    line: /: found 4.0 GB of pixels in 32 KB .* use the command unet segment$/,
  },
];

/** Images that are odd, or called what a page might run, mix up or cut off. */
const odd: readonly Hostile[] = [
  { name: "<img src=x onerror=marked=1>.png", make: () => goodPng() },
  { name: "../\u202egnp.細胞 ядро 🔬.png", make: () => goodPng() },
  { name: `${"long".repeat(100)}.png`, make: () => goodPng() },
  { name: "same.png", make: () => goodPng() },
  { name: "same.png", make: () => goodPng() },
  { name: "1x1.png", make: () => goodPng(1, 1) },
  { name: "3x4000.png", make: () => goodPng(3, 4000) },
  { name: "rgb16.png", make: rgb16Png },
  { name: "nan.tif", make: nanTiff },
];

/** What the page says of the files of `writeHostile()`. */
export const hostileLines: {
  /** Line by line. */
  readonly lines: readonly RegExp[];
  /** How many of them get a mask. */
  readonly masks: number;
} = {
  lines: [...refused, ...failing].map(({ line }) => line!),
  masks: odd.length,
};

/** Writes all of them, and `files.json`, which lists their names. */
export async function writeHostile(folder: string): Promise<void> {
  const list: HostileFile[] = [];
  for (
    const [index, { name, make }] of [...odd, ...failing, ...refused].entries()
  ) {
    const file = `hostile-${index}`;
    await Deno.writeFile(join(folder, file), await make());
    list.push({ name, file });
  }
  await Deno.writeTextFile(join(folder, "files.json"), JSON.stringify(list));
}

/**
 * Writes a build of the page that is newer than one that is there: each of its
 * own files is another.
 *
 * @param site The one that is there.
 * @param folder Where to.
 */
export async function writeNewer(site: string, folder: string): Promise<void> {
  const programs = join(folder, "programs");
  await Deno.mkdir(join(programs, "page"), { recursive: true });
  for (
    const [from, to] of [["page.js", "page/main.js"], [
      "worker.js",
      "worker.js",
    ]]
  ) {
    const text = await Deno.readTextFile(join(site, from!));
    await Deno.writeTextFile(join(programs, to!), `${text}\n// newer\n`);
  }
  const root = fromFileUrl(new URL("../../", import.meta.url));
  await runDeno([
    ...["run", "--quiet", "-P=web", "studio/web/main.ts"],
    ...[programs, join(folder, "newer")],
  ], root);
}
