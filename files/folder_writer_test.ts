import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { FolderWriter } from "./folder_writer.ts";
import { removeLeftovers } from "./remove_leftovers.ts";

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder);
  await Deno.remove(folder, { recursive: true });
}

const namesIn = (folder: string): string[] =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

async function write(path: string, text: string) {
  await using writer = await FolderWriter.open(path, "labels");
  await writer.write("text", bytesOf(text));
  await writer.finish();
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("FolderWriter makes a folder that appears when it is finished", () =>
  inFolder(async (folder) => {
    const path = `${folder}/deep/cells`;
    await using writer = await FolderWriter.open(path);
    await Promise.all([
      writer.write("0/0/text", bytesOf("one")),
      writer.write("0/1/text", bytesOf("two")),
    ]);
    assertEquals(namesIn(`${folder}/deep`).includes("cells"), false);
    await writer.finish();
    assertEquals(namesIn(`${folder}/deep`), ["cells"]);
    assertEquals(await Deno.readTextFile(`${path}/0/0/text`), "one");
    await assertRejects(() => writer.finish(), TypeError, "finished");
    await assertRejects(() => writer.write("a", bytesOf("")), TypeError);
  }));

Deno.test("FolderWriter replaces a folder whole, and touches no name beside it", () =>
  inFolder(async (folder) => {
    for (const name of ["cells", "cells.old", "cells.new"]) {
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/${name}/${name}`, "a person's");
    }
    await write(`${folder}/cells/`, "two");
    assertEquals(namesIn(folder), ["cells", "cells.new", "cells.old"]);
    assertEquals(namesIn(`${folder}/cells`), ["text"]);
    assertEquals(namesIn(`${folder}/cells.old`), ["cells.old"]);
  }));

Deno.test("FolderWriter leaves nothing of a folder that is not finished, and what was there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/cells`;
    await write(path, "one");
    await assertRejects(async () => {
      await using writer = await FolderWriter.open(path);
      await writer.write("text", bytesOf("two"));
      throw new RangeError("stop");
    }, RangeError);
    assertEquals(namesIn(folder), ["cells"]);
    assertEquals(await Deno.readTextFile(`${path}/text`), "one");
  }));

Deno.test("FolderWriter removes all of a folder when a file cannot be written", () =>
  inFolder(async (folder) => {
    await using writer = await FolderWriter.open(`${folder}/cells`, "labels");
    await writer.write("text", bytesOf("one"));
    await assertRejects(
      () => writer.write("text/deep", bytesOf("two")),
      FileError,
      `Cannot write labels "${folder}/cells": found `,
    );
    assertEquals(namesIn(folder), []);
  }));

Deno.test("FolderWriter has removed all when the first of many writes fails", () =>
  inFolder(async (folder) => {
    await using writer = await FolderWriter.open(`${folder}/cells`, "labels");
    await writer.write("text", bytesOf("one"));
    const large = new Uint8Array(1 << 20);
    await assertRejects(() =>
      Promise.all(
        Array.from({ length: 24 }, (_, i) =>
          writer.write(i % 3 ? `${i}/large` : `text/${i}`, large)),
      ), FileError);
    assertEquals(namesIn(folder), []);
  }));

Deno.test("removeLeftovers() removes what a killed FolderWriter left, and nothing that is being written", () =>
  inFolder(async (folder) => {
    const killed = `${folder}/.${crypto.randomUUID()}.new`;
    await Deno.mkdir(`${killed}/0`, { recursive: true });
    await Deno.writeTextFile(killed.replace(/new$/, "part"), "");
    await using writer = await FolderWriter.open(`${folder}/cells`);
    await removeLeftovers(folder);
    assertEquals(
      namesIn(folder).filter((name) => name.endsWith(".new")),
      [writer.folder.slice(folder.length + 1)],
    );
  }));

Deno.test("FolderWriter replaces a link, and leaves what it leads to", {
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/elsewhere`);
    await Deno.symlink(`${folder}/elsewhere`, `${folder}/cells`);
    await write(`${folder}/cells`, "one");
    assertEquals(namesIn(`${folder}/elsewhere`), []);
    assertEquals(Deno.lstatSync(`${folder}/cells`).isDirectory, true);
  }));

Deno.test("FolderWriter refuses the place of a file and of a read-only folder", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.mkdir(`${folder}/kept`);
    await Deno.chmod(`${folder}/kept`, 0o555);
    for (
      const [name, found] of [
        ["file", "a file of that name"],
        ...Deno.build.os === "windows" ? [] : [["kept", "a read-only folder"]],
        ["file/deep", ""],
      ] as const
    ) {
      await assertRejects(
        () => FolderWriter.open(`${folder}/${name}`, "labels"),
        FileError,
        `Cannot write labels "${folder}/${name}": found ${found}`,
      );
    }
    await Deno.chmod(`${folder}/kept`, 0o755);
    assertEquals(namesIn(folder), ["file", "kept"]);
  }));
