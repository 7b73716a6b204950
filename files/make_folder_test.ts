import { assert, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { makeFolder } from "./make_folder.ts";
import { pathInfo } from "./path_info.ts";

Deno.test("makeFolder() makes what is missing, and leaves what is there", async () => {
  const root = await Deno.makeTempDir(), deep = `${root}/a/b`;
  await makeFolder(deep);
  await Deno.writeTextFile(`${deep}/note`, "kept");
  await makeFolder(deep);
  assert((await pathInfo(`${deep}/note`, "read", "note"))?.isFile);
  await Deno.remove(root, { recursive: true });
});

Deno.test("makeFolder() says what is in the way", async () => {
  const root = await Deno.makeTempDir(), file = `${root}/note`;
  await Deno.writeTextFile(file, "in the way");
  for (const path of [file, `${file}/below`]) {
    await assertRejects(
      () => makeFolder(path),
      FileError,
      `Cannot make folder "${path}": found `,
    );
  }
  await Deno.remove(root, { recursive: true });
});
