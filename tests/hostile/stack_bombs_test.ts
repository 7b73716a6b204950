/** Small files that claim many planes of many pixels. */
import {
  assert,
  assertEquals,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import { deflateSync } from "node:zlib";
import { openStack } from "@unet/data";
import { FileError } from "@unet/errors";
import { segment } from "@unet/infer";
import { handmadeTiff } from "./_tiff.ts";

/** Planes of black pixels that all lie in the same bytes. */
function planes(count: number, side: number): Uint8Array {
  const data = deflateSync(new Uint8Array(side * side));
  return handmadeTiff({
    directories: Array.from({ length: count }, () => [
      [256, 4, [side]],
      [257, 4, [side]],
      [258, 3, [8]],
      [259, 3, [8]],
      [262, 3, [1]],
      [273, 4, [8]],
      [277, 3, [1]],
      [278, 4, [side]],
      [279, 4, [data.length]],
    ]),
    data,
  });
}

async function inFile(
  bytes: Uint8Array,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".tif" });
  try {
    await Deno.writeFile(path, bytes);
    await work(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a stack whose planes lie in the same bytes is refused before the network sees one", async () => {
  const bytes = planes(500, 4096);
  assertLess(bytes.length, 200_000);
  await inFile(bytes, async (path) => {
    let windows = 0;
    const started = performance.now();
    const out = await Deno.makeTempDir();
    const { files: [file] } = await segment([path], {
      predict: (x) => {
        windows++;
        return Promise.resolve(x.filter((_, index) => index % 3 === 0));
      },
      ...{ out, settings: { plane: "all" } },
    });
    assert(file && "error" in file && file.error instanceof FileError);
    assertStringIncludes(file.error.message, "of pixels");
    assertEquals(windows, 0);
    assertLess(performance.now() - started, 10_000);
    await Deno.remove(out, { recursive: true });
  });
});

Deno.test("a stack of a few small planes is read, whatever backs them", async () => {
  await inFile(planes(50, 256), async (path) => {
    await using stack = await openStack(path, {
      ...{ isReadWhole: true, axis: "plane" },
    });
    assertEquals(stack.planes, 50);
    await using plane = await stack.open({ plane: 49 });
    assertEquals((await plane.read(250, 250, 2, 2)).data.length, 4);
  });
});
