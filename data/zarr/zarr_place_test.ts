import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { unpackZarr, zarrZip } from "./fixtures/unpacked.ts";
import { isZarrFolder, zarrPlaceOf } from "./zarr_place.ts";

Deno.test("zarrPlaceOf() finds the top of a hierarchy above a path", async () => {
  await using folder = await temporaryFolder();
  const root = await unpackZarr("plate05", folder.path);
  const inside = (path: string) => zarrPlaceOf(path)?.inside;
  assertEquals(zarrPlaceOf(`${root}/`), { root, inside: "", isZip: false });
  assertEquals(inside(join(root, "A", "1", "0")), "A/1/0");
  assertEquals(
    inside(join(root, "A", "1", "0", "labels", "nuclei")),
    "A/1/0/labels/nuclei",
  );
  const zip = zarrZip("plate05");
  assertEquals(zarrPlaceOf(zip), { root: zip, inside: "", isZip: true });
  assertEquals(zarrPlaceOf(`${zip}/A/1/`), {
    root: zip,
    inside: "A/1",
    isZip: true,
  });
});

Deno.test("zarrPlaceOf() and isZarrFolder() know no hierarchy elsewhere", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "a.png");
  await Deno.writeTextFile(file, "");
  for (
    const path of [
      folder.path,
      file,
      join(file, "0"),
      join(folder.path, "none"),
    ]
  ) {
    assertEquals(zarrPlaceOf(path), undefined, path);
    assertEquals(isZarrFolder(path), false, path);
  }
});
