import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { findFolder, readFolder } from "./find_folder.ts";
import { inBetween } from "./fixtures/in_between.ts";
import { runWriter } from "./fixtures/run_writer.ts";
import { readTextFile } from "./read_file.ts";
import { replaceFolder } from "./replace_folder.ts";
import { writeFile } from "./write_file.ts";

/** A folder in a temporary one, with the file `a` in each of these. */
async function place(folders: Record<string, string>): Promise<string> {
  const path = `${await Deno.makeTempDir()}/last`;
  for (const [kind, content] of Object.entries(folders)) {
    await writeFile(`${kind === "last" ? path : `${path}.${kind}`}/a`, content);
  }
  return path;
}

/** Every file below a folder, with its content. */
function contentOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory
      ? contentOf(path)
      : [`${path}: ${Deno.readTextFileSync(path)}`];
  }).sort();
}

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

for (
  const [when, folders, found] of [
    ["nothing is there", {}, null],
    ["the first one is half written", { new: "half" }, null],
    ["nothing happens", { last: "old" }, ""],
    ["the next one is complete", { last: "old", new: "new" }, ""],
    ["the old one is set aside", { old: "old", new: "new" }, ".new"],
    ["the old one is to be removed", { last: "new", old: "old" }, ""],
    ["a recovery was killed", { old: "old" }, ".old"],
    [
      "one that cannot be renamed is just removed",
      { last: "half", old: "old", new: "new" },
      ".new",
    ],
  ] as [string, Record<string, string>, string | null][]
) {
  Deno.test(`findFolder() finds the whole folder when ${when}, and changes nothing`, async () => {
    const path = await place(folders);
    const parent = path.slice(0, path.lastIndexOf("/"));
    const before = contentOf(parent);
    assertEquals(await findFolder(path), found === null ? null : path + found);
    assertEquals(contentOf(parent), before);
  });
}

Deno.test("findFolder() finds a folder that takes its place between two looks", async () => {
  const path = await place({ old: "old", new: "new" });
  await inBetween("stat", async (at, stat) => {
    if (at === `${path}.old` && exists(at)) {
      await Deno.rename(`${path}.new`, path);
      await Deno.remove(`${path}.old`, { recursive: true });
    }
    await stat();
  }, async () => assertEquals(await findFolder(path), path));
});

Deno.test("readFolder() reads anew where the old folder was losing its files", async () => {
  const path = await place({ old: "old" });
  let reads = 0;
  const text = await readFolder(path, async (folder) => {
    if (++reads === 1) {
      await writeFile(`${path}/a`, "new");
      await Deno.remove(`${folder}/a`);
    }
    return await readTextFile(`${folder}/a`);
  });
  assertEquals([text, reads], ["new", 2]);
});

const files = ["a", "b", "deep/c"];

Deno.test("readFolder() gives files of one folder while another process replaces it again and again", async () => {
  const path = `${await Deno.makeTempDir()}/last`;
  await using writer = runWriter(path, "w");
  await writer.printed(1);
  const seen = new Set<string>();
  for (let times = 0; times < 200 || seen.size < 10; times++) {
    const texts = await readFolder(
      path,
      (folder) =>
        Promise.all(files.map((name) => readTextFile(`${folder}/${name}`))),
    );
    assert(texts, `gone at look ${times}`);
    assertEquals(new Set(texts).size, 1);
    seen.add(texts[0]!);
  }
});

Deno.test("readFolder() reads anew where the folder was replaced in between", async () => {
  const path = await place({ last: "old" });
  let reads = 0;
  const text = await readFolder(path, async (folder) => {
    const text = await readTextFile(`${folder}/a`);
    if (++reads === 1) {
      await replaceFolder(path, (fresh) => writeFile(`${fresh}/a`, "new"));
    }
    return text;
  });
  assertEquals([text, reads], ["new", 2]);
});

Deno.test("readFolder() throws what is wrong with a folder that rests", async () => {
  const path = await place({ last: "old" });
  await assertRejects(
    () => readFolder(path, (folder) => readTextFile(`${folder}/b`)),
    FileError,
    `Cannot read file "${path}/b": found no such file or folder`,
  );
  const broken = new RangeError("mine");
  const thrown = await assertRejects(() =>
    readFolder(path, () => Promise.reject(broken))
  );
  assertEquals(thrown, broken);
  const none = await readFolder(`${path}-none`, () => Promise.resolve("read"));
  assertEquals(none, null);
});
