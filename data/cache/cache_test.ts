import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { DatasetError, FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { cacheDataset, cacheSamples } from "./cache.ts";
import { type CachedCase, readCachedWindow } from "./cached_case.ts";
import { type Dataset, openDataset } from "../dataset/dataset.ts";
import type { Fault } from "../dataset/fault.ts";
import { datasetOf } from "../fixtures/dataset_folder.ts";
import { grayPng } from "../fixtures/handmade_png.ts";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { channelRanges, normalizeChannels } from "../images/channel_values.ts";
import { cropImage } from "../images/crop_image.ts";
import { encodePng } from "../images/encode_png.ts";
import type { MaskOptions } from "../masks/mask_options.ts";
import { readCase } from "../dataset/read_case.ts";
import { toRgb8 } from "../images/rgb8.ts";
import { writeKaggle } from "../dataset/write_kaggle.ts";
import type { Image, Sample } from "../types.ts";

const gray = grayPng(3, 2, [0, 200, 0, 130, 255, 9]);
const mask = grayPng(3, 2, [0, 255, 0, 0, 0, 255]);

const color: Image = {
  width: 2,
  height: 2,
  channels: 4,
  depth: 8,
  data: Uint8Array.from({ length: 16 }, (_, index) => index * 16),
};

/** Counts the files that are read of a dataset. */
function counting(dataset: Dataset): { dataset: Dataset; reads: () => number } {
  let reads = 0;
  const wrap = (file: Dataset["cases"][0]["images"][0]) => ({
    ...file,
    read: () => {
      reads++;
      return file.read();
    },
  });
  const cases = dataset.cases.map((each) => ({
    ...each,
    images: each.images.map(wrap),
    masks: each.masks.map(wrap),
  }));
  return { dataset: { ...dataset, cases }, reads: () => reads };
}

async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) names.push(entry.name);
  return names.sort();
}

Deno.test("cacheDataset() keeps what readCase() and toRgb8() give", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/gray.png": gray,
    "masks/gray.png": mask,
    "images/color.png": await encodePng(color),
    "masks/color.png": grayPng(2, 2, [0, 1, 2, 3]),
    "images/wide.png": await encodePng({
      width: 2,
      height: 1,
      channels: 1,
      depth: 16,
      data: Uint16Array.of(500, 2500),
    }),
    "masks/wide.png": grayPng(2, 1, [0, 255]),
  });
  const progress: number[] = [];
  const cached = await cacheDataset(dataset, {
    folder: `${folder.path}/cache`,
    onProgress: (done, total) => progress.push(done / total),
  });
  assertEquals(progress, [1 / 3, 2 / 3, 1]);
  assertEquals(cached.map(({ path: _, content: __, ...rest }) => rest), [
    {
      ...{ id: "color", width: 2, height: 2, modality: "stained", nuclei: 3 },
      foreground: 3 / 4,
      labeled: 1,
    },
    {
      ...{
        id: "gray",
        width: 3,
        height: 2,
        modality: "brightfield",
        nuclei: 1,
      },
      foreground: 2 / 6,
      labeled: 1,
    },
    {
      ...{
        id: "wide",
        width: 2,
        height: 1,
        modality: "brightfield",
        nuclei: 1,
      },
      foreground: 1 / 2,
      labeled: 1,
    },
  ]);
  assertEquals(new Set(cached.map(({ content }) => content)).size, 3);
  assertEquals(structuredClone(cached), cached);
  for (const [index, each] of dataset.cases.entries()) {
    const sample = await readCase(each);
    const kept = readCachedWindow(cached[index]!);
    assertEquals(kept.id, each.id);
    assertEquals(kept.labels, sample.labels);
    assertEquals(kept.image.channels, each.id === "color" ? 3 : 1);
    assertEquals(toRgb8(kept.image).data, toRgb8(sample.image).data);
  }
});

