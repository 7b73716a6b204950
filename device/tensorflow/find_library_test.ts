import { join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "@unet/errors";
import { findLibrary } from "./find_library.ts";

const file = Deno.build.os === "darwin"
  ? "libtensorflow_cc.2.dylib"
  : "libtensorflow_cc.so.2";
/** The SHA-256 of an empty file. */
const ofNothing =
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const absent = { named: "", python: "no-such-python" };

async function inFolder(
  path: string,
  test: (root: string, file: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const folder = join(root, path);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(join(folder, file), "");
    await test(root, join(folder, file));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

for (const path of ["", "lib", "tensorflow"]) {
  Deno.test(`findLibrary() finds what UNET_TENSORFLOW names, in ${path || "the folder"}`, () =>
    inFolder(path, async (root, file) => {
      const expected = { path: file, source: "UNET_TENSORFLOW" };
      assertEquals(await findLibrary({ named: root }), expected);
      assertEquals(await findLibrary({ named: file }), expected);
    }));
}

Deno.test("findLibrary() refuses a UNET_TENSORFLOW without a library", async () => {
  const folder = await Deno.makeTempDir();
  await assertRejects(
    () => findLibrary({ named: folder }),
    DeviceError,
    `Cannot find library in UNET_TENSORFLOW "${folder}": found none, expected`,
  );
  await Deno.remove(folder);
});

Deno.test("findLibrary() finds what was installed into the cache", () =>
  inFolder(
    "tensorflow",
    async (installed, path) => {
      const checksums = { [`tensorflow/${file}`]: ofNothing };
      const options = { ...absent, installed, checksums };
      const found = await findLibrary(options);
      // The package's own download goes first, where somebody has it.
      if (found.source === "tfjs-node-gpu") return;
      assertEquals(found, { path, source: "cache" });
      await Deno.writeTextFile(path, "changed");
      assertEquals(await findLibrary(options), {
        path: null,
        source: `another library (${path}) than the one that was installed; ` +
          "remove it with `uninstallDevice tensorflow`",
      });
    },
  ));

Deno.test("findLibrary() lists where it looked", async () => {
  const { path, source } = await findLibrary({
    ...absent,
    installed: "no-such-folder",
  });
  assert(path !== null || source.includes("no-such-python"), source);
});
