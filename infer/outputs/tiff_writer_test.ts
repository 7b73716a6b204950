import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import sharp from "sharp";
import { openImage } from "@unet/data";
import { FileError } from "@unet/errors";
import { sampleTiffs, valuesOf } from "./fixtures/sample_tiffs.ts";
import { writeTiffs } from "./fixtures/write_samples.ts";
import { type TiffOptions, TiffWriter } from "./tiff_writer.ts";
import type { Values } from "./values.ts";

/** What tifffile and OpenSlide read; see `fixtures/judge_samples.py`. */
interface JudgedTiff {
  big: boolean;
  levels: { shape: number[]; type: string; sha256: string }[];
  pixelSize: [number, number];
  openslide: [number, number][];
  openslidePixelSize: number;
}

const judged: Record<string, JudgedTiff> = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/judged.json", import.meta.url)),
).tiffs;

let folder: string;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  await writeTiffs(folder);
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

async function digestOf(values: Values): Promise<string> {
  const bytes = new Uint8Array(values.buffer as ArrayBuffer);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

/** The next level, pixel by pixel. */
function halved(
  values: Values,
  [height, width, channels = 1]: readonly number[],
  pyramid: "nearest" | "mean",
): Values {
  const Type = values.constructor as new (length: number) => Values;
  const half = new Type(
    Math.ceil(height! / 2) * Math.ceil(width! / 2) * channels,
  );
  let to = 0;
  for (let y = 0; y < height!; y += 2) {
    for (let x = 0; x < width!; x += 2) {
      for (let c = 0; c < channels; c++) {
        const at = (dy: number, dx: number) =>
          values[
            (Math.min(height! - 1, y + dy) * width! +
                Math.min(width! - 1, x + dx)) * channels + c
          ]!;
        const mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4;
        half[to++] = pyramid === "nearest"
          ? at(0, 0)
          : values instanceof Float32Array
          ? mean
          : Math.floor(mean + 0.5);
      }
    }
  }
  return half;
}

/** A level of a written file, as libtiff within sharp reads it. */
async function readLevel(
  path: string,
  level: number,
  { channels = 1, type }: TiffOptions,
): Promise<Values> {
  // Levels of 8 bits are pages, of all other types sub-directories.
  let image = sharp(
    path,
    level === 0 ? {} : type === "uint8" ? { page: level } : {
      subifd: level - 1,
    },
  );
  if (type === "uint16") {
    const space = channels === 1 ? "grey16" : "rgb16";
    image = image.pipelineColorspace(space).toColorspace(space);
  }
  const { data, info } = await image.raw({ depth: sharpDepths[type] })
    .toBuffer({ resolveWithObject: true });
  const Type = valuesOf({ width: 1, height: 1, type })
    .constructor as new (bytes: ArrayBuffer) => Values;
  const read = new Type(new Uint8Array(data).buffer);
  // Sharp makes three channels of one.
  const step = info.channels / channels;
  return read.filter((_, index) => index % step === 0) as Values;
}

const sharpDepths = {
  uint8: "uchar",
  uint16: "ushort",
  uint32: "uint",
  float32: "float",
} as const;

/** Three floats of a pixel, which sharp would take for light and convert. */
async function readFloats(path: string, level: number): Promise<Values> {
  await using image = await openImage(path, { level });
  const { width, height } = image;
  const { data } = await image.read(0, 0, width, height);
  return data;
}

for (const { name, options } of sampleTiffs) {
  const { channels = 1, type, pyramid } = options;
  const path = () => `${folder}/${name}.tif`;

  Deno.test(`tifffile and OpenSlide read ${name} with its levels and pixel size`, async () => {
    const found = judged[name]!;
    assertEquals(found.big, options.largestClassic !== undefined);
    assertEquals(found.levels.length, 4);
    let values = valuesOf(options);
    for (const { shape, type: itsType, sha256 } of found.levels) {
      assertEquals(itsType, type);
      assertEquals(await digestOf(values), sha256);
      values = halved(values, shape, pyramid!);
    }
    assert(Math.abs(found.pixelSize[0] / 0.25 - 1) < 1e-9);
    assert(Math.abs(found.pixelSize[1] / 0.3 - 1) < 1e-9);
    assertEquals(found.openslidePixelSize, 0.25);
    const sizes = [[301, 203], [151, 102], [76, 51], [38, 26]];
    assertEquals(found.openslide, type === "uint8" ? sizes : sizes.slice(0, 1));
  });

  Deno.test(`TiffWriter writes ${name} with the levels that tifffile reads in it`, async () => {
    const { pages = 1, subifds = 0 } = await sharp(path()).metadata();
    assertEquals([pages, subifds], type === "uint8" ? [4, 0] : [1, 3]);
    for (const [level, { sha256 }] of judged[name]!.levels.entries()) {
      const values = type === "float32" && channels === 3
        ? await readFloats(path(), level)
        : await readLevel(path(), level, options);
      assertEquals(await digestOf(values), sha256);
    }
  });

  Deno.test(`TiffWriter writes ${name} with its pixel size, as a ${judged[name]!.big ? "BigTIFF" : "classic TIFF"}`, async () => {
    const [, , magic] = await Deno.readFile(path());
    assertEquals(magic, judged[name]!.big ? 43 : 42);
    await using image = await openImage(path());
    assert(Math.abs(image.pixelSize!.x / 0.25 - 1) < 1e-9);
    assert(Math.abs(image.pixelSize!.y / 0.3 - 1) < 1e-9);
  });
}

Deno.test("TiffWriter makes the same file however the rows are cut", async () => {
  const options: TiffOptions = {
    ...{ width: 37, height: 70, channels: 3, type: "uint16", tile: 16 },
    pyramid: "mean",
  };
  const values = valuesOf(options) as Uint16Array, row = 37 * 3;
  const write = async (name: string, cuts: readonly number[]) => {
    await using tiff = await TiffWriter.open(`${folder}/${name}`, options);
    let y = 0;
    for (const cut of [...cuts, 70]) {
      // The writer may not hold on to the caller's array.
      const rows = values.slice(y * row, cut * row);
      await tiff.writeRows(rows);
      rows.fill(0);
      y = cut;
    }
    await tiff.finish();
    return await Deno.readFile(`${folder}/${name}`);
  };
  const whole = await write("whole.tif", []);
  const cuts = fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, async (cuts) => {
      assertEquals(
        await write("cut.tif", cuts.toSorted((a, b) => a - b)),
        whole,
      );
    }),
    { numRuns: 20 },
  );
});

