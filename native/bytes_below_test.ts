import { assertEquals } from "@std/assert";
import { bytesBelow } from "./bytes_below.ts";

Deno.test("bytesBelow() sums the files of a folder and of those in it", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/a/b`, { recursive: true });
  await Deno.mkdir(`${folder}/empty`);
  await Deno.writeFile(`${folder}/one`, new Uint8Array(1));
  await Deno.writeFile(`${folder}/a/two`, new Uint8Array(20));
  await Deno.writeFile(`${folder}/a/b/three`, new Uint8Array(300));
  assertEquals(bytesBelow(folder), 321);
  assertEquals(bytesBelow(`${folder}/a/b`), 300);
});

Deno.test("bytesBelow() finds nothing where there is no folder", async () => {
  assertEquals(bytesBelow(`${await Deno.makeTempDir()}/none`), 0);
});
