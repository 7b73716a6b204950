import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError, ModelError } from "@unet/errors";
import { killAfterLine } from "./fixtures/kill_after_line.ts";
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
}

Deno.test(
  "recoverFolder() brings back a whole folder whenever the writer is killed",
  {
    ignore: isWindows,
  },
  async () => {
    const path = await place();
    let last = 0;
    for (let run = 0; run < 6; run++) {
      const printed = Number(
        await killAfterLine(
          "replace_forever.ts",
          [path, String(last + 1)],
          5 * run,
        ),
      );
      assert(await recoverFolder(path));
      const versions = ["a", "b", "deep/c"].map((name) => {
        const lines = Deno.readTextFileSync(`${path}/${name}`).trimEnd()
          .split("\n");
        assertEquals(lines.length, 2000);
        assertEquals(new Set(lines).size, 1);
        return Number(lines[0]);
      });
      assertEquals(new Set(versions).size, 1);
      last = versions[0]!;
      // A folder that was reported written is never lost.
      assert(last === printed || last === printed + 1);
    }
  },
);
