import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { basename, fromFileUrl } from "@std/path";
import { DatasetError } from "@unet/errors";
import sharp from "sharp";
import { cacheDataset } from "../cache/cache.ts";
import { readCachedWindow } from "../cache/cached_case.ts";
import { checkDataset } from "./check.ts";
import { openDataset } from "./dataset.ts";
import { encodePng } from "../images/encode_png.ts";
import type { Fault } from "./fault.ts";
import { datasetOf } from "../fixtures/dataset_folder.ts";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import type { ImageChoice } from "../images/image_choice.ts";
import { openImage } from "../images/open_image.ts";
import { readCase } from "./read_case.ts";
import { toRgb8 } from "../images/rgb8.ts";
import series from "../fixtures/series.json" with { type: "json" };

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/series/${name}`, import.meta.url));

/** Files that need others beside them. */
const together: Readonly<Record<string, readonly string[]>> = {
  uuid: ["uuid-c0.ome.tif", "uuid-c1.ome.tif"],
  names: ["names-c0.ome.tif", "names-c1.ome.tif"],
  both: ["both-t0.ome.tif", "both-t1.ome.tif"],
  index: ["index.ome.tif", "uuid-c0.ome.tif", "uuid-c1.ome.tif"],
  companion: [
    ...["companion-t0.ome.tif", "companion-t1.ome.tif", "well.companion.ome"],
  ],
};

async function mask(width: number, height: number): Promise<Uint8Array> {
  const data = new Uint8Array(width * height).fill(255, width + 1, width + 3);
  return await encodePng({ width, height, channels: 1, depth: 8, data });
}

/** A dataset of one fixture, whatever it is called, and a mask. */
async function datasetOfFixture(path: string, file: string) {
  const { width, height } = series.find((one) => one.file === file)!;
  const names = together[file.split(/[-.]/)[0]!] ?? [file];
  const files = await Promise.all(names.map(async (name) =>
    [
      `images/${name}`,
      await Deno.readFile(fixture(name)),
    ] as const
  ));
  const id = file.replace(/(\.ome)?\.\w+$/, "");
  return await datasetOf(path, {
    ...Object.fromEntries(files),
    [`masks/${id}.png`]: await mask(width, height),
  });
}

Deno.test("readCase() reads images as openImage() does, with its choices and notes", async () => {
  for (const [at, one] of series.entries()) {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/${at}`;
    const dataset = await datasetOfFixture(path, one.file);
    const options = one.options as ImageChoice;
    await using reader = await openImage(fixture(one.file), options);
    const whole = await reader.read(0, 0, reader.width, reader.height);
    const each = dataset.cases.find(({ images }) =>
      basename(images[0]!.name) === one.file
    )!;
    const warnings: Fault[] = [];
    const onWarning = (fault: Fault) => {
      // Of the dataset, not of the image.
      if (fault.kind !== "other-files") warnings.push(fault);
    };
    const { image } = await readCase(each, { ...options, onWarning });
    assertEquals(image, whole, one.file);
    assertEquals(
      warnings.map(({ kind, message }) => ({ kind, message })),
      reader.notes.map(({ kind, text }) => ({
        kind,
        message: `images/${one.file}: ${text}`,
      })),
    );
    dataset.close();
  }
});

/** A mask with an orientation tag. */
async function turnedMask(orientation: number): Promise<Uint8Array> {
  return await sharp(await mask(4, 4)).withMetadata({ orientation }).png()
    .toBuffer();
}

Deno.test("readCase() warns of an image or mask that viewers turn, once where both are turned alike", async () => {
  const upright = await encodePng({
    ...{ width: 4, height: 4, channels: 1, depth: 8 },
    data: Uint8Array.from({ length: 16 }, (_, at) => at * 16),
  });
  const turned = await Deno.readFile(fixture("turned.png"));
  for (
    const [image, own, expected] of [
      [turned, await mask(4, 4), ["images/a.png"]],
      [upright, await turnedMask(3), ["masks/a.png"]],
      [turned, await turnedMask(6), ["images/a.png"]],
      [turned, await turnedMask(8), ["images/a.png", "masks/a.png"]],
      [upright, await turnedMask(1), []],
    ] as const
  ) {
    await using folder = await temporaryFolder();
    const dataset = await datasetOf(folder.path, {
      "images/a.png": image,
      "masks/a.png": own,
    });
    const { faults } = await checkDataset(dataset);
    dataset.close();
    const about = faults.filter(({ kind }) => kind === "orientation");
    assertEquals(
      about.map(({ severity, message }) => [severity, message.split(":")[0]]),
      expected.map((name) => ["warning", name]),
    );
  }
});

