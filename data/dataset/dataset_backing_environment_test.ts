import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { FileError } from "@unet/errors";
import {
  DatasetBacking,
  requireStored,
  storedBytes,
} from "./dataset_backing.ts";
import type { DatasetFile } from "./dataset_file.ts";

const mebi = 2 ** 20;

/** An image of one byte per pixel. */
const gray = (pixels: number) => ({ pixels, bytes: pixels });

/** Whether each of some cases is read, in order. */
async function judge(
  cases: readonly {
    stored: number;
    images: { pixels: number; bytes: number }[];
  }[],
): Promise<boolean[]> {
  const backing = new DatasetBacking();
  const results: boolean[] = [];
  for (const [at, size] of cases.entries()) {
    using turn = backing.turn();
    results.push(
      await turn.count(`${at}`, size).then(() => true, (error) => {
        assert(error instanceof FileError, String(error));
        return false;
      }),
    );
  }
  return results;
}

Deno.test("DatasetBacking takes what the files of a case back, and a black mask beside a real image", async () => {
  const large = gray(225 * mebi);
  assertEquals(
    await judge([
      { stored: 100 * mebi, images: [large, large] },
      { stored: 2 * mebi, images: [large, large] },
      { stored: 1 * mebi, images: [gray(64 * mebi)] },
    ]),
    [true, true, true],
  );
});

Deno.test("DatasetBacking refuses a case of few bytes, in words that name the remedy", async () => {
  using turn = new DatasetBacking().turn();
  await assertRejects(
    () =>
      turn.count("n0", {
        stored: 400 * 1024,
        images: [gray(225 * mebi), gray(225 * mebi)],
      }),
    FileError,
    'Cannot read case "n0": found 450 MB of pixels in 400 KB of files, expected at most 300 times the stored bytes, and 64 MB in the whole dataset; if its files are right, save them with less compression, or set UNET_MEMORY to the memory in GiB that reading may take',
  );
});

Deno.test("DatasetBacking refuses many cases of few bytes, each of which would pass", async () => {
  const one = { stored: 1000, images: [gray(30 * mebi)] };
  assertEquals(await judge([one, one, one, one]), [true, true, false, false]);
  const real = { stored: 10 * mebi, images: [gray(30 * mebi)] };
  assertEquals(await judge([real, one, one, one]), [true, true, true, true]);
});

Deno.test("DatasetBacking takes any number of small masks that are packed as well as deflate can", async () => {
  const mask = { stored: 1100, images: [gray(mebi)] };
  assert((await judge(Array.from({ length: 200 }, () => mask))).every(Boolean));
  const less = { stored: 100, images: [gray(mebi)] };
  assert(
    !(await judge(Array.from({ length: 300 }, () => less))).every(Boolean),
  );
});

Deno.test("DatasetBacking judges cases in their order, whichever comes first", async () => {
  const backing = new DatasetBacking();
  const real = backing.turn(), bomb = backing.turn(), left = backing.turn();
  const last = backing.turn();
  const order: string[] = [];
  const large = { stored: 1000, images: [gray(100 * mebi)] };
  const judged = [
    last.count("last", large).catch(() => order.push("last refused")),
    bomb.count("bomb", large).then(() => order.push("bomb")),
  ];
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(order, []);
  await real.count("real", { stored: mebi / 2, images: [gray(100 * mebi)] });
  // A case that fails before it is counted keeps nobody waiting.
  left[Symbol.dispose]();
  await Promise.all(judged);
  assertEquals(order, ["bomb", "last refused"]);
});

Deno.test("DatasetBacking allows a quarter of UNET_MEMORY", async () => {
  const before = Deno.env.get("UNET_MEMORY");
  Deno.env.set("UNET_MEMORY", "2");
  try {
    const one = { stored: 1000, images: [gray(500 * mebi)] };
    assertEquals(await judge([one, one]), [true, false]);
  } finally {
    if (before === undefined) Deno.env.delete("UNET_MEMORY");
    else Deno.env.set("UNET_MEMORY", before);
  }
});

function entry(size: number, stored: number): DatasetFile {
  const about = { name: "a", path: "a", size, stored, stamp: "" };
  return { ...about, read: () => Promise.reject(new Error("read")) };
}

Deno.test("requireStored() refuses entries that unpack to much more than they store", () => {
  const real = entry(200 * mebi, 190 * mebi),
    black = entry(200 * mebi, 210_000);
  requireStored("a", [real, black]);
  assertEquals(storedBytes([real, black]), 190 * mebi + 210_000);
  const error = assertThrows(
    () => requireStored("a", [black, black]),
    FileError,
  );
  assertMatch(
    error.message,
    /^Cannot read case "a": found 400 MB in 410 KB of files, .+, unpack the zip, or set UNET_MEMORY/,
  );
});
