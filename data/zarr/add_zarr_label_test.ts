import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { addZarrLabel } from "./add_zarr_label.ts";
import { unpackZarr, zarrZip } from "./fixtures/unpacked.ts";
import { listZarrLabels } from "./list_zarr_images.ts";

for (const name of ["plate04", "plate05"]) {
  Deno.test(`addZarrLabel() adds to the labels that ome-zarr wrote in ${name}, and makes the list where there is none`, async () => {
    await using folder = await temporaryFolder();
    const plate = await unpackZarr(name, folder.path);
    const [full, bare] = ["A/1/0", "A/1/1"].map((field) => join(plate, field));
    await addZarrLabel(full!, "cells");
    await addZarrLabel(full!, "cells");
    assertEquals(await listZarrLabels(full!), [
      `${full}/labels/nuclei`,
      `${full}/labels/cells`,
    ]);
    await Promise.all(
      ["a", "b", "c"].map((label) => addZarrLabel(bare!, label)),
    );
    assertEquals(
      (await listZarrLabels(bare!)).sort(),
      ["a", "b", "c"].map((label) => `${bare}/labels/${label}`),
    );
    assertEquals(
      [...Deno.readDirSync(join(bare!, "labels"))].map((one) => one.name)
        .sort(),
      name === "plate05" ? ["zarr.json"] : [".zattrs", ".zgroup"],
    );
  });
}

Deno.test("addZarrLabel() keeps what else the list holds", async () => {
  await using folder = await temporaryFolder();
  const field = join(await unpackZarr("plate05", folder.path), "A/1/0");
  const path = join(field, "labels/zarr.json");
  const about = JSON.parse(await Deno.readTextFile(path));
  about.attributes.curator = "a person";
  about.attributes.ome.note = "checked";
  await Deno.writeTextFile(path, JSON.stringify(about));
  await addZarrLabel(field, "cells");
  about.attributes.ome.labels.push("cells");
  // The specification asks for it.
  about.attributes.ome.version = "0.5";
  assertEquals(JSON.parse(await Deno.readTextFile(path)), about);
});

Deno.test("addZarrLabel() refuses images that are in no folder, and a list that is damaged", async () => {
  await using folder = await temporaryFolder();
  for (const path of [zarrZip("v05"), folder.path]) {
    await assertRejects(
      () => addZarrLabel(path, "cells"),
      FileError,
      `Cannot write labels "${path}/labels": found no OME-Zarr image`,
    );
  }
  const field = join(await unpackZarr("plate04", folder.path), "A/1/0");
  const list = join(field, "labels/.zattrs");
  await Deno.writeTextFile(list, "{");
  await assertRejects(() => addZarrLabel(field, "cells"), FileError, ".zattrs");
  assertEquals(await Deno.readTextFile(list), "{");
});