Deno.test("readCase() warns once of all masks of a case that viewers turn", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(folder.path, {
    "a/images/a.png": await mask(4, 4),
    "a/masks/1.png": await turnedMask(6),
    "a/masks/2.png": await turnedMask(6),
  });
  const { faults } = await checkDataset(dataset);
  dataset.close();
  const about = faults.filter(({ kind }) => kind === "orientation");
  assertEquals(about.length, 1);
});

Deno.test("checkDataset() refuses channels that are no color, as openImage() does", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOfFixture(folder.path, "planar-two.tif");
  const { faults } = await checkDataset(dataset);
  const path = `${folder.path}/images/planar-two.tif`;
  assertEquals(faults, [{
    kind: "unreadable-image",
    severity: "error",
    case: "planar-two",
    message:
      `Cannot read image "${path}": found 2 channels (0 "channel 0", 1 "channel 1"), expected color or gray; choose one by \`channel\`: its number or name, or max or mean of all; or several by \`channels\``,
  }]);
  assertEquals((await checkDataset(dataset, { channel: 1 })).faults, []);
  dataset.close();
});

Deno.test("cacheDataset() keeps each choice apart, and gives its warnings from the cache too", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOfFixture(
    `${folder.path}/data`,
    "shaped-tzcyx.tif",
  );
  const path = fixture("shaped-tzcyx.tif");
  const choices: ImageChoice[] = [
    { channel: 0 },
    { channel: 1 },
    { channel: 0, plane: 2 },
    { channel: 0, plane: "max", time: 1 },
  ];
  const paths = new Set<string>();
  for (const choice of [...choices, ...choices]) {
    const warnings: string[] = [];
    const [cached] = await cacheDataset(dataset, {
      folder: `${folder.path}/cache`,
      ...choice,
      onWarning: ({ kind }) => warnings.push(kind),
    });
    paths.add(cached!.path);
    await using reader = await openImage(path, choice);
    const { width, height, notes } = reader;
    const seen = toRgb8(await reader.read(0, 0, width, height));
    const { image } = readCachedWindow(cached!);
    assertEquals(
      [...image.data],
      [...seen.data].filter((_, at) => at % 3 === 0),
    );
    assertEquals(warnings, notes.map(({ kind }) => kind));
  }
  assertEquals(paths.size, choices.length);
  await assertRejects(
    () => cacheDataset(dataset, { folder: `${folder.path}/cache` }),
    DatasetError,
  );
  dataset.close();
});

Deno.test("cacheDataset() notices another content of a file that holds pages of an image", async () => {
  await using folder = await temporaryFolder();
  const data = `${folder.path}/data`;
  (await datasetOfFixture(data, "uuid-c0.ome.tif")).close();
  const cache = async () => {
    const dataset = await openDataset(data);
    const [cached] = await cacheDataset(dataset, {
      folder: `${folder.path}/cache`,
      channel: 1,
      // The other file has no mask of its own.
      skipFaulty: true,
    });
    dataset.close();
    return cached!;
  };
  const first = await cache(), again = await cache();
  assertEquals(again, first);
  const other = `${data}/images/uuid-c1.ome.tif`;
  const bytes = await Deno.readFile(other);
  bytes[bytes.length - 30]! ^= 255;
  await Deno.writeFile(other, bytes);
  const changed = await cache();
  assertNotEquals(changed.path, first.path);
  assertNotEquals(
    readCachedWindow(changed).image.data,
    readCachedWindow(first).image.data,
  );
});

Deno.test("readCase() finds the other files of an image in a zip too, in its own folder alone", async () => {
  await using folder = await temporaryFolder();
  const contents = await Promise.all(
    together.uuid!.map((name) => Deno.readFile(fixture(name))),
  );
  const [first, second] = contents as [Uint8Array, Uint8Array];
  const { width, height } = series.find(({ file }) => /^uuid/.test(file))!;
  const zip = async (name: string, other: string) => {
    const path = `${folder.path}/${name}.zip`;
    const parts = {
      "images/uuid-c0.ome.tif": first,
      [other]: second,
      "masks/uuid-c0.png": await mask(width, height),
    };
    await Deno.writeFile(
      path,
      handmadeZip(
        Object.entries(parts).map(([name, content]) => ({ name, content })),
      ),
    );
    const dataset = await openDataset(path);
    return dataset.cases.find(({ images }) =>
      images[0]?.name === "images/uuid-c0.ome.tif"
    )!;
  };
  await using reader = await openImage(fixture("uuid-c0.ome.tif"), {
    channel: "DAPI",
  });
  const beside = await zip("together", "images/uuid-c1.ome.tif");
  const { image } = await readCase(beside, { channel: "DAPI" });
  assertEquals(image, await reader.read(0, 0, width, height));
  const apart = await zip("apart", "other/uuid-c1.ome.tif");
  await assertRejects(
    () => readCase(apart, { channel: "DAPI" }),
    DatasetError,
    'lies in "uuid-c1.ome.tif", which is not beside it',
  );
});
