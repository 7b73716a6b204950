import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { openImage } from "@unet/data";
import { FileError } from "@unet/errors";
import { tiffBombs, tiffGiants } from "./_tiff_bombs.ts";

/** Opens a file and reads a window of it, of all planes. */
async function read(bytes: Uint8Array): Promise<number | Error> {
  const path = await Deno.makeTempFile({ suffix: ".tif" });
  try {
    await Deno.writeFile(path, bytes);
    await using reader = await openImage(path, {
      plane: "max",
      channel: "max",
    });
    const { data } = await reader.read(0, 0, 16, 15);
    return data.length;
  } catch (error) {
    return error as Error;
  } finally {
    await Deno.remove(path);
  }
}

for (const [name, [make, found]] of Object.entries(tiffBombs)) {
  Deno.test(`a TIFF with ${name} is refused at once`, async () => {
    const bytes = make();
    assertLess(bytes.length, 4e6);
    const memory = Deno.memoryUsage().rss, start = performance.now();
    const error = await read(bytes);
    assertLess(performance.now() - start, 5000);
    assertLess(Deno.memoryUsage().rss - memory, 500e6);
    assert(error instanceof FileError, String(error));
    assertMatch(error.message, found);
    assertLess(error.message.length, 500);
  });
}

for (const [name, make] of Object.entries(tiffGiants)) {
  Deno.test(`a TIFF with ${name} is read`, async () => {
    assertEquals(await read(make()), 16 * 15);
  });
}