Deno.test("cacheDataset() reads nothing again where nothing changed", async () => {
  await using folder = await temporaryFolder();
  const options = { folder: `${folder.path}/cache` };
  const path = `${folder.path}/data.zip`;
  await writeFile(
    path,
    handmadeZip([
      { name: "images/a.png", content: gray },
      { name: "masks/a.png", content: mask },
    ]),
  );
  const cold = counting(await openDataset(path));
  const first = await cacheDataset(cold.dataset, options);
  cold.dataset.close();
  assertEquals(cold.reads(), 2);
  const warm = counting(await openDataset(path));
  assertEquals(await cacheDataset(warm.dataset, options), first);
  warm.dataset.close();
  assertEquals(warm.reads(), 0);
});

Deno.test("cacheDataset() finds the same content elsewhere without decoding it again", async () => {
  await using folder = await temporaryFolder();
  const options = { folder: `${folder.path}/cache` };
  const files = { "images/a.png": gray, "masks/a.png": mask };
  const one = await datasetOf(`${folder.path}/one`, files);
  const two = await datasetOf(`${folder.path}/two`, files);
  const [first] = await cacheDataset(one, options);
  const written = (await Deno.stat(first!.path)).ino;
  assertEquals(await cacheDataset(two, options), [first!]);
  assertEquals((await Deno.stat(first!.path)).ino, written);
});

Deno.test("cacheDataset() notices a changed file", async () => {
  await using folder = await temporaryFolder();
  const options = { folder: `${folder.path}/cache` };
  const data = `${folder.path}/data`;
  const files = { "images/a.png": gray, "masks/a.png": mask };
  const [first] = await cacheDataset(await datasetOf(data, files), options);
  // Of the same size, as a stored mask with one pixel repainted.
  const repainted = grayPng(3, 2, [0, 255, 0, 0, 0, 254]);
  await writeFile(`${data}/masks/a.png`, repainted);
  await Deno.utime(`${data}/masks/a.png`, 1, 1);
  const [second] = await cacheDataset(await openDataset(data), options);
  assertNotEquals(second!.path, first!.path);
});

Deno.test("cacheDataset() makes a cached file again that is cut off or damaged anywhere", async () => {
  await using folder = await temporaryFolder();
  const options = { folder: `${folder.path}/cache` };
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": gray,
    "masks/a.png": mask,
  });
  const [cached] = await cacheDataset(dataset, options);
  const whole = await Deno.readFile(cached!.path);
  const damages = [
    ...Array.from(whole.keys(), (length) => whole.subarray(0, length)),
    ...Array.from(whole.keys(), (at) => {
      const damaged = Uint8Array.from(whole);
      damaged[at]! ^= 0x40;
      return damaged;
    }),
    Uint8Array.of(...whole, 0),
  ];
  for (const [index, damage] of damages.entries()) {
    if (index % 3 > 0) continue;
    await Deno.writeFile(cached!.path, damage);
    assertEquals(await cacheDataset(dataset, options), [cached!]);
    assertEquals(await Deno.readFile(cached!.path), whole);
  }
  await Deno.remove(cached!.path);
  assertEquals(await cacheDataset(dataset, options), [cached!]);
});

Deno.test("cacheDataset() does without a damaged index", async () => {
  await using folder = await temporaryFolder();
  const options = { folder: `${folder.path}/cache` };
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": gray,
    "masks/a.png": mask,
    "images/b.png": grayPng(3, 2, [1, 2, 3, 4, 5, 6]),
    "masks/b.png": mask,
  });
  const first = await cacheDataset(dataset, options);
  const [name] = await filesIn(`${options.folder}/index`);
  const path = `${options.folder}/index/${name}`;
  const whole = await Deno.readTextFile(path);
  const [a, b] = first.map((each) => each.path.slice(-37, -5));
  const swapped = whole.replace(a!, "?").replace(b!, a!).replace("?", b!);
  assertNotEquals(swapped, whole);
  for (
    const text of [
      "",
      "{",
      whole.slice(0, 99),
      swapped,
      `${whole.slice(0, whole.indexOf(","))},"keys":{"":1}}`,
    ]
  ) {
    await Deno.writeTextFile(path, text);
    assertEquals(await cacheDataset(dataset, options), first);
    assertEquals(await Deno.readTextFile(path), whole);
  }
});

