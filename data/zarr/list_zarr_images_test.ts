import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { checkDataset } from "../dataset/check.ts";
import { openDataset } from "../dataset/dataset.ts";
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

Deno.test("listZarrImages() gives a missing or damaged well with its fault, and the other fields", async () => {
  for (const damage of ["missing", "damaged"]) {
    await using folder = await temporaryFolder();
    const root = await unpackZarr("plate04", folder.path);
    if (damage === "missing") {
      await Deno.remove(join(root, "A"), { recursive: true });
    } else await Deno.writeTextFile(join(root, "A/1/.zattrs"), "{");
    const [well, ...others] = await listZarrImages(root) ?? [];
    assertEquals(well?.path, `${root}/A/1`);
    assertEquals(well?.field, "A-1");
    assertStringIncludes(
      well?.fault?.message ?? "",
      damage === "missing" ? 'no well at "A/1" in .zattrs' : "not JSON",
    );
    assertEquals(others, [
      { path: `${root}/B/10/0`, field: "B-10-0" },
      { path: `${root}/B/10/1`, field: "B-10-1" },
    ]);
    const dataset = await openDataset(root);
    const { faults } = await checkDataset(dataset);
    dataset.close();
    assertEquals(
      faults.find(({ severity }) => severity === "error")?.message,
      well?.fault?.message,
    );
  }
});

Deno.test("listZarrImages() refuses a plate that lists a well out of the hierarchy", async () => {
  await using folder = await temporaryFolder();
  const root = await unpackZarr("plate04", folder.path);
  const path = join(root, ".zattrs");
  const content = JSON.parse(await Deno.readTextFile(path));
  content.plate.wells[0].path = "../../s";
  await Deno.writeTextFile(path, JSON.stringify(content));
  const error = await assertRejects(() => listZarrImages(root), FileError);
  assertStringIncludes(error.message, 'the path "../../s" in its metadata');
});
