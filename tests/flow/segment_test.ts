import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng, openStack } from "@unet/data";
import { TiffWriter } from "@unet/infer/outputs";
import {
  assertDone,
  assertPlain,
  createPlace,
  faultOf,
  type Place,
} from "./_unet.ts";

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "5", "--size", "32"]),
  );
  assertDone(
    await place.unet([
      ...["train", "--data", "drawn", "--out", "run", "--tile", "32"],
      ...["--width", "0.02", "--epochs", "1", "--batch", "4"],
      ...["--device", "wasm", "--workers", "0"],
    ]),
  );
  for (const name of ["a", "b", "c"]) await writeImage(`cells/${name}.png`);
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

async function writeImage(path: string): Promise<void> {
  const data = Uint8Array.from({ length: 40 * 30 }, (_, at) => (at * 3) % 256);
  const image = { width: 40, height: 30, channels: 1, depth: 8, data } as const;
  await Deno.mkdir(place.at(path, ".."), { recursive: true });
  await Deno.writeFile(place.at(path), await encodePng(image));
}

const model = ["--model", "run", "--device", "wasm"];

/** Outputs by name, with their bytes; manifest and folders aside. */
function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(place.at(folder))].filter(({ name, isFile }) =>
      isFile && !name.includes("manifest")
    ).sort((a, b) => a.name < b.name ? -1 : 1).map((
      { name },
    ) => [name, Deno.readFileSync(place.at(folder, name)).toHex()]),
  );
}

Deno.test("segment reports a file that cannot be read, does the others, and exits with 1", async () => {
  await writeImage("mixed/a.png");
  await writeImage("mixed/c.png");
  await Deno.writeTextFile(place.at("mixed/b.png"), "no image");
  const ended = await place.unet(["segment", "mixed", "--out", "m1", ...model]);
  assertEquals(
    faultOf(ended, 1),
    'Cannot read image "mixed/b.png": found a text file, expected PNG, JPEG, ' +
      "TIFF, WebP or GIF",
  );
  assertMatch(
    ended.stdout,
    /\n2 images segmented, 0 skipped, 1 failed, [\d.]+ s\n$/,
  );
  assertEquals(Object.keys(contentOf("m1")), ["a.png", "c.png"]);
});

Deno.test("segment skips finished files, and replaces no files of others without --force", async () => {
  const args = ["segment", "cells", "--out", "m2", ...model];
  assertDone(await place.unet(args));
  const masks = contentOf("m2");
  await Deno.writeTextFile(place.at("m2/b.png"), "drawn by hand");
  await Deno.remove(place.at("m2/c.png"));
  const again = await place.unet(args);
  assertDone(again);
  assertMatch(
    again.stdout,
    /\n1 image segmented, 2 skipped \(finished earlier; --force redoes\), 0 failed, /,
  );
  assertMatch(
    again.stdout,
    /\n2\/3 {2}cells\/b\.png {2}skipped; changed since: b\.png\n/,
  );
  assertEquals(await Deno.readTextFile(place.at("m2/b.png")), "drawn by hand");
  assertEquals(contentOf("m2")["c.png"], masks["c.png"]);
  const other = await place.unet([...args, "--threshold", "0.4"]);
  assertPlain(other);
  assertEquals(other.code, 1);
  assertMatch(other.stderr, /Cannot write output "m2\/b\.png": found /);
  assertEquals(await Deno.readTextFile(place.at("m2/b.png")), "drawn by hand");
  assertDone(await place.unet([...args, "--force"]));
  assertEquals(contentOf("m2"), masks);
});

Deno.test("segment writes every format, shards a batch, and merge puts it together", async () => {
  const formats =
    "png,tiff,probability,overlay,labels,ome-zarr,geojson,roi,coco,csv";
  for (const shard of ["1/2", "2/2"]) {
    assertDone(
      await place.unet([
        ...["segment", "cells/*.png", "--out", "m5", "--format", formats],
        ...["--summary", "--shard", shard, "--tta", "flips", ...model],
      ]),
    );
  }
  const names = Object.keys(contentOf("m5"));
  for (const name of ["a", "b", "c"]) {
    assertEquals(
      names.filter((file) => /^[^._]*/.exec(file)![0] === name),
      [
        ".csv",
        ".geojson",
        ".png",
        ".tif",
        "_coco.json",
        "_labels.tif",
        "_overlay.png",
        "_probability.tif",
        "_rois.zip",
      ].map((ending) => name + ending),
    );
    const { isDirectory } = Deno.statSync(
      place.at("m5", `${name}_labels.ome.zarr`),
    );
    assert(isDirectory);
  }
  assert(names.includes("summary-1-of-2.html"), names.join());
  const merged = await place.unet(["merge", "m5"]);
  assertDone(merged);
  assertMatch(merged.stdout, /\b3\b/);
  const whole = await place.unet([
    ...["segment", "cells/*.png", "--out", "m7", "--format", "csv"],
    ...["--tta", "flips", ...model],
  ]);
  assertDone(whole);
  assertMatch(
    whole.stdout,
    /\nTable: m7\/measurements\.csv, \d+ objects? of 3 images\n/,
  );
  const table = (folder: string) =>
    Deno.readTextFileSync(place.at(folder, "measurements.csv"));
  assertEquals(table("m5"), table("m7"));
  // Merged again, both are written again, for they are its own.
  for (let times = 0; times < 2; times++) {
    assertDone(await place.unet(["merge", "m5", "--summary"]));
    assertEquals(table("m5"), table("m7"));
    const page = Deno.readTextFileSync(place.at("m5/summary.html"));
    assertEquals(page.match(/<img/g)?.length, 3);
  }
});

