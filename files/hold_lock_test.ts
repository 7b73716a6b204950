import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { whileHeld } from "./fixtures/while_held.ts";
import {
  describeHolder,
  holdLock,
  howToEnd,
  type LockHolder,
} from "./hold_lock.ts";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** The lock, of which the test is sure. */
async function taken(path: string) {
  const result = await holdLock(path);
  assert("lock" in result);
  return result.lock;
}

Deno.test("holdLock() names the process that has the lock, and is free once that was killed", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/.lock`;
  const before = Date.now();
  await whileHeld("hold", path, async (process) => {
    const result = await holdLock(path);
    assert("holder" in result);
    const holder = result.holder!;
    assertEquals(holder.process, process);
    assertEquals(holder.host, Deno.hostname());
    const since = Date.parse(holder.since);
    assert(since >= before && since <= Date.now(), holder.since);
    assertEquals(howToEnd(holder, path), `end it with: kill ${process}`);
  });
  // What the killed process noted is still there, and stops nobody.
  assert(names(folder).includes(".lock.json"));
  {
    using lock = await taken(path);
    assert(lock.isLocked);
    assertEquals(lock.other, null);
    const own = await holdLock(path);
    assert("holder" in own);
    assertEquals(own.holder?.process, Deno.pid);
  }
  assertEquals(
    names(folder).filter((name) =>
      Deno.build.os !== "windows" || /json/.test(name)
    ),
    [],
  );
});

Deno.test("holdLock() reports another machine's process that never took its note back", async () => {
  const path = `${await Deno.makeTempDir()}/.lock`;
  const other: LockHolder = {
    process: 7,
    host: "another-machine",
    since: "2026-01-31T12:00:05.000Z",
  };
  await Deno.writeTextFile(`${path}.json`, JSON.stringify(other));
  {
    using lock = await taken(path);
    assertEquals(lock.other, other);
  }
  using again = await taken(path);
  assertEquals(again.other, null);
});

Deno.test("holdLock() ignores damaged notes, and follows no link", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/.lock`;
  const notes = [
    ...["", "{", "7", "null", "[]", '{"process":"7"}'],
    '{"process":7,"host":5,"since":"2026-01-31T12:00:05.000Z"}',
    '{"process":7,"host":"a","since":"yesterday"}',
  ];
  for (const note of notes) {
    await Deno.writeTextFile(`${path}.json`, note);
    using lock = await taken(path);
    assertEquals(lock.other, null, note);
  }
  if (Deno.build.os === "windows") return;
  await Deno.writeTextFile(`${folder}/mine`, "mine");
  await Deno.symlink(`${folder}/mine`, `${path}.json`);
  {
    using _ = await taken(path);
  }
  assertEquals(await Deno.readTextFile(`${folder}/mine`), "mine");
});

Deno.test("holdLock() leaves the note of whoever has a lock of that name since", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/.lock`;
  const lock = await taken(path);
  // As when the folder around it was renamed, and a new one made.
  await Deno.remove(path);
  // Notes of one process differ by the time alone.
  await new Promise((done) => setTimeout(done, 5));
  using _ = await taken(path);
  lock[Symbol.dispose]();
  assert(names(folder).includes(".lock.json"));
});

Deno.test("holdLock() throws where there is no folder", async () => {
  const path = `${await Deno.makeTempDir()}/none/.lock`;
  await assertRejects(() => holdLock(path), Deno.errors.NotFound);
});

Deno.test("describeHolder() and howToEnd() say what is known", () => {
  const since = "2026-01-31T12:00:05.000Z";
  const holder: LockHolder = { process: 4711, host: "lab", since };
  const doing = "training there";
  assertMatch(
    describeHolder(holder, doing),
    /^process 4711 on lab training there since 2026-0[12]-\d\d \d\d:\d\d:05$/,
  );
  assertMatch(
    describeHolder({ ...holder, host: null }, doing),
    /^process 4711 training there since 2026-/,
  );
  assertEquals(describeHolder(null, doing), "another process training there");
  assertMatch(
    howToEnd(holder, "run/.lock"),
    /^end it on lab with: (task)?kill .*4711; if that machine is gone, remove run\/\.lock$/,
  );
  for (const host of [null, Deno.hostname()]) {
    assertMatch(
      howToEnd({ ...holder, host }, "run/.lock"),
      /^end it with: (task)?kill .*4711$/,
    );
  }
  assertEquals(howToEnd(null, "run/.lock"), "end it");
});
