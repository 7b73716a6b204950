import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { pathInfo } from "./path_info.ts";

Deno.test("pathInfo() distinguishes files, folders and nothing", async () => {
  const folder = await Deno.makeTempDir(), file = `${folder}/note`;
  await Deno.writeTextFile(file, "five!");
  await Deno.symlink(file, `${folder}/link`);
  await Deno.symlink(`${folder}/gone`, `${folder}/dangling`);
  assert((await pathInfo(folder, "read", "note"))?.isDirectory);
  assertEquals((await pathInfo(file, "read", "note"))?.size, 5);
  assert((await pathInfo(`${folder}/link`, "read", "note"))?.isFile);
  for (const name of ["none", "none/deeper", "note/below", "dangling"]) {
    assertEquals(await pathInfo(`${folder}/${name}`, "read", "note"), null);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("pathInfo() words what the system refuses", async () => {
  const path = `${await Deno.makeTempDir()}/${"n".repeat(5000)}`;
  const error = await assertRejects(
    () => pathInfo(path, "load", "model"),
    FileError,
    `Cannot load model "${path}": found `,
  );
  assert(error.cause instanceof Error);
});
