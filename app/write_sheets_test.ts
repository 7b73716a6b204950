import { assert, assertEquals, assertThrows } from "@std/assert";
import { decodeImage, synthesize, writeKaggle } from "@unet/data";
import { UsageError } from "@unet/errors";
import { sheetNames, sheetNamesIn, writeSheets } from "./write_sheets.ts";

Deno.test("writeSheets() writes a sheet per modality and change, of twelve tiles, the first as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = `${folder}/data`, out = `${folder}/sheets`;
    const drawn = synthesize({ count: 1, width: 64, height: 64, seed: 0 });
    await writeKaggle(drawn, data);
    const changes = ["scales", "jpeg", "object-contrast"] as const;
    const options = { data, out, changes, tile: 64 };
    const paths = await writeSheets(options);
    assertEquals(
      paths,
      changes.map((name) => `${out}/fluorescence-${name}.png`),
    );
    const first: string[] = [];
    for (const path of paths) {
      const bytes = await Deno.readFile(path);
      const { width, height, channels, data } = await decodeImage(bytes, path);
      assertEquals([width, height], [4 * 68 - 4, 3 * 68 - 4]);
      const row = width * channels, cell = 64 * channels;
      const tile = (at: number) =>
        Array.from({ length: 64 }, (_, y) => y * row + at * 68 * channels)
          .map((from) => data.slice(from, from + cell).join()).join();
      first.push(tile(0));
      const others = [1, 2, 3].map(tile);
      assert(others.some((other) => other !== tile(0)), path);
    }
    assertEquals(new Set(first).size, 1);
    // The same choices give the same sheets.
    const before = await Deno.readFile(paths[1]!);
    await writeSheets(options);
    assertEquals(await Deno.readFile(paths[1]!), before);
    assert(sheetNames.includes("jpeg"));
    assertEquals(sheetNamesIn("blur, scales"), ["scales", "blur"]);
    assertThrows(() => sheetNamesIn("blurr"), UsageError, 'found "blurr"');
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
