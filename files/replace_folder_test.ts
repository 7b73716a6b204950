import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError, ModelError } from "@unet/errors";
import { findFolder } from "./find_folder.ts";
import { inBetween } from "./fixtures/in_between.ts";
import { runWriter, type Writer } from "./fixtures/run_writer.ts";
import { recoverFolder, replaceFolder } from "./replace_folder.ts";
import { writeFile } from "./write_file.ts";

const isWindows = Deno.build.os === "windows";

/** A folder in a temporary one, with the file `a`, if any content is given. */
async function place(content?: string): Promise<string> {
  const path = `${await Deno.makeTempDir()}/last`;
  if (content !== undefined) await writeFile(`${path}/a`, content);
  return path;
}

/** Names beside the folder, and the content of its file `a`. */
function stateOf(path: string): { beside: string[]; a: string } {
  const parent = path.slice(0, path.lastIndexOf("/"));
  const beside = [...Deno.readDirSync(parent)].map(({ name }) => name).sort();
  return { beside, a: Deno.readTextFileSync(`${path}/a`) };
}

const write = (content: string) => (folder: string): Promise<void> =>
  writeFile(`${folder}/a`, content);

Deno.test("replaceFolder() makes a folder, with the folders above it", async () => {
  const path = `${await place()}/deep/last`;
  await replaceFolder(path, write("new"));
  assertEquals(stateOf(path), { beside: ["last"], a: "new" });
});

Deno.test("replaceFolder() leaves no file of the old folder", async () => {
  const path = await place("old");
  await writeFile(`${path}/surplus`, "");
  await replaceFolder(path, write("new"));
  assertEquals(stateOf(path), { beside: ["last"], a: "new" });
  assertEquals([...Deno.readDirSync(path)].length, 1);
});

Deno.test("replaceFolder() takes a path that ends with a separator", async () => {
  const path = await place("old");
  await replaceFolder(`${path}/`, write("new"));
  assertEquals(stateOf(path), { beside: ["last"], a: "new" });
  assert(await recoverFolder(`${path}/`));
});

Deno.test("replaceFolder() keeps the old folder and throws on what the writer throws", async () => {
  const path = await place("old");
  const error = new ModelError("Cannot write model");
  const thrown = await assertRejects(
    () =>
      replaceFolder(path, async (folder) => {
        await write("half")(folder);
        throw error;
      }),
    ModelError,
  );
  assertEquals(thrown, error);
  assertEquals(stateOf(path), { beside: ["last"], a: "old" });
});

Deno.test("replaceFolder() words a fault of the system", async () => {
  const path = await place("old");
  const error = await assertRejects(
    () => replaceFolder(path, (folder) => Deno.remove(`${folder}/none`)),
    FileError,
  );
  assertEquals(
    error.message,
    `Cannot write folder "${path}": found no such file or folder`,
  );
  assertEquals(stateOf(path), { beside: ["last"], a: "old" });
});

Deno.test("replaceFolder() refuses to replace what another has replaced meanwhile", async () => {
  for (const content of [undefined, "old"]) {
    const path = await place(content);
    const error = await assertRejects(
      () =>
        replaceFolder(path, async (folder) => {
          await write("slow")(folder);
          await replaceFolder(path, write("fast"));
        }),
      FileError,
    );
    assertEquals(
      error.message,
      `Cannot write folder "${path}": found a version that another process ` +
        "wrote meanwhile, expected one process that writes it; end the other one",
    );
    assertEquals(stateOf(path), { beside: ["last"], a: "fast" });
  }
});

Deno.test("replaceFolder() recovers what another left that was killed meanwhile", async () => {
  const path = await place("old");
  await replaceFolder(path, async (folder) => {
    await write("new")(folder);
    // Killed in a recovery: the folder is the one from before.
    await Deno.rename(path, `${path}.old`);
  });
  assertEquals(stateOf(path), { beside: ["last"], a: "new" });
  await assertRejects(
    () =>
      replaceFolder(path, async (folder) => {
        await write("late")(folder);
        // Killed between two renames: the folder is the other's.
        await write("theirs")(`${path}.new`);
        await Deno.rename(path, `${path}.old`);
      }),
    FileError,
    "a version that another process wrote",
  );
  assertEquals(stateOf(path), { beside: ["last"], a: "theirs" });
});

Deno.test("recoverFolder() waits for a process that is just renaming", async () => {
  const path = await place("old");
  let recovered: Promise<boolean> | undefined;
  await inBetween("rename", async (from, rename) => {
    await rename();
    if (from !== path) return;
    recovered = recoverFolder(path);
    await new Promise((done) => setTimeout(done, 100));
  }, () => replaceFolder(path, write("new")));
  assert(await recovered);
  assertEquals(stateOf(path), { beside: ["last"], a: "new" });
});

