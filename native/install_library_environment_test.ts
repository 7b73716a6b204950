import { assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "@unet/errors";
import {
  installLibrary,
  libraryFolder,
  offerLibrary,
  uninstallLibrary,
} from "./install_library.ts";
import type { LibraryInstaller } from "./library_installer.ts";

/** An installer that writes a file instead of fetching one. */
function installerOf(
  changes: Partial<LibraryInstaller> = {},
): LibraryInstaller & { readonly fills: number } {
  let fills = 0;
  return {
    ...{ kind: "library", name: "abacus", title: "Abacus 1", bytes: 4 },
    folder: "abacus-1",
    isFound: () => Promise.resolve(false),
    isComplete: async (folder) => {
      try {
        return (await Deno.stat(`${folder}/abacus.so`)).isFile;
      } catch {
        return false;
      }
    },
    obstacle: () => Promise.resolve(null),
    fill: async (folder) => {
      fills++;
      await Deno.writeTextFile(`${folder}/abacus.so`, "code");
    },
    ...changes,
    get fills() {
      return fills;
    },
  };
}

/** Tests with a cache of its own. */
function testInCache(name: string, work: () => Promise<void>): void {
  Deno.test(name, async () => {
    const before = Deno.env.get("UNET_CACHE");
    const cache = await Deno.makeTempDir();
    Deno.env.set("UNET_CACHE", cache);
    try {
      await work();
    } finally {
      if (before === undefined) Deno.env.delete("UNET_CACHE");
      else Deno.env.set("UNET_CACHE", before);
      await Deno.remove(cache, { recursive: true });
    }
  });
}

testInCache(
  "installLibrary() installs once, uninstallLibrary() removes it",
  async () => {
    const installer = installerOf();
    const folder = libraryFolder(installer);
    assertEquals(await installLibrary(installer), { folder, isNew: true });
    assertEquals(await installLibrary(installer), { folder, isNew: false });
    assertEquals(installer.fills, 1);
    assertEquals(await uninstallLibrary(installer), { folder, wasThere: true });
    assertEquals(await uninstallLibrary(installer), {
      folder,
      wasThere: false,
    });
  },
);

testInCache("installLibrary() of two at once installs once", async () => {
  const installer = installerOf();
  const done = await Promise.all(
    [1, 2, 3].map(() => installLibrary(installer)),
  );
  assertEquals(done.filter(({ isNew }) => isNew).length, 1);
  assertEquals(installer.fills, 1);
});

testInCache(
  "installLibrary() leaves nothing of an installation that fails",
  async () => {
    const installer = installerOf({
      fill: async (folder) => {
        await Deno.writeTextFile(`${folder}/half`, "co");
        throw new DeviceError("Cannot install");
      },
    });
    await assertRejects(() => installLibrary(installer), DeviceError);
    assertEquals((await uninstallLibrary(installer)).wasThere, false);
  },
);

testInCache(
  "installLibrary() says what is in its way, and fills nothing",
  async () => {
    const installer = installerOf({
      obstacle: () => Promise.resolve("no Python"),
    });
    await assertRejects(
      () => installLibrary(installer),
      DeviceError,
      'Cannot install library "abacus": found no Python',
    );
    assertEquals(installer.fills, 0);
    const { obstacle, isFound } = await offerLibrary(installer);
    assertEquals([obstacle, isFound], ["no Python", false]);
  },
);

testInCache(
  "installLibrary() throws the signal's reason, and begins nothing, once it is aborted",
  async () => {
    const installer = installerOf(), reason = new Error("enough");
    const error = await assertRejects(() =>
      installLibrary(installer, { signal: AbortSignal.abort(reason) })
    );
    assertEquals(error, reason);
    assertEquals(installer.fills, 0);
  },
);

Deno.test("offerLibrary() names no obstacle where the library is found", async () => {
  const installer = installerOf({
    isFound: () => Promise.resolve(true),
    obstacle: () => Promise.resolve("no Python"),
  });
  assertEquals((await offerLibrary(installer)).obstacle, "");
});