Deno.test("segment run again with --summary and more formats keeps what is there", async () => {
  const args = ["segment", "cells", "--out", "m8", ...model];
  const pictures = () =>
    Deno.readTextFileSync(place.at("m8/summary.html")).match(/<img/g)?.length;
  assertDone(await place.unet([...args, "--summary"]));
  assertEquals(pictures(), 3);
  const again = await place.unet([...args, "--summary"]);
  assertDone(again);
  assertEquals(pictures(), 3);
  assertMatch(again.stdout, /\n0 images segmented, 3 skipped /);
  const masks = contentOf("m8");
  const more = await place.unet([...args, "--overlay", "--format", "png,csv"]);
  assertDone(more);
  assertMatch(more.stdout, /\n3 images segmented, 0 skipped, 0 failed, /);
  for (const name of ["a", "b", "c"]) {
    const { [`${name}.png`]: mask, ...rest } = contentOf("m8");
    assertEquals(mask, masks[`${name}.png`]);
    assert(rest[`${name}.csv`] && rest[`${name}_overlay.png`]);
  }
  const page = Deno.readTextFileSync(place.at("m8/summary.html"));
  assert(page.includes("segment cells --out m8 --model run"), page);
  assert(!page.includes(place.path), page);
});

Deno.test("segment refuses windows that a network cannot see, and unknown formats", async () => {
  const args = ["segment", "cells/a.png", "--out", "m6", ...model];
  for (
    const [flags, fault] of [
      [["--window", "100"], '--window": found 100, expected a multiple of 32'],
      [["--window", "64"], '--window": found 64, expected more than 64'],
      [
        ["--context", "reflect", "--overlap", "0.2"],
        '--overlap": found 0.2, expected none with --context reflect',
      ],
      [["--format", "jpeg"], '--format": found "jpeg", expected some of png'],
      [["--shard", "3/2"], '"3/2"'],
      [
        ["--split-depth", "101"],
        '--split-depth": found "101", expected a number from 0 to 100',
      ],
      [
        ["--link"],
        '--link": found one plane of each file, expected several planes or time',
      ],
      [
        ["--pixel-size", "model"],
        '--pixel-size": found a network whose card names none',
      ],
      [["--pixel-size", "0"], '--pixel-size": found "0"'],
    ] as const
  ) {
    const ended = await place.unet([...args, ...flags]);
    assert(faultOf(ended).includes(fault), faultOf(ended));
  }
});

Deno.test("segment takes files and folders together, from another folder", async () => {
  await writeImage("odd/d.png");
  const ended = await place.unet([
    ...["segment", ".", "../odd/d.png", "--out", "../m3"],
    ...["--model", "../run", "--device", "wasm"],
  ], { cwd: place.at("cells") });
  assertDone(ended);
  assertEquals(
    Object.keys(contentOf("m3")),
    ["a.png", "b.png", "c.png", "d.png"],
  );
});

Deno.test("segment refuses to write masks among the images they come from", async () => {
  const fault = faultOf(
    await place.unet(["segment", "cells", "--out", "cells", ...model]),
  );
  assertMatch(fault, /^Cannot segment folder "cells": found the output folder/);
});

Deno.test("segment with a lower threshold finds no fewer pixels", async () => {
  const shares: number[] = [];
  for (const threshold of ["0", "0.3", "1"]) {
    const ended = await place.unet([
      ...["segment", "cells/a.png", "--out", `t${threshold}`],
      ...["--threshold", threshold, ...model],
    ]);
    assertDone(ended);
    shares.push(Number(/([\d.]+) % of the area/.exec(ended.stdout)?.[1]));
  }
  assertEquals([shares[0], shares[2]], [100, 0]);
  assert(shares[0]! >= shares[1]! && shares[1]! >= shares[2]!);
});

