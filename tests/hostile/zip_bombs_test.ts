import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { checkDataset, openDataset } from "@unet/data";
import { FileError } from "@unet/errors";
import { crc32, deflateRawSync } from "node:zlib";
import { goodPng, maskPng, zipOf } from "./_files.ts";
import { zipBombs, zipOfPacked } from "./_zip_bombs.ts";

async function inFile(
  bytes: Uint8Array,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  try {
    await Deno.writeFile(path, bytes);
    await work(path);
  } finally {
    await Deno.remove(path);
  }
}

/** What is wrong with a dataset: of each file, or of the whole. */
async function faultsOf(path: string): Promise<string[]> {
  try {
    const dataset = await openDataset(path);
    const { faults } = await checkDataset(dataset);
    dataset.close();
    return faults.map(({ message }) => message);
  } catch (error) {
    assert(error instanceof FileError, String(error));
    return [error.message];
  }
}

for (const [name, [make, found]] of Object.entries(zipBombs)) {
  Deno.test(`a zip of ${name} is refused before it is unpacked`, () =>
    inFile(make(), async (path) => {
      const memory = Deno.memoryUsage().rss, start = performance.now();
      const messages = await faultsOf(path);
      assertLess(performance.now() - start, 5000);
      assertLess(Deno.memoryUsage().rss - memory, 500e6);
      assert(messages.length > 0);
      for (const message of messages) assertMatch(message, found);
    }));
}

Deno.test("a zip of 30,000 masks is read", async () => {
  const image = await goodPng(), mask = await maskPng();
  const masks = Array.from(
    { length: 30_000 },
    (_, at) => [`a/masks/${at}.png`, mask] as const,
  );
  await inFile(zipOf([["a/images/a.png", image], ...masks]), async (path) => {
    const dataset = await openDataset(path);
    assertEquals(dataset.cases[0]!.masks.length, 30_000);
    assertEquals(
      (await dataset.cases[0]!.masks.at(-1)!.read()).length > 0,
      true,
    );
  });
});

Deno.test("a zip with an uncompressed black mask of 200 MB is read", async () => {
  const bytes = new Uint8Array(2e8);
  bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  const packed = deflateRawSync(bytes), crc = crc32(bytes);
  const zip = zipOfPacked([
    { name: "a/images/a.png", packed, unpacked: 2e8, crc },
    { name: "a/masks/a.png", packed, unpacked: 2e8, crc },
  ]);
  assertLess(zip.length, 5e5);
  await inFile(zip, async (path) => {
    const dataset = await openDataset(path);
    assertEquals((await dataset.cases[0]!.masks[0]!.read()).length, 2e8);
    dataset.close();
  });
});
