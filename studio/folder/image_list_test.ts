import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { RequestError } from "@unet/http";
import { ImageList } from "./image_list.ts";
import { openStudioFolder } from "./studio_folder.ts";

async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] })
    .output();
  assertEquals(success, true);
}

Deno.test({
  name:
    "ImageList lists no pipes and devices, whose reading never ends, and takes none for a mask",
  ignore: Deno.build.os === "windows",
  async fn() {
    const root = await Deno.realPath(await Deno.makeTempDir());
    await Deno.mkdir(join(root, "masks"));
    await Deno.writeTextFile(join(root, "a.png"), "");
    await makePipe(join(root, "pipe.png"));
    await makePipe(join(root, "masks", "a.png"));
    await Deno.symlink(join(root, "pipe.png"), join(root, "to pipe.png"));
    await Deno.symlink("/dev/zero", join(root, "zeros.tif"));
    await Deno.symlink(join(root, "a.png"), join(root, "to image.png"));
    {
      using folder = await openStudioFolder(root);
      const list = await ImageList.open(folder);
      assertEquals(await list.scan(), [
        { name: "a.png", state: "none" },
        { name: "to image.png", state: "none" },
      ]);
      assertEquals(await list.maskPathOf("a.png"), null);
      await assertRejects(
        () => list.pathOf("pipe.png"),
        RequestError,
        "found no such image in the folder",
      );
    }
    await Deno.remove(root, { recursive: true });
  },
});

Deno.test("ImageList lists OME-Zarrs as images, and the fields of a plate, in a zip too", async () => {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const fixtures = new URL("../../data/zarr/fixtures/", import.meta.url);
  for (const name of ["zlib", "plate05"]) {
    const file = `${name}.zarr.zip`;
    await Deno.copyFile(new URL(file, fixtures), join(root, file));
  }
  await Deno.mkdir(join(root, "a.zarr"));
  await Deno.writeTextFile(join(root, "a.zarr", ".zgroup"), "{}");
  {
    using folder = await openStudioFolder(root);
    const list = await ImageList.open(folder);
    assertEquals((await list.scan()).map(({ name }) => name), [
      "a.zarr",
      ...["A/1/0", "A/1/1", "B/10/0", "B/10/1"]
        .map((field) => `plate05.zarr.zip/${field}`),
      "zlib.zarr.zip",
    ]);
    for (const name of ["a.zarr", "plate05.zarr.zip/A/1/1", "zlib.zarr.zip"]) {
      assertEquals(await list.pathOf(name), join(root, name));
    }
  }
  await Deno.remove(root, { recursive: true });
});
