import { assert, assertEquals, assertRejects } from "@std/assert";
import { whileHeld } from "./fixtures/while_held.ts";
import { lockFile } from "./file_lock.ts";

const isWindows = Deno.build.os === "windows";

const starting = `
  for (;;) await new Deno.Command(Deno.execPath(), { args: ["--version"] })
    .output();
`;

/** Adds 1 to a number in a file, as long as a lock alone keeps it right. */
const counting = (module: string, folder: string, times: number) => `
  import { lockFile } from ${JSON.stringify(module)};
  const folder = ${JSON.stringify(folder)};
  for (let done = 0; done < ${times};) {
    using lock = await lockFile(folder + "/.lock");
    if (!lock) continue;
    const number = Number(await Deno.readTextFile(folder + "/number"));
    await Deno.writeTextFile(folder + "/number", String(number + 1));
    done++;
  }
  postMessage("done");
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
    if (!isWindows) assertEquals([...Deno.readDirSync(folder)], []);
    using lock = await lockFile(path);
    assert(lock?.isLocked);
  });
});

Deno.test("lockFile() gives a lock that a killed process had, whose file is still there", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/.lock`;
    await whileHeld("lock", path, async () => {
      assertEquals(await lockFile(path), null);
    });
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
      ".lock",
    ]);
    using lock = await lockFile(path);
    assert(lock?.isLocked);
  });
});

Deno.test("lockFile() keeps many apart who take it and give it back, file and all", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/number`, "0");
    const module = import.meta.resolve("./file_lock.ts");
    const url = URL.createObjectURL(
      new Blob([counting(module, folder, 50)], { type: "text/javascript" }),
    );
    const workers = Array.from(
      { length: 4 },
      () => new Worker(url, { type: "module" }),
    );
    try {
      await Promise.all(
        workers.map((worker) =>
          new Promise((resolve, reject) => {
            worker.onmessage = resolve;
            worker.onerror = reject;
          })
        ),
      );
    } finally {
      for (const worker of workers) worker.terminate();
      URL.revokeObjectURL(url);
    }
    assertEquals(await Deno.readTextFile(`${folder}/number`), "200");
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

Deno.test(
  "lockFile() leaves the file of whoever has a lock of that name since",
  {
    ignore: isWindows,
  },
  async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/.lock`;
      const first = await lockFile(path);
      await Deno.remove(path);
      using second = await lockFile(path);
      assert(second?.isLocked);
      first![Symbol.dispose]();
      assertEquals(await lockFile(path), null);
    });
  },
);

Deno.test("lockFile() throws where there is no folder", async () => {
  await inFolder(async (folder) => {
    await assertRejects(
      () => lockFile(`${folder}/none/.lock`),
      Deno.errors.NotFound,
    );
  });
});