Deno.test("cacheDataset() does not advise leaving out every case", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/bad.png": "text",
    "masks/bad.png": mask,
  });
  for (const skipFaulty of [true, false]) {
    const options = { folder: `${folder.path}/cache`, skipFaulty };
    const error = await assertRejects(
      () => cacheDataset(dataset, options),
      DatasetError,
    );
    assertEquals(
      error.message,
      `Cannot use dataset "${folder.path}/data": found 1 error in 1 of 1 case, expected none; \`check\` lists them, no other case is left`,
    );
  }
});

Deno.test("cacheDataset() gathers the errors of all cases, or leaves these out", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/bad.png": "text",
    "masks/bad.png": mask,
    "images/good.png": gray,
    "masks/good.png": mask,
    "images/black.png": gray,
    "masks/black.png": grayPng(3, 2, Array(6).fill(0)),
    "images/other.png": gray,
    "masks/other.png": grayPng(2, 3, [1, 0, 0, 0, 0, 0]),
  });
  const cache = `${folder.path}/cache`;
  const error = await assertRejects(
    () => cacheDataset(dataset, { folder: cache }),
    DatasetError,
  );
  assertEquals(
    error.message,
    `Cannot use dataset "${folder.path}/data": found 2 errors in 2 of 4 cases, expected none; \`check\` lists them, \`skipFaulty\` leaves them out`,
  );
  assertEquals(error.faults.length, 2);
  const faults: Fault[] = [];
  const cached = await cacheDataset(dataset, {
    folder: cache,
    skipFaulty: true,
    onFault: (fault) => faults.push(fault),
  });
  assertEquals(cached.map((each) => each.id), ["black", "good"]);
  assertEquals(faults.map((fault) => [fault.case, fault.kind]), [
    ["bad", "unreadable-image"],
    ["other", "size-mismatch"],
  ]);
});

Deno.test("cacheDataset() refuses a dataset of which no case is left", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": "text",
  });
  await assertRejects(
    () => cacheDataset(dataset, { folder: folder.path, skipFaulty: true }),
    DatasetError,
    "found 2 errors in 1 of 1 case",
  );
});

Deno.test("cacheDataset() says when the cache cannot be written", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": gray,
    "masks/a.png": mask,
  });
  await writeFile(`${folder.path}/file`, "");
  await assertRejects(
    () => cacheDataset(dataset, { folder: `${folder.path}/file` }),
    FileError,
    "Cannot ",
  );
});

/** A sample with labels of any size of number. */
function sampleOf(id: string, ...labels: number[]): Sample {
  const size = { width: labels.length, height: 1 };
  const data = Uint8Array.from(labels, (_, index) => 250 - index);
  return {
    id,
    image: { ...size, channels: 1, depth: 8, data },
    labels: { ...size, data: Uint32Array.from(labels) },
  };
}

Deno.test("cacheDataset() decodes an OME-TIFF anew where another of its files changed", async () => {
  await using folder = await temporaryFolder();
  const names = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"] as const;
  const series = new URL("../fixtures/series/", import.meta.url);
  const [c0, c1] = await Promise.all(
    names.map((name) => Deno.readFile(new URL(name, series))),
  );
  const mask = grayPng(13, 11, new Uint8Array(13 * 11).fill(255, 20, 25));
  const place = `${folder.path}/data`;
  const first = await datasetOf(place, {
    [`images/${names[0]}`]: c0!,
    [`images/${names[1]}`]: c1!,
    "masks/uuid-c0.png": mask,
  });
  first.close();
  const content = async (): Promise<string> => {
    const dataset = await openDataset(place);
    const options = { folder: `${folder.path}/cache`, channel: 1 };
    const [cached] = await cacheDataset(dataset, options);
    dataset.close();
    return cached!.content;
  };
  const before = await content();
  assertEquals(await content(), before);
  // The pixels are the end of the file; the case's own files stay.
  const changed = Uint8Array.from(c1!).fill(0, -26);
  await writeFile(`${place}/images/${names[1]}`, changed);
  assertNotEquals(await content(), before);
});

