import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { openImage } from "../images/open_image.ts";
import { openStack } from "../images/open_stack.ts";
import type { OpenImageOptions } from "../images/opened_image.ts";
import { unpackZarr, zarrZip } from "./fixtures/unpacked.ts";

/** Where a value lies; see the script that wrote the fixtures. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly z?: number;
  readonly c?: number;
  readonly t?: number;
}

const valueAt = ({ x, y, z = 0, c = 0, t = 0 }: Place, step = 1): number =>
  (x + 3 * y) * step + 17 * z + 31 * c + 57 * t;

/** Reads an image whole, and by windows that cut chunks anywhere. */
async function readAll(
  path: string,
  options: OpenImageOptions = {},
): Promise<{ width: number; values: number[] }> {
  await using image = await openImage(path, options);
  const { width, height, channels } = image;
  const whole = await image.read(0, 0, width, height);
  for (const [x, y, across, down] of [[1, 1, 3, 5], [width - 2, 2, 2, 4]]) {
    const part = await image.read(x!, y!, across!, down!);
    for (let line = 0; line < down!; line++) {
      const from = ((y! + line) * width + x!) * channels;
      assertEquals(
        part.data.slice(
          line * across! * channels,
          (line + 1) * across! * channels,
        ),
        whole.data.slice(from, from + across! * channels),
      );
    }
  }
  return { width, values: [...whole.data] };
}

/** Each place of an image, row by row. */
function places(width: number, height: number): Place[] {
  return Array.from({ length: width * height }, (_, at) => ({
    x: at % width,
    y: Math.floor(at / width),
  }));
}

for (const name of ["v04", "v05"]) {
  for (const kind of ["a folder", "a zip"]) {
    Deno.test(`openImage() reads what ome-zarr wrote as ${name} from ${kind}`, async () => {
      await using folder = await temporaryFolder();
      const path = kind === "a zip"
        ? zarrZip(name)
        : await unpackZarr(name, folder.path);
      const part = { channel: "gfp", plane: 2, time: 1 } as const;
      const { values } = await readAll(path, part);
      assertEquals(
        values,
        places(21, 13).map((at) => valueAt({ ...at, c: 1, z: 2, t: 1 })),
      );
      await using image = await openImage(path, { channel: 0 });
      assertEquals([image.width, image.height, image.depth], [21, 13, 16]);
      assertEquals([image.planes, image.times], [3, 2]);
      assertEquals(image.channelNames, ["DAPI", "GFP"]);
      assertEquals(image.pixelSize, { x: 0.25, y: 0.5 });
      assertEquals(image.levels, [
        { width: 21, height: 13 },
        { width: 11, height: 7 },
      ]);
      assertEquals(image.notes.map(({ text }) => text), [
        "3 planes: plane 0 taken",
        "2 time points: time 0 taken",
      ]);
    });
  }

  Deno.test(`openImage() reads levels, projections and channels of ${name}`, async () => {
    const path = zarrZip(name);
    const small = await readAll(path, {
      channel: 0,
      level: 1,
      plane: 1,
      time: 0,
    });
    assertEquals(
      small.values,
      places(11, 7).map((at) => valueAt(at, 2) + 17),
    );
    await using level = await openImage(path, { channel: 0, level: 1 });
    assertEquals(level.pixelSize, { x: 0.5, y: 1 });
    const most = await readAll(path, { channel: "max", plane: "max", time: 1 });
    assertEquals(
      most.values,
      places(21, 13).map((at) => valueAt({ ...at, c: 1, z: 2, t: 1 })),
    );
    const both = await readAll(path, {
      channels: [1, "DAPI"],
      plane: 0,
      time: 0,
    });
    assertEquals(
      both.values,
      places(21, 13).flatMap((at) => [valueAt({ ...at, c: 1 }), valueAt(at)]),
    );
  });
}

Deno.test("openStack() opens the planes of an OME-Zarr one after another", async () => {
  await using stack = await openStack(zarrZip("v05"), {
    channel: 0,
    axis: "plane",
  });
  assertEquals([stack.planes, stack.times], [3, 2]);
  for (const plane of [0, 2]) {
    await using image = await stack.open({ plane, time: 0 });
    const { data } = await image.read(20, 12, 1, 1);
    assertEquals(data[0], valueAt({ x: 20, y: 12, z: plane }));
  }
});

Deno.test("openImage() reads each kind of array that zarr wrote", async () => {
  const expected = places(15, 11).map((at) => valueAt(at));
  const kinds: Record<string, (value: number) => number> = {
    zlib: (value) => value,
    gzip: (value) => value - 50,
    lz4: (value) => value + 70000,
    plain: (value) => value / 4,
    column: (value) => value,
    truth: (value) => value % 2 * 255,
    long: (value) => value + 2 ** 40,
  };
  const depths: Record<string, number> = { zlib: 16, column: 16, truth: 8 };
  for (const [name, change] of Object.entries(kinds)) {
    const { values } = await readAll(zarrZip(name));
    assertEquals(values, expected.map((one) => Math.fround(change(one))), name);
    await using image = await openImage(zarrZip(name));
    assertEquals(image.depth, depths[name] ?? 32, name);
  }
});

