import { assertEquals } from "@std/assert";
import {
  downloadFile,
  FileWriter,
  makeFolder,
  replaceFolder,
  writeFile,
} from "@unet/files";
import { hashFile, Manifest } from "@unet/infer/batch";
import { Journal } from "@unet/tune/journal";
import { recordOperations } from "./_record_operations.ts";

/** Windows keeps renames in order without a flush of the folder. */
const onPosix = { ignore: Deno.build.os === "windows" };

async function operationsOf(
  folder: string,
  work: () => Promise<unknown>,
): Promise<string[]> {
  using recording = recordOperations(folder);
  await work();
  return recording.operations;
}

Deno.test(
  "writeFile() flushes the file before it gets its name, and the folder after",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir();
    assertEquals(
      await operationsOf(folder, () => writeFile(`${folder}/a`, "x")),
      ["mkdir .", "sync .*.part", "rename .*.part → a", "sync ."],
    );
  },
);

Deno.test(
  "FileWriter flushes the file before it gets its name, and the folder after",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir();
    assertEquals(
      await operationsOf(folder, async () => {
        await using file = await FileWriter.open(`${folder}/a`);
        await file.write(new Uint8Array(9));
        await file.finish();
      }),
      ["mkdir .", "sync .*.part", "rename .*.part → a", "sync ."],
    );
  },
);

Deno.test(
  "new folders are flushed from above, each by the folder that it lies in",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir();
    assertEquals(
      await operationsOf(folder, () => makeFolder(`${folder}/a/b/c`)),
      ["mkdir a/b/c", "sync .", "sync a", "sync a/b"],
    );
  },
);

Deno.test(
  "replaceFolder() flushes the new folder before the old one loses its name, and removes that last",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir();
    const write = (path: string): Promise<void> => writeFile(`${path}/a`, "x");
    const first = await operationsOf(
      folder,
      () => replaceFolder(`${folder}/last`, write),
    );
    const named = first.indexOf("rename .*.new → last");
    assertEquals(first.slice(named, named + 2), [
      ...["rename .*.new → last", "sync ."],
    ]);
    const operations = await operationsOf(
      folder,
      () => replaceFolder(`${folder}/last`, write),
    );
    const inOrder = operations.filter((one) => !/lock|^remove last/.test(one));
    assertEquals(inOrder, [
      "mkdir .",
      "mkdir .*.new",
      "mkdir .*.new",
      "sync .*.new/.*.part",
      "rename .*.new/.*.part → .*.new/a",
      "sync .*.new",
      "sync .*.new",
      "rename .*.new → last.new",
      "sync .",
      "rename last → last.old",
      "rename last.new → last",
      "sync .",
      "remove .*.new",
      "remove .*.part",
    ]);
    const isAfter = operations.lastIndexOf("remove last.old") >
      operations.lastIndexOf("sync .");
    assertEquals(isAfter, true);
  },
);

Deno.test(
  "replaceFolder() flushes the copy of a folder that cannot be renamed before the folder goes",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir(), last = `${folder}/last`;
    await writeFile(`${last}/deep/a`, "x");
    const { rename } = Deno;
    Deno.rename = async (from, to) => {
      if (from === last) throw new Error("Invalid link (os error 18)");
      await rename(from, to);
    };
    try {
      const operations = await operationsOf(
        folder,
        () => replaceFolder(last, (path) => writeFile(`${path}/b`, "y")),
      );
      const copying = operations.indexOf("rename last → last.old");
      assertEquals(
        operations.slice(copying + 1).filter((one) => !/lock/.test(one)),
        [
          ...["mkdir .*.new", "mkdir .*.new/deep", "sync .*.new/deep/a"],
          ...["sync .*.new/deep", "sync .*.new", "rename .*.new → last.old"],
          ...["sync .", "remove last", "remove .*.part"],
          ...["rename last.new → last", "sync .", "remove last.old"],
          ...["remove .*.new", "remove .*.part"],
        ],
      );
    } finally {
      Deno.rename = rename;
    }
  },
);

Deno.test(
  "a manifest flushes each line before the work continues, and its name once",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/a.tif`, "an image");
    const file = { name: "a.tif", input: `${folder}/a.tif`, outputs: [] };
    const operations = await operationsOf(folder, async () => {
      const options = { settings: {}, model: "", files: 1 };
      using manifest = await Manifest.open(folder, options);
      await manifest.start(file);
      const { hash, ...stamp } = await hashFile(file.input);
      await manifest.finish(file, { stamp, hash, counts: {}, seconds: 1 });
      await manifest.fail(file, new Error("no"));
      await manifest.end();
    });
    assertEquals(operations.filter((one) => one.startsWith("sync")), [
      "sync manifest.jsonl", // run
      "sync .",
      ...["start", "done", "failed", "end"].map(() => "sync manifest.jsonl"),
    ]);
  },
);

Deno.test(
  "a journal flushes each line before anybody acts on it, and its name once",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir();
    const operations = await operationsOf(folder, async () => {
      const journal = await Journal.open(`${folder}/study.journal`);
      const { id } = await journal.createStudy("unet", ["maximize"]);
      await journal.createTrial(id);
    });
    assertEquals(operations.filter((one) => one.startsWith("sync")), [
      "sync study.journal",
      "sync .",
      "sync study.journal",
    ]);
  },
);

Deno.test(
  "downloadFile() flushes the file before it gets its name, and the folder after",
  onPosix,
  async () => {
    const folder = await Deno.makeTempDir();
    const sha256 =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assertEquals(
      await operationsOf(
        folder,
        () => downloadFile("data:,hello", `${folder}/a`, { sha256 }),
      ),
      ["mkdir .", "sync a.part", "rename a.part → a", "sync ."],
    );
  },
);