Deno.test("cacheSamples() keeps samples as they come, with labels of any size", async () => {
  await using folder = await temporaryFolder();
  const samples = [
    sampleOf("small", 0, 255, 1),
    sampleOf("middle", 256, 65535, 0),
    sampleOf("large", 65536, 4294967294, 7, 7),
    sampleOf("none", 0),
  ];
  async function* drawn() {
    yield* samples;
    await Promise.resolve();
  }
  const cached = await cacheSamples(drawn(), { folder: folder.path });
  assertEquals(cached.map((each) => each.nuclei), [2, 2, 3, 0]);
  assertEquals(cached.map((each) => readCachedWindow(each)), samples);
  const again: CachedCase[] = await cacheSamples(samples, {
    folder: folder.path,
  });
  assertEquals(again, cached);
  assertEquals((await filesIn(`${folder.path}/cases`)).length, 4);
});

Deno.test("cacheSamples() refuses an id twice, and labels of another size", async () => {
  await using folder = await temporaryFolder();
  const options = { folder: folder.path };
  await assertRejects(
    () => cacheSamples([sampleOf("a", 1), sampleOf("a", 2)], options),
    RangeError,
    'Cannot cache sample "a": found its id twice, expected different ids',
  );
  const odd = { ...sampleOf("b", 1, 2), labels: sampleOf("b", 1).labels };
  await assertRejects(
    () => cacheSamples([odd], options),
    RangeError,
    'Cannot cache sample "b": found labels of 1×1, expected 2×1 as the image has',
  );
});

Deno.test("cacheDataset() leaves nothing half written behind", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": gray,
    "masks/a.png": mask,
  });
  await cacheDataset(dataset, { folder: `${folder.path}/cache` });
  const files = await filesIn(`${folder.path}/cache/cases`);
  assert(files.every((name) => /^[0-9a-f]{32}\.case$/.test(name)), `${files}`);
});

Deno.test("cacheDataset() and cacheSamples() remove what killed processes left in the cache", async () => {
  const folder = await Deno.makeTempDir();
  const sample = {
    id: "drawn",
    image: {
      ...{ width: 2, height: 1, channels: 1, depth: 8 } as const,
      data: new Uint8Array([9, 0]),
    },
    labels: { width: 2, height: 1, data: new Uint32Array([1, 0]) },
  };
  const leave = async (): Promise<void> => {
    for (const name of ["cases", "index"]) {
      const path = `${folder}/cache/${name}/.${crypto.randomUUID()}.part`;
      await writeFile(path, "half");
    }
  };
  const leftIn = (): string[] =>
    ["cases", "index"].flatMap((name) =>
      [...Deno.readDirSync(`${folder}/cache/${name}`)]
        .map(({ name }) => name).filter((name) => name.endsWith(".part"))
    );
  await leave();
  await cacheSamples([sample], { folder: `${folder}/cache` });
  assertEquals(leftIn(), []);
  await writeKaggle([sample], `${folder}/data`);
  for (let times = 0; times < 2; times++) {
    await leave();
    const dataset = await openDataset(`${folder}/data`);
    await cacheDataset(dataset, { folder: `${folder}/cache` });
    dataset.close();
    assertEquals(leftIn(), []);
  }
});

Deno.test("cacheDataset() keeps what masks mean by what was asked, with its warnings", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": gray,
    "masks/a.png": grayPng(3, 2, [255, 255, 255, 255, 0, 255]),
  });
  const cacheWith = async (options: MaskOptions) => {
    const warnings: Fault[] = [];
    const [cached] = await cacheDataset(dataset, {
      folder: `${folder.path}/cache`,
      ...options,
      onWarning: (fault) => warnings.push(fault),
    });
    return { labels: [...readCachedWindow(cached!).labels.data], warnings };
  };
  for (const _ of ["made", "from the cache"]) {
    const { labels, warnings } = await cacheWith({});
    assertEquals(labels, [1, 1, 1, 1, 0, 1]);
    assertEquals(warnings.map(({ kind }) => kind), ["wrong-background"]);
    const { suggestion } = warnings[0]!;
    assertEquals(suggestion, { background: [255] });
    const inverted = await cacheWith(suggestion!);
    assertEquals(inverted, { labels: [0, 0, 0, 0, 1, 0], warnings: [] });
    const asDefault = await cacheWith({ mask: "auto", background: [0] });
    assertEquals(asDefault, { labels, warnings });
  }
});