Deno.test("replaceFolder() puts the old folder back where the new one cannot take its place", async () => {
  const path = await place("old");
  const refuse = inBetween("rename", async (from, rename) => {
    if (from === `${path}.new`) {
      throw new Error("Invalid cross-device link (os error 18)");
    }
    await rename();
  }, () => replaceFolder(path, write("new")));
  await assertRejects(
    () => refuse,
    FileError,
    `Cannot write folder "${path}": found "Invalid cross-device link"`,
  );
  assertEquals(stateOf(path), { beside: ["last"], a: "old" });
});

Deno.test(
  "replaceFolder() replaces a folder of a container's image, which cannot be renamed",
  {
    ignore: Deno.build.os !== "linux",
  },
  async () => {
    const path = await place("old");
    await writeFile(`${path}/deep/b`, "old");
    const image = path.slice(0, -"/last".length);
    const over = await Deno.makeTempDir();
    for (const name of ["upper", "work", "seen"]) {
      await Deno.mkdir(`${over}/${name}`);
    }
    const [seen, module] = [`${over}/seen`, import.meta.resolve("./mod.ts")];
    const script = `${over}/script.ts`;
    await Deno.writeTextFile(
      script,
      `import { replaceFolder, writeFile } from ${JSON.stringify(module)};
    const a = (folder, text) => writeFile(folder + "/a", text);
    await replaceFolder("${seen}/last", (folder) => a(folder, "new"))
      .catch((error) => console.log(error.message));
    console.log(Deno.readTextFileSync("${seen}/last/a"));
    for (const { name } of Deno.readDirSync("${seen}")) console.log(name);`,
    );
    const layers =
      `userxattr,lowerdir=${image},upperdir=${over}/upper,workdir=${over}/work`;
    const { stdout, stderr } = await new Deno.Command("unshare", {
      args: [
        ...["-Urm", "bash", "-c"],
        `mount -t overlay overlay -o ${layers} "${seen}" || exit 99; "$@"`,
        ...["bash", Deno.execPath(), "run", "-q", "--no-check", "--config"],
        new URL("../deno.json", import.meta.url).pathname,
        ...["--allow-read", "--allow-write", script],
      ],
    }).output();
    const said = new TextDecoder().decode(stdout);
    if (said === "") {
      // deno-lint-ignore no-console
      console.log(
        `skipped: no layers can be mounted here (${
          new TextDecoder().decode(stderr)
        })`,
      );
      return;
    }
    assertEquals(said, "new\nlast\n");
    assertEquals(stateOf(path), { beside: ["last"], a: "old" });
  },
);

Deno.test("replaceFolder() puts the whole old folder back where a copy of it cannot be made", async () => {
  const path = await place("old");
  const refuse = inBetween("rename", async (from, rename) => {
    if (from === path) throw new Error("Invalid link (os error 18)");
    if (/part|\.new$/.test(from) && !from.startsWith(path)) {
      throw new Error("No space left on device (os error 28)");
    }
    await rename();
  }, () => replaceFolder(path, () => Promise.resolve()));
  await assertRejects(() => refuse, FileError, "found a full disk");
  assertEquals(stateOf(path), { beside: ["last"], a: "old" });
});

Deno.test("replaceFolder() does not mind what comes and goes in the old folder meanwhile", async () => {
  const path = await place("old");
  await replaceFolder(path, async (folder) => {
    await write("new")(folder);
    await Deno.writeTextFile(`${path}/.note`, "looked at");
  });
  assertEquals(stateOf(path), { beside: ["last"], a: "new" });
});

Deno.test("replaceFolder() replaces a link, and leaves what it leads to", {
  ignore: isWindows,
}, async () => {
  const path = await place(), target = await place("elsewhere");
  await Deno.symlink(target, path);
  await replaceFolder(path, write("new"));
  assertEquals(stateOf(path), { beside: ["last"], a: "new" });
  assert(!Deno.lstatSync(path).isSymlink);
  assertEquals(await Deno.readTextFile(`${target}/a`), "elsewhere");
});

Deno.test("replaceFolder() refuses a file's place and leaves the file", async () => {
  const parent = await Deno.makeTempDir(), path = `${parent}/last`;
  await Deno.writeTextFile(path, "mine");
  const error = await assertRejects(
    () => replaceFolder(path, write("new")),
    FileError,
  );
  assertEquals(
    error.message,
    `Cannot write folder "${path}": found a file of that name; move it away or choose another name`,
  );
  assertEquals(await Deno.readTextFile(path), "mine");
  assertEquals([...Deno.readDirSync(parent)].length, 1);
});

