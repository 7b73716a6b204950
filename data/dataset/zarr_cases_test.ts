import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DatasetError, FileError } from "@unet/errors";
import { cacheDataset } from "../cache/cache.ts";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { encodePng } from "../images/encode_png.ts";
import { unpackZarr, zarrZip } from "../zarr/fixtures/unpacked.ts";
import { checkDataset } from "./check.ts";
import { openDataset } from "./dataset.ts";
import { readCase } from "./read_case.ts";

for (const name of ["plate04", "plate05"]) {
  Deno.test(`openDataset() finds the labeled fields of a plate (${name})`, async () => {
    await using folder = await temporaryFolder();
    for (const path of [zarrZip(name), await unpackZarr(name, folder.path)]) {
      const dataset = await openDataset(path);
      assertEquals(dataset.cases.map(({ id }) => id), [
        `${name}/A-1-0`,
        `${name}/B-10-0`,
      ]);
      assertEquals(dataset.faults.map(({ message }) => message), [
        `${
          path.slice(path.lastIndexOf("/") + 1)
        }: 2 fields without labels left out`,
      ]);
      const { image, labels } = await readCase(dataset.cases[0]!);
      assertEquals([image.width, image.height, image.data[25]], [24, 16, 4]);
      // Objects are numbered anew: 5 and 70000 are 1 and 2.
      assertEquals([labels.data[2 * 24 + 3], labels.data[8 * 24 + 3]], [2, 1]);
      assertEquals(labels.data[0], 0);
      dataset.close();
    }
  });
}

Deno.test("openDataset() pairs OME-Zarrs and masks by their names", async () => {
  await using folder = await temporaryFolder();
  await unpackZarr("turned", join(folder.path, "images"));
  const data = new Uint8Array(15 * 11).fill(0, 0, 80).fill(1, 80, 90);
  const mask = { width: 15, height: 11, channels: 1, depth: 8, data } as const;
  await Deno.mkdir(join(folder.path, "masks"));
  await Deno.writeFile(
    join(folder.path, "masks/turned.png"),
    await encodePng(mask),
  );
  const dataset = await openDataset(folder.path);
  const report = await checkDataset(dataset);
  assertEquals([report.images, report.nuclei, report.errors], [1, 1, 0]);
  const cache = join(folder.path, "cache");
  const [first] = await cacheDataset(dataset, { folder: cache });
  const changed = join(folder.path, "images/turned.zarr/s0/0.0");
  await Deno.remove(changed);
  const [second] = await cacheDataset(await openDataset(folder.path), {
    folder: cache,
  });
  assertEquals(first!.path === second!.path, false);
  dataset.close();
});

Deno.test("checkDataset() reports an OME-Zarr that is damaged as a fault of its case", async () => {
  await using folder = await temporaryFolder();
  const path = await unpackZarr("plate05", folder.path);
  await Deno.truncate(join(path, "A/1/0/s0/c/0/0"), 20);
  const dataset = await openDataset(folder.path);
  const { faults } = await checkDataset(dataset);
  const found = faults.find(({ kind }) => kind === "unreadable-image");
  assertEquals(found?.case, "plate05/A-1-0");
  assertStringIncludes(found!.message, "a damaged or unknown array");
});

Deno.test("openDataset() refuses OME-Zarrs in a zip of several", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "all.zip");
  await Deno.writeFile(
    path,
    handmadeZip([{ name: "a.zarr/zarr.json", content: new Uint8Array(2) }]),
  );
  const error = await assertRejects(() => openDataset(path), FileError);
  assertStringIncludes(
    error.message,
    "an OME-Zarr in a zip of a dataset, a.zarr/zarr.json",
  );
});

Deno.test("openDataset() says that an OME-Zarr has no labels", async () => {
  const error = await assertRejects(
    () => openDataset(zarrZip("v05")),
    DatasetError,
  );
  assertStringIncludes(error.message, "found an OME-Zarr without labels");
});