Deno.test("openImage() reads chunks that are not stored as the fill value", async () => {
  const { values } = await readAll(zarrZip("filled"));
  assertEquals(
    values,
    places(15, 11).map((at) =>
      at.y >= 4 && at.y < 8 && at.x >= 6 && at.x < 12 ? 7 : valueAt(at)
    ),
  );
});

Deno.test("openImage() reads axes in their own order", async () => {
  const { width, values } = await readAll(zarrZip("turned"));
  assertEquals(width, 15);
  assertEquals(values, places(15, 11).map((at) => valueAt(at)));
});

Deno.test("openImage() reads shards, with their index at either end", async () => {
  const deep = await readAll(zarrZip("sharded"), { plane: 2 });
  assertEquals(
    deep.values,
    places(30, 20).map((at) => valueAt({ ...at, z: 2 })),
  );
  const start = await readAll(zarrZip("shard-start"));
  assertEquals(start.values, places(30, 20).map((at) => valueAt(at)));
});

Deno.test("openImage() reads the coordinate systems of 0.6", async () => {
  await using image = await openImage(zarrZip("v06"), { plane: 1 });
  assertEquals([image.width, image.planes], [12, 2]);
  assertEquals(image.pixelSize, { x: 0.25, y: 0.5 });
});

Deno.test("openImage() reads three channels in red, green and blue as color", async () => {
  await using image = await openImage(zarrZip("rgb"));
  assertEquals([image.channels, image.depth], [3, 8]);
  assertEquals(image.channelNames, ["red", "green", "blue"]);
  assertEquals([...(await image.read(4, 2, 1, 1)).data], [10, 41, 72]);
  assertEquals(image.notes.map(({ text }) => text), [
    "3 channels without names in red, green and blue: read as color",
  ]);
  await using green = await openImage(zarrZip("rgb"), { channel: "green" });
  assertEquals([green.channels, green.notes.length], [1, 0]);
});

Deno.test("openImage() takes the first of several images and says so", async () => {
  const path = zarrZip("series");
  await using first = await openImage(path);
  assertEquals(first.notes.map(({ text }) => text), [
    'several images: the first, "0", taken',
  ]);
  await using second = await openImage(join(path, "1"));
  assertEquals((await second.read(0, 0, 1, 1)).data[0], 1);
});

Deno.test("openImage() opens a field of a plate and names those of a plate", async () => {
  for (const name of ["plate04", "plate05"]) {
    await using field = await openImage(join(zarrZip(name), "B/10/1"));
    assertEquals([...(await field.read(0, 0, 2, 1)).data], [2, 3]);
    const error = await assertRejects(
      () => openImage(zarrZip(name)),
      FileError,
    );
    assertStringIncludes(
      error.message,
      "found a plate of 4 fields, expected an OME-Zarr image; name one of its fields, as A/1/0",
    );
  }
});

Deno.test("openImage() refuses what an OME-Zarr does not have", async () => {
  const path = zarrZip("v04");
  const tries: [OpenImageOptions, string][] = [
    [{}, 'found 2 channels (0 "DAPI", 1 "GFP"), expected color or gray'],
    [{ channel: 0, level: 2 }, "found levels 0 to 1, expected level 2"],
    [{ channel: 0, plane: 3 }, "found planes 0 to 2, expected plane 3"],
    [{ channel: 0, time: 2 }, "found times 0 to 1, expected time 2"],
    [{ channel: "cy5" }, 'expected a channel "cy5"'],
  ];
  for (const [options, words] of tries) {
    const error = await assertRejects(
      () => openImage(path, options),
      FileError,
    );
    assertStringIncludes(error.message, words);
  }
});

Deno.test("openImage() says of three channels that nothing describes how they become color", async () => {
  await using folder = await temporaryFolder();
  const path = await unpackZarr("rgb", folder.path);
  const file = join(path, "zarr.json");
  const about = JSON.parse(await Deno.readTextFile(file));
  const { omero } = about.attributes.ome;
  delete about.attributes.ome.omero;
  await Deno.writeTextFile(file, JSON.stringify(about));
  await assertRejects(
    () => openImage(path),
    FileError,
    "give them the colors FF0000, 00FF00 and 0000FF in its omero metadata",
  );
  about.attributes.ome.omero = omero;
  await Deno.writeTextFile(file, JSON.stringify(about));
  await using image = await openImage(path);
  assertEquals(image.channels, 3);
});
