import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import {
  installLauncher,
  launcherName,
  removeLauncher,
} from "./install_launcher.ts";
import { launcherMark } from "./launcher.ts";

const isWindows = Deno.build.os === "windows";
const text = `#!/bin/sh\n# ${launcherMark}\n`;

Deno.test("installLauncher() makes the folder and an executable file, and knows its own", async () => {
  const folder = join(await Deno.makeTempDir(), ".local", "bin");
  const path = join(folder, launcherName);
  assertEquals(await installLauncher(folder, text), {
    path,
    before: "nothing",
  });
  if (!isWindows) {
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o755);
    // As a kill before the last step would leave it.
    await Deno.chmod(path, 0o644);
  }
  assertEquals((await installLauncher(folder, text)).before, "same");
  if (!isWindows) assertEquals(Deno.statSync(path).mode! & 0o111, 0o111);
  const other = `${text}# of another checkout\n`;
  assertEquals((await installLauncher(folder, other)).before, "other");
  assertEquals(await Deno.readTextFile(path), other);
});

for (
  const kind of ["a file of another program", "a folder", "a symbolic link"]
) {
  const isSkipped = isWindows && kind === "a symbolic link";
  Deno.test({
    name: `installLauncher() and removeLauncher() leave ${kind} alone` +
      (isSkipped ? " (skipped: links need rights)" : ""),
    ignore: isSkipped,
    async fn() {
      const folder = await Deno.makeTempDir();
      const path = join(folder, launcherName);
      if (kind === "a folder") await Deno.mkdir(path);
      else if (kind === "a symbolic link") {
        const own = join(folder, "own");
        await Deno.writeTextFile(own, text);
        await Deno.symlink(own, path);
      } else await Deno.writeTextFile(path, "#!/bin/sh\necho mine\n");
      const installed = await assertRejects(
        () => installLauncher(folder, text),
        FileError,
      );
      assertEquals(
        installed.message,
        `Cannot install command "${path}": found ${kind}; move it away, or ` +
          "choose another folder by --to",
      );
      const removed = await assertRejects(
        () => removeLauncher([folder]),
        FileError,
      );
      assertEquals(
        removed.message,
        `Cannot remove command "${path}": found ${kind}; it stays`,
      );
      const { isFile, isDirectory, isSymlink } = await Deno.lstat(path);
      assert(isFile || isDirectory || isSymlink);
    },
  });
}

Deno.test("removeLauncher() removes the launcher and nothing else", async () => {
  const [first, second] = [
    await Deno.makeTempDir(),
    await Deno.makeTempDir(),
  ] as const;
  await Deno.writeTextFile(join(second, "unet-data"), "mine");
  assertEquals(await removeLauncher([first, second]), undefined);
  const { path } = await installLauncher(second, text);
  // A file of another program in one folder hides none in the next.
  await Deno.writeTextFile(join(first, launcherName), "foreign");
  assertEquals(await removeLauncher([first, second]), path);
  assertEquals([...Deno.readDirSync(second)].map(({ name }) => name), [
    "unet-data",
  ]);
  assertEquals(await Deno.readTextFile(join(first, launcherName)), "foreign");
});
