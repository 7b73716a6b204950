import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { RequestError } from "../server/request_error.ts";
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
