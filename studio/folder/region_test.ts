import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { makeFolder, writeFile } from "@unet/files";
import {
  noteOfRegion,
  readRegion,
  type Region,
  regionName,
  textOfRegion,
  withRegionsBeneath,
} from "./region.ts";

const part = { x: 10, y: 20, width: 300, height: 200 };

Deno.test("regionName() is beside the image, or beside the Zarr that it lies in", async () => {
  const root = await Deno.realPath(await Deno.makeTempDir());
  await makeFolder(join(root, "sets", "plate.zarr", "A", "1", "0"));
  await writeFile(join(root, "sets", "plate.zarr", ".zgroup"), "{}");
  await writeFile(join(root, "wells.zarr.zip"), "zip");
  const nameOf = (of: string) => regionName(root, { of, ...part });
  assertEquals(nameOf("slide.ome.tif"), "slide.ome_x10_y20.tif");
  assertEquals(nameOf("set/images/a.svs"), "set/images/a_x10_y20.tif");
  assertEquals(
    nameOf("sets/plate.zarr/A/1/0"),
    "sets/plate_A_1_0_x10_y20.tif",
  );
  assertEquals(nameOf("wells.zarr.zip/B/2"), "wells.zarr_B_2_x10_y20.tif");
  await Deno.remove(root, { recursive: true });
});

Deno.test("readRegion() reads what textOfRegion() wrote, and refuses anything else", async () => {
  const root = await Deno.makeTempDir();
  const cases: [string, Region][] = [
    ["a_x10_y20.tif", { of: "a.svs", ...part }],
    ["set/a_x10_y20.tif", { of: "set/a.svs", ...part, plane: 3, time: 0 }],
  ];
  for (const [name, region] of cases) {
    const path = join(root, noteOfRegion(name));
    await writeFile(path, textOfRegion(region, name));
    assertEquals(await readRegion(root, name), region);
  }
  assertEquals(await readRegion(root, "other.tif"), null);
  for (const text of ["{", "7", '{"of": "a.svs"}', '{"of": 1, "x": 0}']) {
    await writeFile(join(root, "a_x10_y20.region.json"), text);
    await assertRejects(
      () => readRegion(root, "a_x10_y20.tif"),
      FileError,
      "expected of, x, y, width and height",
    );
  }
  await Deno.remove(root, { recursive: true });
});

Deno.test("withRegionsBeneath() lists each image once: regions beneath theirs, from the top", () => {
  const region = (of: string, x: number, y: number) => ({
    region: { ...part, of, x, y },
  });
  const listed = [
    { name: "a_x0_y9.tif", ...region("a.svs", 0, 9) },
    { name: "a_x5_y0.tif", ...region("a.svs", 5, 0) },
    { name: "a.svs" },
    { name: "b.png" },
    { name: "gone_x0_y0.tif", ...region("gone.svs", 0, 0) },
    { name: "one.tif", ...region("two.tif", 0, 0) },
    { name: "two.tif", ...region("one.tif", 0, 0) },
  ];
  assertEquals(withRegionsBeneath(listed).map(({ name }) => name), [
    ...["a.svs", "a_x5_y0.tif", "a_x0_y9.tif", "b.png", "gone_x0_y0.tif"],
    ...["one.tif", "two.tif"],
  ]);
});
