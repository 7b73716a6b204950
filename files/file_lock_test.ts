import { assert, assertEquals, assertRejects } from "@std/assert";
import { lockFile } from "./file_lock.ts";

const starting = `
  for (;;) await new Deno.Command(Deno.execPath(), { args: ["--version"] })
    .output();
`;

async function inFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("lockFile() gives a lock once, and again when it was given back", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/.lock`;
    {
      using lock = await lockFile(path);
      assert(lock?.isLocked);
      assertEquals(await lockFile(path), null);
    }
    using lock = await lockFile(path);
    assert(lock?.isLocked);
  });
});

Deno.test("lockFile() gives a lock back at once, though threads start children", async () => {
  await inFolder(async (folder) => {
    const url = URL.createObjectURL(
      new Blob([starting], { type: "text/javascript" }),
    );
    const workers = [1, 2].map(() => new Worker(url, { type: "module" }));
    try {
      for (let times = 0; times < 3000; times++) {
        using lock = await lockFile(`${folder}/.lock`);
        assert(lock, `taken after ${times} times`);
      }
    } finally {
      for (const worker of workers) worker.terminate();
      URL.revokeObjectURL(url);
    }
  });
});

Deno.test("lockFile() throws where there is no folder", async () => {
  await inFolder(async (folder) => {
    await assertRejects(
      () => lockFile(`${folder}/none/.lock`),
      Deno.errors.NotFound,
    );
  });
});
