import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { unpackZarr, zarrZip } from "./fixtures/unpacked.ts";
import { listZarrImages, listZarrLabels } from "./list_zarr_images.ts";

Deno.test("listZarrImages() gives the fields of a plate, of a well, and an image itself", async () => {
  await using folder = await temporaryFolder();
  for (const name of ["plate04", "plate05"]) {
    const unpacked = await unpackZarr(name, folder.path);
    for (const root of [zarrZip(name), unpacked]) {
      const below = async (path: string) =>
        (await listZarrImages(path))?.map(({ path, field }) => [
          path.slice(root.length + 1),
          field,
        ]);
      assertEquals(await below(root), [
        ["A/1/0", "A-1-0"],
        ["A/1/1", "A-1-1"],
        ["B/10/0", "B-10-0"],
        ["B/10/1", "B-10-1"],
      ]);
      assertEquals(await below(`${root}/B/10`), [
        ["B/10/0", "B-10-0"],
        ["B/10/1", "B-10-1"],
      ]);
      assertEquals(await below(`${root}/B/10/1`), [["B/10/1", undefined]]);
      assertEquals(await listZarrLabels(`${root}/A/1/0`), [
        `${root}/A/1/0/labels/nuclei`,
      ]);
      assertEquals(await listZarrLabels(`${root}/A/1/1`), []);
    }
  }
});

Deno.test("listZarrImages() gives nothing for what is no OME-Zarr", async () => {
  await using folder = await temporaryFolder();
  assertEquals(await listZarrImages(folder.path), undefined);
  assertEquals(await listZarrImages(join(folder.path, "none.zarr")), undefined);
});
