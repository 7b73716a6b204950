import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng } from "@unet/data";
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

/** Masks by name, with their bytes. */
function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(place.at(folder))].sort((a, b) =>
      a.name < b.name ? -1 : 1
    ).map((
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
  assertMatch(ended.stdout, /\n2 segmented, 1 failed, [\d.]+ s\n$/);
  assertEquals(Object.keys(contentOf("m1")), ["a.png", "c.png"]);
});

Deno.test("segment replaces nothing unless it is told to", async () => {
  const args = ["segment", "cells", "--out", "m2", ...model];
  assertDone(await place.unet(args));
  const masks = contentOf("m2");
  await Deno.writeTextFile(place.at("m2/b.png"), "drawn by hand");
  await Deno.remove(place.at("m2/c.png"));
  const again = await place.unet(args);
  assertPlain(again);
  assertEquals(again.code, 1);
  assertEquals(again.stderr.trimEnd().split("\n"), [
    'Cannot write output "m2/a.png": found a file of that name; use --force to replace it',
    'Cannot write output "m2/b.png": found a file of that name; use --force to replace it',
  ]);
  assertEquals(await Deno.readTextFile(place.at("m2/b.png")), "drawn by hand");
  assertEquals(contentOf("m2")["c.png"], masks["c.png"]);
  assertDone(await place.unet([...args, "--force"]));
  assertEquals(contentOf("m2"), masks);
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
  assertMatch(fault, /^Cannot segment folder "cells": found it is the output/);
});

Deno.test("segment with a lower threshold finds no fewer pixels", async () => {
  const shares: number[] = [];
  for (const threshold of ["0", "0.3", "1"]) {
    const ended = await place.unet([
      ...["segment", "cells/a.png", "--out", `t${threshold}`],
      ...["--threshold", threshold, ...model],
    ]);
    assertDone(ended);
    shares.push(Number(/([\d.]+) % object/.exec(ended.stdout)?.[1]));
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
