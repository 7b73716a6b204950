import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { writeFile } from "@unet/files";
import { listImages } from "./list_images.ts";

Deno.test("listImages() lists a folder and all below in natural order, but for what is hidden and masks beside images", async () => {
  const folder = await Deno.makeTempDir();
  const files = [
    ...["b10.png", "b9.TIF", "notes.txt", ".hidden.png", ".own/a.png"],
    ...["set/images/a.jpg", "set/masks/a.png", "masks/b9.png"],
  ];
  for (const file of files) await writeFile(join(folder, file), "x");
  assertEquals(await listImages(folder, undefined), {
    names: [
      "b9.TIF",
      "b10.png",
      join("masks", "b9.png"),
      join("set", "images", "a.jpg"),
    ],
    others: 1,
    maskFolders: 1,
    faults: new Map(),
  });
  const masks = await Deno.realPath(join(folder, "masks"));
  const { names } = await listImages(folder, masks);
  assertEquals(names.includes(join("masks", "b9.png")), false);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("listImages() lists formats that are not read, but for files beside what they were converted to", async () => {
  const folder = await Deno.makeTempDir();
  const files = [
    ...["a.lsm", "b.stk", "c.nd2", "d.ND2", "d.tif", "notes.txt"],
    ...["e.lif", "e_first.ome.zarr/.zattrs", "e_second.ome.zarr/.zattrs"],
  ];
  for (const file of files) await writeFile(join(folder, file), "x");
  const { names, others } = await listImages(folder, undefined);
  assertEquals(names, [
    ...["a.lsm", "b.stk", "c.nd2", "d.tif"],
    ...["e_first.ome.zarr", "e_second.ome.zarr"],
  ]);
  assertEquals(others, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("listImages() leaves out the masks in a folder of the studio", async () => {
  const folder = await Deno.makeTempDir();
  for (const file of ["a.png", "masks/a.tif", ".studio/states.jsonl"]) {
    await writeFile(join(folder, file), "x");
  }
  assertEquals(await listImages(folder, undefined), {
    names: ["a.png"],
    others: 0,
    maskFolders: 1,
    faults: new Map(),
  });
  await Deno.remove(folder, { recursive: true });
});
