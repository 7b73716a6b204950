import { assert, assertEquals } from "@std/assert";
import { writeFile } from "@unet/files";
import { listFolder } from "./folder_files.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";

Deno.test("listFolder() lists a folder that links lead to under few names", async () => {
  await using folder = await temporaryFolder();
  await writeFile(`${folder.path}/real/a.png`, "an image");
  const count = (links: number): number => {
    for (let link = 0; link < links; link++) {
      const name = `${folder.path}/link${link}`;
      try {
        Deno.symlinkSync(`${folder.path}/real`, name, { type: "dir" });
      } catch (cause) {
        if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
      }
    }
    const listing = listFolder(folder.path);
    listing.close();
    assert(listing.files.every(({ name }) => name.endsWith("/a.png")));
    return listing.files.length;
  };
  assertEquals([count(3), count(15), count(40)], [4, 16, 16]);
});
