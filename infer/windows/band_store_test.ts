import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import type { Band } from "./band.ts";
import { BandStore } from "./band_store.ts";

const key = { width: 7, height: 12, work: "a.png, model 1" };

function bandOf(y: number, height: number, hasBorder = false): Band {
  const values = (seed: number) =>
    Float32Array.from(
      { length: 7 * height },
      (_, at) => Math.abs(Math.sin(at + y + seed)),
    );
  const object = values(0);
  const planes = hasBorder ? { object, border: values(5) } : { object };
  return { y, height, width: 7, planes };
}

async function inFolder(work: (folder: string) => Promise<void>) {
  const parent = await Deno.makeTempDir();
  try {
    await work(join(parent, "a.partial"));
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("BandStore gives the same bits back, to another process too", () =>
  inFolder(async (folder) => {
    for (const hasBorder of [false, true]) {
      const bands = [bandOf(0, 5, hasBorder), bandOf(5, 7, hasBorder)];
      const store = await BandStore.open(folder, key);
      assertEquals(store.rows, 0);
      for (const band of bands) await store.add(band);
      const again = await BandStore.open(folder, key);
      assertEquals(again.rows, 12);
      assertEquals(await Array.fromAsync(again.bands()), bands);
      await again.remove();
      assert(!await exists(folder));
    }
  }));

Deno.test("BandStore takes bands in order alone", () =>
  inFolder(async (folder) => {
    const store = await BandStore.open(folder, key);
    await assertRejects(
      () => store.add(bandOf(5, 2)),
      RangeError,
      "Cannot keep band: found 7 columns from row 5, expected 7 from row 0",
    );
    assert(!await exists(folder));
  }));

Deno.test("BandStore does not continue another image, network, size or version", () =>
  inFolder(async (folder) => {
    for (
      const other of [
        { ...key, work: "a.png, model 2" },
        { ...key, width: 8 },
        { ...key, height: 13 },
      ]
    ) {
      const store = await BandStore.open(folder, key);
      await store.add(bandOf(0, 3));
      assertEquals((await BandStore.open(folder, other)).rows, 0);
      assert(!await exists(folder));
    }
  }));

Deno.test("BandStore starts anew where its state is no state", () =>
  inFolder(async (folder) => {
    const heads = [["object", 21]];
    const bands = [{ y: 0, height: 3, heads, sum: 5 }];
    const twice = [["object", 42], ["border", 20]];
    const states = [
      "",
      "{",
      "[]",
      "{}",
      "null",
      "[".repeat(1e5),
      JSON.stringify({ version: 3, ...key, bands: 5 }),
      JSON.stringify({ version: 3, ...key, bands: [null] }),
      JSON.stringify({ version: 2, ...key, bands }),
      JSON.stringify({
        ...{ version: 3, ...key },
        bands: [{ y: 0, height: 3, heads }],
      }),
      JSON.stringify({ version: 3, ...key, bands: [...bands, ...bands] }),
      JSON.stringify({
        ...{ version: 3, ...key },
        bands: [{ y: 0, height: 1e9, heads: [["object", 7e9]], sum: 5 }],
      }),
      JSON.stringify({
        ...{ version: 3, ...key },
        bands: [{ y: 0, height: 3, heads: twice, sum: 5 }],
      }),
      JSON.stringify({
        ...{ version: 3, ...key },
        bands: [{ y: 0, height: 3, heads: "object", sum: 5 }],
      }),
    ];
    for (const state of states) {
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(join(folder, "state.json"), state);
      assertEquals((await BandStore.open(folder, key)).rows, 0, state);
    }
  }));

Deno.test("BandStore says which band is gone or damaged", () =>
  inFolder(async (folder) => {
    const store = await BandStore.open(folder, key);
    await store.add(bandOf(0, 12));
    const path = join(folder, "0.band");
    const bytes = await Deno.readFile(path);
    const cases = [
      [bytes.subarray(0, 20), "20 bytes instead of 336"],
      [bytes.map((byte, at) => at === 300 ? byte ^ 1 : byte), "damaged bytes"],
    ] as const;
    for (const [wrong, found] of cases) {
      await Deno.writeFile(path, wrong);
      const error = await assertRejects(
        () => Array.fromAsync(store.bands()),
        FileError,
        `Cannot read band "${path}": found ${found}`,
      );
      assert(error.message.includes(`remove the folder "${folder}"`));
    }
    await Deno.remove(path);
    await assertRejects(() => Array.fromAsync(store.bands()), FileError, path);
  }));