Deno.test("TiffWriter writes images smaller than a tile, down to one pixel", async () => {
  for (const [width, height] of [[1, 1], [1, 300], [300, 1]] as const) {
    const path = `${folder}/${width}x${height}.tif`;
    const options = {
      width,
      height,
      type: "uint8",
      pyramid: "nearest",
    } as const;
    await using tiff = await TiffWriter.open(path, options);
    await tiff.writeRows(new Uint8Array(width * height).fill(7));
    await tiff.finish();
    const read = await sharp(path).toColorspace("b-w").raw().toBuffer();
    assertEquals(new Uint8Array(read), new Uint8Array(width * height).fill(7));
  }
});

const options = { width: 4, height: 3, type: "uint8" } as const;

Deno.test("TiffWriter refuses rows that do not fit, and continues with those that do", async () => {
  const path = `${folder}/refused.tif`;
  await using tiff = await TiffWriter.open(path, options);
  await assertRejects(
    () => tiff.writeRows(new Uint8Array(5)),
    RangeError,
    "Cannot write TIFF: found 5 values, expected rows of 4",
  );
  await assertRejects(
    () => tiff.writeRows(new Uint16Array(4)),
    TypeError,
    "Cannot write TIFF: found Uint16Array, expected Uint8Array",
  );
  await tiff.writeRows(new Uint8Array(8));
  await assertRejects(
    () => tiff.finish(),
    RangeError,
    "Cannot write TIFF: found 2 rows at the end, expected 3",
  );
  await assertRejects(
    () => tiff.writeRows(new Uint8Array(8)),
    RangeError,
    "Cannot write TIFF: found 4 rows, expected 3",
  );
  await tiff.writeRows(new Uint8Array(4));
  await tiff.finish();
  await assertRejects(
    () => tiff.finish(),
    TypeError,
    "found it finished or aborted",
  );
});

Deno.test("TiffWriter refuses sizes, tiles and pixel sizes that cannot be, before it makes a file", async () => {
  const place = await Deno.makeTempDir();
  const cases: [Partial<TiffOptions>, string][] = [
    [{ width: 0 }, "found 0×3 pixels, expected integers from 1"],
    [{ height: 1.5 }, "found 4×1.5 pixels"],
    [{ width: NaN }, "found NaN×3 pixels"],
    [{ tile: 100 }, "found tiles of 100, expected a multiple of 16"],
    [{ tile: 0 }, "found tiles of 0"],
    [{ pixelSize: { x: 0, y: 1 } }, "found a pixel size of 0×1 µm"],
    [{ pixelSize: { x: 1, y: NaN } }, "found a pixel size of 1×NaN µm"],
  ];
  for (const [change, message] of cases) {
    await assertRejects(
      () => TiffWriter.open(`${place}/a.tif`, { ...options, ...change }),
      RangeError,
      `Cannot write TIFF: ${message}`,
    );
  }
  assertEquals([...Deno.readDirSync(place)], []);
});

Deno.test("TiffWriter leaves nothing where it is aborted, and says where it cannot write", async () => {
  const place = await Deno.makeTempDir();
  {
    await using tiff = await TiffWriter.open(`${place}/a.tif`, options);
    await tiff.writeRows(new Uint8Array(4));
  }
  assertEquals([...Deno.readDirSync(place)], []);
  await Deno.writeTextFile(`${place}/file`, "");
  await assertRejects(
    () => TiffWriter.open(`${place}/file/a.tif`, { ...options, thing: "mask" }),
    FileError,
    `Cannot write mask "${place}/file/a.tif": found a file`,
  );
});

Deno.test("TiffWriter widens 16 bits of one channel alone", async () => {
  await using tiff = await TiffWriter.open(`${folder}/a.tif`, options);
  await assertRejects(
    () => tiff.widen(),
    TypeError,
    "Cannot widen TIFF: found 1 of uint8, expected 1 of uint16",
  );
});

Deno.test("TiffWriter refuses no planes, too many, and those with colors", async () => {
  const path = `${folder}/planes.tif`;
  const size = { width: 2, height: 1, type: "uint8" } as const;
  for (
    const [planes, channels] of [[0, 1], [1025, 1], [1.5, 1], [2, 3]] as const
  ) {
    await assertRejects(
      () => TiffWriter.open(path, { ...size, planes, channels }),
      RangeError,
      `Cannot write TIFF: found ${planes} planes of ${channels} channels, ` +
        "expected 1 to 1024 of one channel",
    );
  }
});