Deno.test("Ctrl-C ends segment and keeps the masks that are done, whole", {
  ignore: Deno.build.os === "windows",
}, async () => {
  for (let at = 0; at < 60; at++) await writeImage(`many/${at}.png`);
  const ended = await place.unet(["segment", "many", "--out", "m4", ...model], {
    async whileRunning(child) {
      let isDone = false;
      child.status.then(() => isDone = true);
      while (!isDone && masksIn("m4") < 3) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      child.kill("SIGINT");
    },
  });
  assertEquals(ended.code, 130, ended.stderr);
  const masks = contentOf("m4");
  const count = Object.keys(masks).length;
  assert(count >= 3 && count < 60, `Expected some masks, found ${count}`);
  assertEquals(new Set(Object.values(masks)).size, 1);
  assert(Object.keys(masks).every((name) => /^\d+\.png$/.test(name)));
});

function masksIn(folder: string): number {
  try {
    return [...Deno.readDirSync(place.at(folder))]
      .filter(({ name }) => name.endsWith(".png")).length;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return 0;
    throw cause;
  }
}

/** A stack of a bright square that moves to the right. */
async function writeStack(path: string, axis: "plane" | "time", count: number) {
  await using tiff = await TiffWriter.open(place.at(path), {
    ...{ width: 48, height: 40, type: "uint8", stack: { axis, count } },
  });
  for (let index = 0; index < count; index++) {
    const data = Uint8Array.from({ length: 48 * 40 }, (_, at) => {
      const x = at % 48 - 2 * index, y = Math.floor(at / 48);
      return x >= 8 && x < 24 && y >= 8 && y < 28 ? 220 : 10 + at % 3;
    });
    await tiff.writeRows(data);
  }
  await tiff.finish();
}

Deno.test("segment --plane all writes a stack, and says how many planes and sections", async () => {
  await writeStack("stacks/z.tif", "plane", 3);
  await writeStack("stacks/one.tif", "plane", 1);
  const args = ["segment", "stacks", "--plane", "all", "--out", "z1", ...model];
  const ended = await place.unet([...args, "--link", "--format", "labels,csv"]);
  assertDone(ended);
  assertMatch(
    ended.stdout,
    /1\/2 {2}stacks\/one\.tif → z1\/one_labels\.tif {2}48×40 px, 1 plane, \d+ objects? in \d+ sections?, /,
  );
  assertMatch(ended.stdout, /z_labels\.tif {2}48×40 px, 3 planes, /);
  assertMatch(
    ended.stdout,
    /\nTable: z1\/measurements\.csv, \d+ sections? with \d+ labels? of 2 images\n/,
  );
  const unseen = await place.unet([
    ...["segment", "stacks/z.tif", "--plane", "all", "--link"],
    ...["--out", "z2", ...model],
  ]);
  assertMatch(
    unseen.stdout,
    /^Note: --link numbers objects, which these outputs do not show; --format labels,csv does$/m,
  );
  assert(!ended.stdout.includes("Note: --link"), ended.stdout);
  await using stack = await openStack(place.at("z1/z_labels.tif"));
  assertEquals([stack.planes, stack.times], [3, 1]);
  const [header] = (await Deno.readTextFile(place.at("z1/measurements.csv")))
    .split("\r\n");
  assertEquals(header!.split(",").slice(0, 3), ["file", "label", "plane"]);
});

Deno.test("segment --time all writes masks as TIFF, and refuses a PNG before any work", async () => {
  await writeStack("series/t.tif", "time", 2);
  const args = ["segment", "series", "--time", "all", "--out", "t1", ...model];
  assertEquals(
    faultOf(await place.unet([...args, "--format", "png"]), 2),
    'Cannot write format "png": found --time all, and a PNG holds one time point, ' +
      "expected tiff, probability, overlay, labels, ome-zarr, geojson, " +
      "roi, csv; use --format tiff",
  );
  assertEquals(
    faultOf(await place.unet([...args, "--plane", "all"]), 2),
    'Cannot use flag "--time": found "all" beside --plane all, expected one ' +
      "of the two; run it once per time point, each with an --out of its own",
  );
  assertDone(await place.unet(args));
  await using stack = await openStack(place.at("t1/t.tif"));
  assertEquals([stack.planes, stack.times], [1, 2]);
  assertEquals(
    faultOf(await place.unet(["check", "series", "--plane", "all"]), 2),
    'Cannot use flag "--plane": found "all", expected a whole number from 0, ' +
      "max or mean; --plane all is for segment, which writes a stack",
  );
});
