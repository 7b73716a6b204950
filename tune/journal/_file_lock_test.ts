import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { type LockKind, withLock } from "./_file_lock.ts";

const kinds: readonly LockKind[] = Deno.build.os === "windows"
  ? ["exclusive"]
  : ["symlink", "exclusive"];

async function inFolder(
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/a.log`);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function make(kind: LockKind, path: string): void {
  if (kind === "symlink") Deno.symlinkSync("a.log", `${path}.lock`);
  else Deno.writeFileSync(`${path}.lock`, new Uint8Array());
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

for (const kind of kinds) {
  Deno.test(`withLock() holds a lock of kind ${kind} while it acts`, () =>
    inFolder(async (path) => {
      const isLink = await withLock(
        path,
        { kind, grace: 30 },
        () => Deno.lstatSync(`${path}.lock`).isSymlink,
      );
      assertEquals(isLink, kind === "symlink");
    }));

  Deno.test(`withLock() gives a lock of kind ${kind} back after a fault`, () =>
    inFolder(async (path) => {
      await assertRejects(
        () =>
          withLock(path, { kind, grace: 30 }, () => {
            throw new RangeError("on purpose");
          }),
        RangeError,
        "on purpose",
      );
    }));

  for (const other of kinds) {
    Deno.test(`withLock() of kind ${kind} waits for one of kind ${other}`, () =>
      inFolder(async (path) => {
        make(other, path);
        let acted = false;
        const done = withLock(path, { kind, grace: 30 }, () => {
          acted = true;
        });
        await pause(100);
        assert(!acted);
        await Deno.remove(`${path}.lock`);
        await done;
        assert(acted);
      }));

    Deno.test(`withLock() of kind ${kind} takes over one of kind ${other} that a dead process left`, () =>
      inFolder(async (path) => {
        make(other, path);
        await Promise.all(
          [1, 2, 3].map(() =>
            withLock(path, { kind, grace: 0.2 }, () => {
              assert(Deno.lstatSync(`${path}.lock`));
            })
          ),
        );
      }));
  }

  Deno.test(`withLock() of kind ${kind} takes no lock over that changes hands`, () =>
    inFolder(async (path) => {
      let acted = false;
      make(kind, path);
      const done = withLock(path, { kind, grace: 0.4 }, () => {
        acted = true;
      });
      for (let holder = 0; holder < 8; holder++) {
        await pause(100);
        assert(!acted);
        // By renaming, so that there is a lock at every moment.
        make(kind, `${path}.next`);
        await Deno.rename(`${path}.next.lock`, `${path}.lock`);
      }
      await Deno.remove(`${path}.lock`);
      await done;
    }));

  Deno.test(`withLock() of kind ${kind} leaves a lock alone that is not its own any more`, async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/a.log`;
    await withLock(path, { kind, grace: 30 }, () => {
      make(kind, `${path}.next`);
      Deno.renameSync(`${path}.next.lock`, `${path}.lock`);
    });
    assert(Deno.lstatSync(`${path}.lock`));
    await Deno.remove(folder, { recursive: true });
  });

  Deno.test(`withLock() of kind ${kind} reports where no lock can be made`, async () => {
    const { message } = await assertRejects(
      () => withLock("no/such/a.log", { kind, grace: 30 }, () => {}),
      FileError,
    );
    assertEquals(
      message,
      'Cannot lock journal "no/such/a.log": found no such file or folder',
    );
  });
}
