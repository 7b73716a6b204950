import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { temporaryFolder } from "../fixtures/tiny.ts";
import { describeTrainer, lockRun } from "./lock_run.ts";

function names(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

const isWindows = Deno.build.os === "windows";

Deno.test("lockRun() lets one process train into a run, and names it to the next", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "first");
  {
    await using lock = await lockRun(path);
    assertEquals(lock.warning, null);
    const error = await assertRejects(() => lockRun(path), FileError);
    assertMatch(
      error.message.replace(path, "RUN"),
      new RegExp(
        `^Cannot train into run "RUN": found process ${Deno.pid} on ` +
          `${Deno.hostname()} training there since \\d{4}-\\d\\d-\\d\\d ` +
          "\\d\\d:\\d\\d:\\d\\d, expected one process per run; wait for it to " +
          `end, or save and end it with: kill ${Deno.pid}$`,
      ),
    );
    assertMatch(
      String(await describeTrainer(path)),
      new RegExp(`^process ${Deno.pid} on .* training there since `),
    );
    await Deno.writeTextFile(join(path, "config.json"), "{}");
  }
  assertEquals(await describeTrainer(path), null);
  if (!isWindows) assertEquals(names(path), ["config.json"]);
  await using again = await lockRun(path);
  assertEquals(again.warning, null);
});

Deno.test("lockRun() leaves no folder behind that nobody wrote into", {
  ignore: isWindows,
}, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "runs", "first");
  {
    await using _ = await lockRun(path);
  }
  assertEquals(names(folder.path), []);
  await Deno.mkdir(path, { recursive: true });
  {
    await using _ = await lockRun(path);
  }
  // This one was there before.
  assertEquals(names(path), []);
});

Deno.test("lockRun() gives way where another removes the folder that it made", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "first");
  let locked = 0;
  await Promise.all(Array.from({ length: 6 }, async () => {
    for (let times = 0; times < 30; times++) {
      try {
        await using _ = await lockRun(path);
        locked++;
      } catch (error) {
        assert(error instanceof FileError, String(error));
        assertMatch(error.message, /training there/);
      }
    }
  }));
  assert(locked >= 30, String(locked));
});

Deno.test("lockRun() warns of a process on another machine that has not given the run back", async () => {
  await using folder = await temporaryFolder();
  const note = join(folder.path, ".lock.json");
  const since = "2026-01-31T12:00:00.000Z";
  await Deno.writeTextFile(
    note,
    JSON.stringify({ process: 7, host: "node-3", since }),
  );
  await using lock = await lockRun(folder.path);
  assertMatch(
    lock.warning!,
    /^The run was not given back by process 7 on node-3 training there since 2026-\S+ \S+: if that process still runs, end it, /,
  );
});

Deno.test("lockRun() warns where the file system has no locks", async () => {
  await using folder = await temporaryFolder();
  const { tryLock } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.tryLock = () =>
    Promise.reject(new Error("No locks available (os error 37)"));
  try {
    await using lock = await lockRun(folder.path);
    assertEquals(
      lock.warning,
      "The run is on a file system without locks: make sure that no other " +
        "process is training there",
    );
    await using second = await lockRun(folder.path);
    assertMatch(
      second.warning!,
      new RegExp(` \\(last noted: process ${Deno.pid} on `),
    );
  } finally {
    Deno.FsFile.prototype.tryLock = tryLock;
  }
});

Deno.test("lockRun() says in words why a folder cannot be locked", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "file");
  await Deno.writeTextFile(file, "");
  await assertRejects(
    () => lockRun(file),
    FileError,
    `Cannot write into run "${file}": found a file of that name`,
  );
  await Deno.mkdir(join(folder.path, "run", ".lock"), { recursive: true });
  await assertRejects(
    () => lockRun(join(folder.path, "run")),
    FileError,
    `Cannot write into run "${join(folder.path, "run")}": found a folder`,
  );
});