const kills: [
  when: string,
  folders: { last?: string; new?: string; old?: string },
  recovered: string | undefined,
][] = [
  ["before the first write", {}, undefined],
  ["in the first write", { new: "half" }, undefined],
  ["between writes", { last: "old" }, "old"],
  ["in a later write", { last: "old", new: "half" }, "old"],
  ["between the renames", { old: "old", new: "new" }, "new"],
  ["after the renames", { last: "new", old: "old" }, "new"],
  ["in a recovery", { old: "old" }, "old"],
  [
    "while it removed one that cannot be renamed",
    { last: "half", old: "old", new: "new" },
    "new",
  ],
];

for (const [when, folders, recovered] of kills) {
  Deno.test(`recoverFolder() puts right what a kill left ${when}`, async () => {
    const path = await place();
    for (const [kind, content] of Object.entries(folders)) {
      const folder = kind === "last" ? path : `${path}.${kind}`;
      await writeFile(`${folder}/a`, content);
    }
    const parent = path.slice(0, path.lastIndexOf("/"));
    for (let again = 0; again < 2; again++) {
      assertEquals(await recoverFolder(path), recovered !== undefined);
      if (recovered === undefined) {
        assertEquals([...Deno.readDirSync(parent)], []);
      } else {
        assertEquals(stateOf(path), { beside: ["last"], a: recovered });
      }
    }
    await replaceFolder(path, write("next"));
    assertEquals(stateOf(path), { beside: ["last"], a: "next" });
  });

  Deno.test(`replaceFolder() recovers first what a kill left ${when}`, async () => {
    const path = await place();
    const leave = async (): Promise<void> => {
      for (const [kind, content] of Object.entries(folders)) {
        const folder = kind === "last" ? path : `${path}.${kind}`;
        await writeFile(`${folder}/a`, content);
      }
    };
    await leave();
    const parent = path.slice(0, path.lastIndexOf("/"));
    const error = new ModelError("Cannot write model");
    await assertRejects(
      () =>
        replaceFolder(path, async (folder) => {
          await write("half")(folder);
          throw error;
        }),
      ModelError,
    );
    if (recovered === undefined) {
      assertEquals([...Deno.readDirSync(parent)], []);
      return;
    }
    assertEquals(stateOf(path), { beside: ["last"], a: recovered });
    await Deno.remove(path, { recursive: true });
    await leave();
    await replaceFolder(path, write("next"));
    assertEquals(stateOf(path), { beside: ["last"], a: "next" });
  });
}

/** The one version that all files of a folder are of. */
function versionIn(folder: string): string {
  const versions = ["a", "b", "deep/c"].map((name) => {
    const lines = Deno.readTextFileSync(`${folder}/${name}`).trimEnd()
      .split("\n");
    assertEquals(lines.length, 2000);
    assertEquals(new Set(lines).size, 1);
    return lines[0]!;
  });
  assertEquals(new Set(versions).size, 1);
  return versions[0]!;
}

/** Whether a version is the last that its writer wrote, said or not. */
function isLast(version: string, { lines }: Writer, name: string): boolean {
  const said = lines.filter((line) => line.startsWith(`${name} `)).at(-1);
  return version === said || version === `${name} ${lines.length + 1}`;
}

Deno.test(
  "a folder that two processes replace is whole whenever they are killed",
  { ignore: isWindows },
  async () => {
    const seed = 1 + crypto.getRandomValues(new Uint32Array(1))[0]! % 1e6;
    // Park and Miller's generator: the kills of a seed are the same again.
    let state = seed;
    const draw = (most: number): number =>
      (state = state * 48_271 % 2_147_483_647) % (most + 1);
    const wait = (most: number): Promise<void> =>
      new Promise((done) => setTimeout(done, draw(most)));
    const path = await place();
    const parent = path.slice(0, path.lastIndexOf("/"));
    for (let round = 0; round < 12; round++) {
      const names = [`${round}a`, `${round}b`];
      await using first = runWriter(path, names[0]!);
      await wait(80);
      await using second = runWriter(path, names[1]!);
      const writers = [first, second];
      const at = draw(1);
      await writers[at]!.printed(1);
      await wait(40);
      await writers[at]!.kill();
      // The other continues, whatever the dead one left.
      const other = writers[1 - at]!;
      const lines = other.lines.length;
      await other.printed(lines + 3);
      assert(other.lines.length >= lines + 3, `seed ${seed}, round ${round}`);
      await wait(40);
      await other.kill();
      const found = await findFolder(path);
      assert(found, `seed ${seed}, round ${round}: nothing is left`);
      const version = versionIn(found);
      assert(await recoverFolder(path));
      assertEquals(versionIn(path), version);
      const writer = writers[names.findIndex((one) => version.startsWith(one))];
      assert(
        writer && isLast(version, writer, version.split(" ")[0]!),
        `seed ${seed}, round ${round}: found ${version} after ` +
          writers.map(({ lines }) => lines.at(-1)).join(" and "),
      );
      assertEquals([...Deno.readDirSync(parent)].map(({ name }) => name), [
        "last",
      ]);
    }
  },
);
