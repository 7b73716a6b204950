import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { libraryFolder } from "@unet/native";
import { findOpenslide } from "./find_openslide.ts";
import { openslideWheel } from "./openslide_wheel.ts";

const wheel = openslideWheel();

/** Tests with a cache of its own and what `UNET_OPENSLIDE` says. */
async function withPlaces(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const names = ["UNET_CACHE", "UNET_OPENSLIDE"];
  const before = names.map((name) => Deno.env.get(name));
  const folder = await Deno.makeTempDir();
  Deno.env.set("UNET_CACHE", folder);
  Deno.env.delete("UNET_OPENSLIDE");
  try {
    await work(folder);
  } finally {
    for (const [at, name] of names.entries()) {
      const value = before[at];
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findOpenslide() says how to get the library where it is not", () =>
  withPlaces(async () => {
    assertEquals(await findOpenslide(), {
      reason: "no OpenSlide library; get it with `installLibrary openslide`",
    });
  }));

Deno.test(
  "findOpenslide() takes no library of another checksum from the cache",
  {
    ignore: wheel === undefined,
  },
  () =>
    withPlaces(async () => {
      const folder = libraryFolder({
        kind: "library",
        folder: "openslide-4.0.1",
      });
      await Deno.mkdir(folder, { recursive: true });
      const path = `${folder}/${wheel!.library}`;
      await Deno.writeFile(path, new Uint8Array(wheel!.libraryBytes));
      const found = await findOpenslide();
      assert("reason" in found && found.reason.startsWith("another library"));
    }),
);

Deno.test("findOpenslide() takes what UNET_OPENSLIDE names, and nothing in its place", () =>
  withPlaces(async (folder) => {
    const path = `${folder}/own.so`;
    await Deno.writeTextFile(path, "");
    Deno.env.set("UNET_OPENSLIDE", path);
    assertEquals(await findOpenslide(), { path });
    for (
      const [own, found] of [
        [`${folder}/none.so`, "found no such file or folder"],
        [folder, "found a folder without it"],
      ]
    ) {
      Deno.env.set("UNET_OPENSLIDE", own!);
      await assertRejects(() => findOpenslide(), FileError, found);
    }
  }));
