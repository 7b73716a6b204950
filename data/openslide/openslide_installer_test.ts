import { assert, assertEquals } from "@std/assert";
import { openslideInstaller } from "./openslide_installer.ts";
import { openslideWheel } from "./openslide_wheel.ts";

const platforms = [
  ...["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"],
  ...["x86_64-apple-darwin", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"],
];

Deno.test("openslideWheel() has a build with checksums for each platform that Deno has one for", () => {
  for (const platform of platforms) {
    const wheel = openslideWheel(platform)!;
    for (const sum of [wheel.sha256, wheel.librarySha256]) {
      assert(/^[0-9a-f]{64}$/.test(sum), platform);
    }
    assert(Object.values(wheel.entries).includes(wheel.library), platform);
  }
  assertEquals(openslideWheel("wasm32-unknown-unknown"), undefined);
  assertEquals(openslideWheel("toString"), undefined);
});

Deno.test("openslideInstaller() takes another file for no complete installation", async () => {
  const wheel = openslideWheel();
  if (!wheel) return;
  const folder = await Deno.makeTempDir();
  try {
    assertEquals(await openslideInstaller.isComplete(folder), false);
    const path = `${folder}/${wheel.library}`;
    await Deno.writeFile(path, new Uint8Array(wheel.libraryBytes));
    assertEquals(await openslideInstaller.isComplete(folder), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