Deno.test("cacheDataset() reports images with the same pixels", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": gray,
    "masks/a.png": mask,
    "images/b.png": gray,
    "masks/b.png": mask,
  });
  const kinds: string[] = [];
  const cached = await cacheDataset(dataset, {
    folder: `${folder.path}/cache`,
    onWarning: ({ kind }) => kinds.push(kind),
  });
  assertEquals(kinds, ["identical-images"]);
  assertEquals(cached[0]!.content, cached[1]!.content);
});

Deno.test("cacheDataset() keeps chosen channels as they are stored, and windows show them normalized by the whole image", async () => {
  await using folder = await temporaryFolder();
  const depths = [8, 16] as const;
  for (const depth of depths) {
    const size = { width: 9, height: 7, channels: 3, depth } as const;
    const length = 9 * 7 * 3;
    const data = depth === 8
      ? Uint8Array.from({ length }, (_, at) => at * 37 % 251)
      : Uint16Array.from({ length }, (_, at) => at * 377 % 65521);
    const image = { ...size, data };
    const png = await encodePng(image);
    const mask = new Uint8Array(9 * 7).fill(255, 3, 20);
    const dataset = await datasetOf(`${folder.path}/${depth}`, {
      "images/a.png": png,
      "masks/a.png": await encodePng({
        ...{ width: 9, height: 7, channels: 1, depth: 8, data: mask },
      }),
    });
    const options = { folder: `${folder.path}/cache` };
    const [color] = await cacheDataset(dataset, options);
    const [cached] = await cacheDataset(dataset, {
      ...options,
      channels: ["blue", "red"],
    });
    const [again] = await cacheDataset(dataset, options);
    assertEquals([color!.channels, cached!.channels], [undefined, 2]);
    // Another choice is another file, and color stays what it was.
    assertEquals(again, color);
    assert(cached!.path !== color!.path);
    const stored = await Deno.readFile(cached!.path);
    const picked = data.filter((_, at) => at % 3 !== 1);
    const swapped = picked.map((_, at) => picked[at ^ 1]!);
    const bytes = new Uint8Array(swapped.buffer);
    assertEquals(stored.subarray(-bytes.length - 63, -63), bytes);

    const chosen = { ...image, channels: 2, data: swapped };
    const whole = normalizeChannels(chosen, channelRanges(chosen));
    const rectangle = { x: 2, y: 1, width: 5, height: 4 };
    const window = readCachedWindow(cached!, rectangle);
    assertEquals(window.image, cropImage(whole, rectangle));
  }
});

Deno.test("cacheDataset() names the file that lacks a channel", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(`${folder.path}/data`, {
    "images/a.png": gray,
    "masks/a.png": mask,
  });
  const { faults } = await assertRejects(
    () =>
      cacheDataset(dataset, {
        folder: `${folder.path}/cache`,
        channels: ["gray", "red"],
      }),
    DatasetError,
  );
  assertEquals(faults, [
    `Cannot read image "${folder.path}/data/images/a.png": found 1 channel (0 "gray"), expected a channel "red"; give names or numbers that it has as \`channels\``,
  ]);
});

Deno.test("cacheSamples() keeps floats of separate channels", async () => {
  await using folder = await temporaryFolder();
  const data = Float32Array.from([
    0,
    NaN,
    1e-3,
    -5,
    3,
    1e30,
    -1,
    2,
    7,
    8,
    9,
    0,
  ]);
  const image: Image = {
    ...{ width: 2, height: 2, channels: 3, depth: 32, isSeparate: true, data },
  };
  const labels = { width: 2, height: 2, data: new Uint32Array([0, 1, 0, 2]) };
  const [cached] = await cacheSamples([{ id: "a", image, labels }], {
    folder: folder.path,
  });
  const seen = readCachedWindow(cached!);
  assertEquals(seen.image, normalizeChannels(image, channelRanges(image)));
  assertEquals(seen.labels, labels);
});
